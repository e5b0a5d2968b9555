"""Whistles of the departments: the countdown, and who is called far more or less than others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard.place import DESK, Place
from dashboard.screens.overview.department import whistle
from dashboard.screens.overview.department.compare import Comparison
from dashboard.screens.overview.department.desk import Desk
from geodata.engine.counted import EVASIONS
from geodata.engine.handling import Handling
from tests.dashboard.screens.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene

MINUTE = 60


def cases(*whistled_min: float, department: int = 0) -> pd.DataFrame:
    """Open cases to which somebody was called so many minutes ago (NaN: nobody was)."""
    count = len(whistled_min)
    return pd.DataFrame(
        {
            "id": range(1, count + 1), "site": 0, "matter": -1, "department": department,
            "whistled": [NOW - ago * MINUTE for ago in whistled_min], "whistle_arrived": np.nan,
        }
    )  # fmt: skip


def shares(*whistled: int) -> pd.DataFrame:
    """So many of 1,000 cases of each department whistled for."""
    table = pd.DataFrame(0, index=range(-1, len(whistled)), columns=list(EVASIONS))
    table.loc[0:, "reported"] = 1000
    table.loc[0:, "whistled"] = whistled
    return table


USUAL = (100, 105, 95, 98, 103)


@pytest.fixture
def desk(make_scene: Callable[..., Scene]) -> Callable[..., Desk]:
    def make(opened: pd.DataFrame, *whistled: int) -> Desk:
        scene = make_scene(Place(departments=("k0",), arrangement=DESK))
        handling = Handling(scene.numbers.request, opened, pd.DataFrame(), shares(*whistled))
        return Desk(scene=scene, row=0, handling=handling, assessed=pd.DataFrame())

    return make


def test_only_who_has_not_come_is_waited_for() -> None:
    opened = cases(40, 10, float("nan"), 5)
    opened.loc[3, "whistle_arrived"] = NOW - MINUTE
    found = whistle.waiting(opened, NOW, 30)
    assert found["id"].tolist() == [1, 2]
    assert (found["left_s"] / MINUTE).tolist() == [-10, 20]
    assert whistle.waiting(opened, NOW, 45)["left_s"].min() == 5 * MINUTE  # as the city allows


def test_the_panel_counts_down(desk: Callable[..., Desk], text: Callable[[Any], str]) -> None:
    said = text(whistle.whistles(desk(cases(40, 10), 100, *USUAL)))
    assert "2 件吹哨未到场，1 件已超过 30 分钟" in said.replace("\u2009", " ")
    assert said.index("超 0:10") < said.index("剩")
    assert "剩 20 分" in said.replace("\u2009", " ")
    calm = text(whistle.whistles(desk(cases(), 100, *USUAL)))
    assert "目前没有未到场的吹哨" in calm


def test_the_panel_says_what_a_whistle_is(
    desk: Callable[..., Desk], find: Callable[..., list[Any]]
) -> None:
    (title,) = find(whistle.whistles(desk(cases(), 100, *USUAL)), "H2")
    assert title.title.startswith("吹哨：镇街召集部门到现场")
    assert "30\u2009分钟内到场" in title.title.split("\n")[0]


@pytest.mark.parametrize(
    ("own", "side"), [(100, "usual"), (400, "high"), (5, "low")], ids=["usual", "high", "low"]
)
def test_too_few_calls_are_marked_like_too_many(
    desk: Callable[..., Desk], text: Callable[[Any], str], own: int, side: str
) -> None:
    assert whistle.sides(shares(own, *USUAL)).tolist() == ["", side, *["usual"] * 5]
    words = {"usual": "一般范围内", "high": "明显高于", "low": "明显低于"}
    assert words[side] in text(whistle.whistles(desk(cases(), own, *USUAL)))


def test_few_cases_are_not_compared() -> None:
    table = shares(400, *USUAL)
    table.loc[0, ["reported", "whistled"]] = [19, 19]
    assert not whistle.sides(table)[0]


def test_departments_stand_beside_each_other(
    make_scene: Callable[..., Scene], text: Callable[[Any], str]
) -> None:
    scene = make_scene(Place(arrangement=DESK))
    table = scene.numbers.departments.assign(whistle_due=50, whistled_on_time=45)
    scene = replace(scene, numbers=replace(scene.numbers, departments=table))
    opened = pd.concat([cases(40, 10), cases(5, department=1)], ignore_index=True)
    said = text(whistle.compared(Comparison(scene, shares(400, *USUAL), opened)))
    assert "1 个部门吹哨占比明显偏高或偏低" in said.replace("\u2009", " ")
    assert "城管执法局2190.0%40.0%偏高" in said
    assert "住建交通局1090.0%10.0%" in said
    nobody = whistle.compared(Comparison(scene, shares(0, 0, 0, 0, 0, 0), cases()))
    assert "吹哨报到对比" in text(nobody)


def test_only_chosen_departments_have_a_line(
    make_scene: Callable[..., Scene], text: Callable[[Any], str]
) -> None:
    scene = make_scene(Place(arrangement=DESK))
    table = scene.numbers.departments.assign(whistle_due=50, whistled_on_time=45)
    scene = replace(scene, numbers=replace(scene.numbers, departments=table.iloc[[0]]))
    said = text(whistle.compared(Comparison(scene, shares(5, 400, *USUAL[1:]), cases())))
    assert "城管执法局" in said
    assert "住建交通局" not in said
