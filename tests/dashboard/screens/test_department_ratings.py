"""What streets think of a department, from a small register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.place import DESK, Place
from dashboard.screens.overview.department import ratings
from dashboard.screens.overview.department.desk import Desk
from geodata.model.schemas import RATINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene

ROWS = [  # the first street has row 1, the second row 5
    ("2026-10", 1, 0, 60.0, 30),
    ("2026-10", 1, 1, 90.0, 30),
    ("2026-10", 5, 0, 80.0, 30),
    ("2026-10", 5, 1, 90.0, 30),
    ("2026-09", 1, 0, 10.0, 90),
    ("2026-12", 1, 0, 10.0, 90),
]


@pytest.fixture
def make_desk(make_scene: Callable[..., Scene]) -> Callable[..., Desk]:
    def make(rows: list[tuple[str, int, int, float, int]], at: str = "", period: str = "") -> Desk:
        table = pd.DataFrame(rows, columns=list(RATINGS)).astype(RATINGS) if rows else None
        place = Place(at=at, departments=("k0",), arrangement=DESK, period=period)
        scene = make_scene(place, ratings=table)
        return Desk(scene=scene, row=0, handling=None, assessed=pd.DataFrame())  # type: ignore[arg-type]

    return make


def test_scores_stand_against_those_of_all_departments(
    make_desk: Callable[..., Desk],
    text: Callable[[Any], str],
    find: Callable[[Any, str], list[Any]],
) -> None:
    panel = ratings.ratings(make_desk(ROWS))
    said = text(panel)
    assert "镇街评分 70.0，低于全部部门的 80.0" in said
    assert "2026-10" in said  # the newest month before; neither older ones nor the future
    assert said.index("鹤湾街道60.0") < said.index("丹坪街道80.0")
    ticks = [node.style for node in find(panel, "Span") if node.className == "tick"]
    assert [float(str(style["--at"]).rstrip("%")) for style in ticks] == pytest.approx([75, 85])


def test_a_longer_period_takes_the_months_it_touches(make_desk: Callable[..., Desk]) -> None:
    found = ratings.rated(make_desk(ROWS, period="90d").scene)
    assert set(found["month"]) == {"2026-09", "2026-10"}


def test_a_street_has_its_own_scores_and_so_have_its_parts(make_desk: Callable[..., Desk]) -> None:
    for at in ("9901002", "9901002001"):
        assert ratings.rated(make_desk(ROWS, at=at).scene)["unit"].unique().tolist() == [5]


def test_a_score_of_few_cases_is_a_dash(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    said = text(ratings.ratings(make_desk([("2026-10", 1, 0, 10.0, 19)])))
    assert "鹤湾街道—" in said
    assert "10.0" not in said


def test_a_city_without_ratings_says_so(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    assert "该项没有登记" in text(ratings.ratings(make_desk([])))


def test_the_table_has_every_score_with_its_cases(make_desk: Callable[..., Desk]) -> None:
    table = ratings.table(make_desk(ROWS).scene)
    assert table[["评分", "n"]].to_numpy().tolist() == [[60.0, 30], [80.0, 30]]
