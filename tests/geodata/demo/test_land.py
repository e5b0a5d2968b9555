"""The land of a tiny made-up city: nesting, coverage, counts and sameness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.demo.land import Land, make_town_land
from geodata.demo.scales import SCALES, TINY

SEED = 7
DAY = date(2026, 7, 1)
LEVELS = ["district", "street", "community", "grid", "micro"]
HOMES = ["tower", "mid", "slab", "old", "village"]


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def land(steps: list[tuple[str, float]]) -> Land:
    return make_town_land(TINY, SEED, lambda name, share: steps.append((name, share)))


def test_progress_rises_to_one(land: Land, steps: list[tuple[str, float]]) -> None:
    assert land is not None
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(name for name, _ in steps)


def test_same_seed_makes_the_same_land(land: Land) -> None:
    again = make_town_land(TINY, SEED, lambda *_: None)
    for name in ("units", "buildings", "estates", "outdoors"):
        one, two = getattr(land, name), getattr(again, name)
        pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(two))
    for key, layer in land.basemap.items():
        assert shapely.equals_exact(
            layer.geometry.array, again.basemap[key].geometry.array
        ).all(), key
    for key, table in land.divisions.items():
        pd.testing.assert_frame_equal(table, again.divisions[key])
    pd.testing.assert_frame_equal(land.service_centres, again.service_centres)
    before = [pd.DataFrame(each.before.units) for each in (land, again)]
    pd.testing.assert_frame_equal(*before)
    assert land.before.told(DAY) == again.before.told(DAY)


def test_other_seed_makes_other_land(land: Land) -> None:
    other = make_town_land(TINY, SEED + 1, lambda *_: None)
    assert set(land.buildings.name_zh) != set(other.buildings.name_zh)
    grids = other.units[other.units.level == "grid"]
    assert shapely.coverage_is_valid(grids.geometry.array)


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_tiles_the_city(land: Land, level: str) -> None:
    units = land.units[land.units.level == level]
    shapes = units.geometry.array
    assert shapes.is_valid.all()
    assert set(units.geom_type) == {"Polygon"}
    assert shapely.coverage_is_valid(shapes)
    whole = land.units.geometry.iloc[0]
    assert shapely.coverage_union_all(shapes).symmetric_difference(whole).area < 1e-12


def test_units_nest_exactly(land: Land) -> None:
    units = land.units.set_index("code")
    for code, unit in units.iterrows():
        if unit["parent"]:
            above = units.loc[unit["parent"]]
            assert str(code).startswith(unit["parent"])
            assert unit.geometry.difference(above.geometry).area < 1e-13
    children = land.units[land.units.parent != ""].groupby("parent")[["people", "households"]].sum()
    parents = units.loc[children.index, ["people", "households"]]
    assert (children.to_numpy() == parents.to_numpy()).all()


def test_tiers_have_the_asked_counts(land: Land) -> None:
    counts = land.units.level.value_counts()
    for tier in TINY.tiers:
        if tier.count:
            assert counts[tier.key] == tier.count


def test_codes_and_names_are_unique(land: Land) -> None:
    assert land.units.code.is_unique
    assert land.units.code.str.startswith("99").all()
    assert not land.units.duplicated(["level", "name_zh"]).any()
    assert not land.units.duplicated(["level", "name_en"]).any()
    assert land.buildings.code.is_unique
    assert land.buildings.name_zh.is_unique
    assert (land.buildings.name_en != "").all()


def test_people_add_up(land: Land) -> None:
    buildings, units = land.buildings, land.units
    root = units.iloc[0]
    assert buildings.people.sum() == root.people
    assert buildings.households.sum() == root.households
    assert root.people == pytest.approx(TINY.people, rel=0.03)
    micro = units[units.level == "micro"].set_index("code")
    held = buildings.groupby("unit")["people"].sum().reindex(micro.index, fill_value=0)
    assert (held == micro.people).all()
    estates = buildings[buildings.estate != ""].groupby("estate")["households"].sum()
    assert (estates.reindex(land.estates.code).to_numpy() == land.estates.households).all()


def test_flats_hold_the_households(land: Land) -> None:
    homes = land.buildings[land.buildings.kind.isin(HOMES)]
    flats = homes.floors.astype(int) * homes.rooms_per_floor
    assert (flats >= homes.households).all()
    assert flats.sum() < 1.9 * homes.households.sum()
    assert (land.buildings.floors >= 1).all()
    assert (land.buildings[["key_people", "organisations"]] >= 0).all(axis=None)


def test_buildings_stand_in_their_unit_and_apart(land: Land) -> None:
    micro = land.units[land.units.level == "micro"].set_index("code").geometry
    own = micro.loc[land.buildings.unit].array
    assert shapely.intersects(own, land.buildings.geometry.array).all()
    points = land.buildings.geometry.representative_point().array
    assert shapely.contains_properly(own, points).mean() > 0.995
    shapes = land.buildings.geometry.array
    one, two = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    assert len(one[one < two]) < 0.02 * len(shapes)


def test_outdoors_lie_in_their_unit(land: Land) -> None:
    micro = land.units[land.units.level == "micro"].set_index("code").geometry
    own = micro.loc[land.outdoors.unit].array
    assert shapely.intersects(own, land.outdoors.geometry.array).all()
    assert set(land.outdoors.unit) == set(micro.index)


def test_basemap_has_named_roads_and_shapes(land: Land) -> None:
    assert list(land.basemap) == ["water", "roads", "green", "blocks", "details"]
    for key, layer in land.basemap.items():
        assert {"name_zh", "name_en", "geometry"} < set(layer.columns), key
        assert shapely.is_valid(layer.geometry.array).all(), key
        assert not layer.geometry.is_empty.any(), key
        assert layer.crs == "EPSG:4326", key
    roads = land.basemap["roads"]
    assert {"motorway", "arterial", "secondary", "local", "rail"} <= set(roads.cls)
    assert (roads[roads.cls == "arterial"].name_zh.str.endswith("大道")).all()
    assert (roads.width_m > 0).all()


def test_divisions_hold_each_grid_once(land: Land) -> None:
    grids = land.units[land.units.level == "grid"].set_index("code")
    assert list(land.divisions) == ["police", "fire", "urban_management"]
    for key, table in land.divisions.items():
        assert table.unit.is_unique, key
        assert set(table.unit) == set(grids.index), key
        for _, part in table.groupby("code"):
            assert len(set(part.name_zh)) == 1
            union = shapely.union_all(grids.loc[part.unit].geometry.array)
            assert union.geom_type == "Polygon", key
    assert (land.divisions["urban_management"].code.value_counts() == 1).any()
    assert (land.divisions["police"].code.value_counts() > 1).any()


def test_grids_of_two_streets_were_drawn_otherwise(land: Land) -> None:
    before, was = land.before, land.before.units.set_index("code")
    now = land.units.set_index("code")
    assert len(before.streets) == 2
    assert before.split
    assert before.recut
    for level in LEVELS:
        units = before.units[before.units.level == level]
        assert shapely.coverage_is_valid(units.geometry.array), level
        assert set(units.geom_type) == {"Polygon"}, level
        assert (
            units[["people", "households"]]
            .sum()
            .equals(land.units.loc[land.units.level == level, ["people", "households"]].sum())
        )
    gone = {second for _, second in before.split}
    assert set(now.index) - set(was.index) == gone
    changed = {code for pair in (*before.split, *before.recut) for code in pair} - gone
    same = shapely.equals_exact(
        was.geometry.array, now.geometry.loc[was.index].array, normalize=True
    )
    assert set(was.index[~same]) == changed
    assert all(code.startswith(before.streets) for code in changed)
    # What lies below a grid nests in it then as now.
    below = was[was["level"] == "micro"]
    above = was.geometry.loc[below["parent"]].array
    assert (shapely.area(shapely.difference(below.geometry.array, above)) < 1e-13).all()


def test_service_centres_lie_in_the_city(land: Land) -> None:
    centres = land.service_centres
    assert set(centres.unit) <= set(land.units.code)
    assert centres.code.is_unique
    points = shapely.points(centres[["lon", "lat"]].to_numpy())
    assert shapely.contains(land.units.geometry.iloc[0], points).mean() > 0.9


def test_estate_names_fit_their_years(land: Land) -> None:
    early = land.estates[land.estates.year < 1990]
    assert not early.name_zh.str.endswith(("府", "公馆")).any()
    years = land.estates.groupby("kind")["year"].median()
    assert years["tower"] > years["slab"]


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_the_airfield_is_a_unit_of_its_own(seed: int) -> None:
    scale = replace(TINY, half_width=10_000, half_height=8_500, airport=True)
    land = make_town_land(scale, seed, lambda *_: None)
    communities = land.units[land.units.level == "community"]
    assert len(communities) == 9
    assert communities.kind.tolist().count("airport") == 1
    airport = communities[communities.kind == "airport"].iloc[0]
    assert airport.name_zh.endswith("机场")
    assert airport.name_en.endswith(" Airport")
    assert airport.people == 0
    kinds = ["runway", "taxiway", "apron", "terminal"]
    ground = land.basemap["details"]
    ground = ground[ground.kind.isin(kinds)].geometry.array
    assert len(ground) > len(kinds)
    assert shapely.contains(airport.geometry, ground).all()
    built = land.buildings.geometry.array
    assert not shapely.intersects(shapely.buffer(airport.geometry, -1e-5), built).any()
    assert shapely.coverage_is_valid(communities.geometry.array)


def test_coordinates_are_rounded(land: Land) -> None:
    points = shapely.get_coordinates(land.units.geometry.array)
    assert np.array_equal(points, points.round(7))


def test_offered_scales_start_with_an_unused_province() -> None:
    assert set(SCALES) == {"district", "nested", "city"}
    assert all(scale.code.startswith("99") for scale in SCALES.values())
    district = {tier.key: tier.count for tier in SCALES["district"].tiers}
    assert district["grid"] == 553
    nested = {tier.key: tier.count for tier in SCALES["nested"].tiers}
    assert (nested["community"], nested["grid"], nested["micro"]) == (103, 384, 3229)
