"""Loads and candidates of a few grids, reckoned by hand and by plain loops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from geodata.demo import divide
from geodata.demo.land import make_town_land
from geodata.demo.scales import TINY
from geodata.metrics.grids import (
    Limits,
    candidates,
    load_index,
    neighbours,
    staff_load,
    weighted,
)
from geodata.model.tuning import Evaluation

RULES = Evaluation()
SHARES = RULES.model_dump()
UNKNOWN = float("nan")


def make_units(*rows: dict[str, float]) -> pd.DataFrame:
    """Units of 100 households and one officer each, unless a row says otherwise."""
    usual = {"people": 300.0, "households": 100.0, "buildings": 10.0, "cases": 50.0, "staff": 1.0,
             "arrival_n": 50.0, "arrival_median_min": 20.0, "arrival_p90_min": 30.0}  # fmt: skip
    units = pd.DataFrame([{**usual, **row} for row in rows], index=range(5, 5 + len(rows)))
    units["load_index"] = load_index(units, SHARES)
    units["staff_load"] = staff_load(units["load_index"], units["staff"])
    return units


def judged(units: pd.DataFrame, pairs: tuple[tuple[int, int], ...] = (), **limits: Any) -> Any:  # noqa: ANN401
    return candidates(units, Limits(RULES, **limits), pairs)


def test_the_index_equals_a_plain_loop() -> None:
    rng = np.random.default_rng(4)
    units = pd.DataFrame(rng.integers(0, 500, (12, 4)).astype(float),
                         columns=["people", "households", "buildings", "cases"])  # fmt: skip
    units.loc[3, "people"] = UNKNOWN
    units.loc[4] = UNKNOWN
    found = load_index(units, SHARES)
    for unit, row in units.iterrows():
        top = below = 0.0
        for part in units.columns:
            if not np.isnan(row[part]):
                top += SHARES[part] * row[part] / units[part].dropna().mean()
                below += SHARES[part]
        assert found[unit] == pytest.approx(100 * top / below if below else UNKNOWN, nan_ok=True)


def test_a_part_nobody_knows_is_left_to_the_others() -> None:
    units = make_units({"cases": UNKNOWN}, {"cases": UNKNOWN, "households": 300.0})
    # Shares 0.2, 0.3 and 0.1; means 300, 200 and 10.
    assert units["load_index"].tolist() == pytest.approx([100 * 0.45 / 0.6, 100 * 0.75 / 0.6])


def test_cases_count_as_their_matter_weighs() -> None:
    counted = pd.DataFrame({"cell": [1, 1, 2], "matter": [0, 1, -1], "cases": [2, 5, 7]})
    assert weighted(counted, {0: 3.0}).to_dict() == {1: 11.0, 2: 7.0}


def test_like_units_call_for_nothing() -> None:
    assert judged(make_units({}, {}, {}), ((5, 6),), households=100, arrival_min=30.0) == []


def test_too_many_households_are_a_reason_to_split() -> None:
    units = make_units({}, {"households": 120.0}, {"households": 115.0})
    found = judged(units, households=110)
    assert [(each.unit, each.action) for each in found] == [(6, "split"), (7, "split")]
    assert [(r.key, r.value, r.limit) for r in found[0].reasons] == [("households", 120.0, 110)]


def test_a_heavy_load_is_split_wherever_no_rule_counts_households() -> None:
    heavy = {"people": 3000.0, "households": 1000.0, "buildings": 100.0, "cases": 500.0}
    found = judged(make_units({}, {}, {}, heavy))
    assert [(each.unit, each.action) for each in found] == [(8, "split")]
    assert [each.key for each in found[0].reasons] == ["load", "staff"]


def test_hands_are_wanted_where_there_are_none_or_each_has_too_much() -> None:
    none = judged(make_units({}, {}, {"staff": 0.0}))
    assert [(each.unit, each.action, each.reasons[0].key) for each in none] == [
        (7, "staff", "nobody")
    ]
    busy = {"people": 480.0, "households": 160.0, "buildings": 16.0, "cases": 80.0}
    two = make_units({}, {}, {}, busy)
    assert [each.unit for each in judged(two.assign(staff_load=two["load_index"] * 1.2))] == [8]
    assert not judged(make_units({"staff": UNKNOWN}, {"staff": UNKNOWN}))  # no rosters are kept


@pytest.mark.parametrize(
    ("cases", "median", "wanted"), [(50.0, 60.0, [5]), (19.0, 60.0, []), (50.0, 46.0, [])]
)
def test_slow_arrival_is_a_reason_only_where_it_is_sure(
    cases: float, median: float, wanted: list[int]
) -> None:
    late = {"arrival_n": cases, "arrival_median_min": median, "arrival_p90_min": 2 * median}
    found = judged(make_units(late, {}), arrival_min=30.0)
    assert [each.unit for each in found] == wanted
    assert judged(make_units(late, {})) == []  # without a target nothing is late


LIGHT = {"people": 30.0, "households": 10.0, "buildings": 1.0, "cases": 5.0}


def test_light_neighbours_are_merged_once_the_lightest_first() -> None:
    lighter = {name: value / 2 for name, value in LIGHT.items()}
    units = make_units(LIGHT, LIGHT, lighter, *[{}] * 12)
    found = judged(units, ((5, 6), (6, 7), (7, 8)))
    assert [(each.unit, each.other, each.action) for each in found] == [(6, 7, "merge")]
    too_large = judged(units, ((6, 7),), households=14)
    assert {each.action for each in too_large} == {"split"}


def test_where_nobody_lives_nothing_is_merged() -> None:
    empty = {**LIGHT, "people": 0.0, "households": 0.0}
    assert judged(make_units(empty, empty, *[{}] * 8), ((5, 6),)) == []


def test_neighbours_share_a_border_and_a_parent() -> None:
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 1, 3, 2), box(1, 1, 2, 2)]
    places = gpd.GeoDataFrame({"parent": [0, 0, 0, 1]}, geometry=shapes, index=[4, 5, 6, 7])
    assert neighbours(places) == [(4, 5)]  # 5 and 6 meet in a corner, 7 belongs elsewhere
    assert neighbours(places.iloc[:0]) == []


def test_communities_that_the_demo_has_grown_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    plant, planted = divide._plant, []  # noqa: SLF001

    def noted(borders: Any, label: Any, parent: Any, households: Any, count: int) -> Any:  # noqa: ANN401
        joined = plant(borders, label, parent, households, count)
        for unit in range(joined.max() + 1):
            inside = joined == unit
            if len(np.unique(label[inside])) > 1:
                planted.append(int(households[inside].sum()))
        return joined

    monkeypatch.setattr(divide, "_plant", noted)
    land = make_town_land(replace(TINY, planted=2), 7, lambda *_: None)
    units = land.units[land.units["level"] == "community"].reset_index(drop=True)
    units = units[["people", "households"]].astype(float)
    units = make_units(*units.to_dict("records")).set_axis(units.index)
    found = judged(units, households=int(1.4 * units["households"].median()))
    first = [each for each in found if each.action == "split"][: len(planted)]
    assert planted
    assert sorted(units["households"][each.unit] for each in first) == pytest.approx(
        sorted(planted), rel=0.02
    )
