"""Departments ranked by schemes of evaluation, from the figures of a small story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard.place import DESK, Place
from dashboard.screens.overview.department import compare, scored
from dashboard.server import definitions
from geodata.engine.assessed import ASSESSED
from geodata.metrics.schemes import SHIPPED
from geodata.model.schemes import SchemePart
from tests.dashboard.screens.test_department_compare import counts, with_rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene


def assessed(rows: int = 3, **columns: list[int]) -> pd.DataFrame:
    """All departments alike but for the columns given."""
    table = pd.DataFrame(0, index=range(-1, rows), columns=list(ASSESSED))
    table.loc[0:, ["settled", "verified", "response_due", "responded_on_time"]] = 1000
    for name, values in columns.items():
        table.loc[0:, name] = values
    return table


@pytest.fixture
def scene(make_scene: Callable[..., Scene]) -> Scene:
    """On time: the first is best; satisfied callers: the last is."""
    found = with_rates(
        make_scene(Place(arrangement=DESK, scheme="urban")), (950, 1000), (900, 1000), (850, 1000)
    )
    table = found.numbers.departments
    table[["reported", "resolved", "closed", "closed_due", "asked"]] = 1000
    table["satisfied"] = [500, 700, 990]
    return found


def ranks(scene: Scene, key: str, **columns: list[int]) -> list[tuple[int, int]]:
    scheme = next(each for each in SHIPPED if each.key == key)
    table = scene.numbers.departments
    more = assessed(**columns)
    table = table.join(more[more.columns.difference(table.columns)])
    found, _ = scored.standings(scene, scheme, table)
    return [(each.row, each.rank) for each in found.all]


def test_another_scheme_puts_others_first(scene: Scene) -> None:
    assert ranks(scene, "urban") == [(0, 1), (1, 2), (2, 3)]
    assert ranks(scene, "three_rates") == [(2, 1), (1, 2), (0, 3)]


def test_too_few_in_one_part_leaves_a_department_without_a_rank(
    scene: Scene, text: Callable[[Any], str]
) -> None:
    few = {"settled": [1000, 19, 1000]}
    assert ranks(scene, "urban", **few) == [(0, 1), (2, 2), (1, 0)]
    scheme = next(each for each in SHIPPED if each.key == "urban")
    panel = scored.ranking(scene, scheme, assessed(**few), None)
    assert "返工 样本不足（n 19）" in text(panel)


def test_the_address_chooses_the_scheme(scene: Scene, text: Callable[[Any], str]) -> None:
    compared = compare.Comparison(scene, counts(), pd.DataFrame(), assessed())
    panel = text(compare.around(compared)[0])
    assert "考核得分" in panel
    assert "按时办结 95.0%" in panel
    plain = compare.Comparison(
        replace(scene, place=Place(arrangement=DESK)), counts(), pd.DataFrame()
    )
    assert scored.chosen(plain.scene) is None
    assert "考核得分" not in text(compare.around(plain)[0])
    assert scene.href(measure="arrival") == "?on=dept&m=arrival"


def test_nobody_with_enough_cases_is_told_part_by_part(
    scene: Scene, text: Callable[[Any], str]
) -> None:
    none = assessed(settled=[3, 3, 3])
    panel = text(scored.ranking(scene, SHIPPED[0], none, None))
    assert panel.count("返工 样本不足（n 3）") == 3


def test_the_last_stand_first_as_the_list_goes_on_below_its_edge(
    scene: Scene, find: Callable[[Any, str], list[Any]], text: Callable[[Any], str]
) -> None:
    panel = scored.ranking(scene, SHIPPED[0], assessed(), None)
    places = [text(span) for span in find(panel, "Span") if vars(span).get("className") == "rank"]
    assert places == ["3", "2", "1"]


def test_a_metric_that_left_the_registry_is_named(scene: Scene, text: Callable[[Any], str]) -> None:
    part = SchemePart(metric="smiles_rate", weight=1)
    scheme = SHIPPED[0].model_copy(update={"parts": (*SHIPPED[0].parts, part)})
    panel = text(scored.ranking(scene, scheme, assessed(), None))
    assert "smiles_rate 已不在指标口径中" in panel.replace("\u2009", " ")
    assert scheme.key in panel
    profile = scene.city.profile.model_copy(update={"schemes": (scheme,)})
    said = definitions.page(profile, "", "en", "dark")
    assert "smiles_rate" in said
    assert "no metric any more" in said


def test_a_time_earns_points_between_its_two_ends(scene: Scene) -> None:
    table = scene.numbers.departments
    table["resolution_n"] = 1000
    table["resolution_median_min"] = [43_200.0, 22_320.0, 1_440.0]
    table["resolution_p90_min"] = table["resolution_median_min"] * 2
    scheme = next(each for each in SHIPPED if each.key == "open311")
    _, parts = scored.standings(scene, scheme, table)
    found = parts[1].table
    np.testing.assert_allclose(found["fair"], [0, 50, 100])
    assert (found["low"] <= found["fair"]).all()
    assert (found["high"] >= found["fair"]).all()
