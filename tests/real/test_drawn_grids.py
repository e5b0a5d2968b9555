"""Borders of real cities fitted to real blocks, against overlays made without the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.planner.adjacency import edges_of
from geodata.planner.fitting import NOBODY, clean, fitted
from geodata.planner.ground import Ground

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real
FEET = "EPSG:2263"


def ground_of(blocks: gpd.GeoDataFrame) -> Ground:
    """Blocks as atoms of one community."""
    shapes = shapely.make_valid(np.asarray(blocks.geometry.array, dtype=object))
    none = np.zeros(len(shapes), dtype=np.int64)
    community = none.astype(np.int32)
    edges = edges_of(shapes, community)
    return Ground(shapes, str(blocks.crs), community, ("1",), none, none, none, edges)


def most(blocks: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame) -> np.ndarray:
    """By block, the row of the polygon that has most of it, by a plain overlay."""
    atoms, polygons = (
        gpd.GeoDataFrame({name: range(len(each))}, geometry=each.make_valid().to_numpy(),
                         crs=blocks.crs)
        for name, each in (("atom", blocks.geometry), ("drawn", drawn.geometry.to_crs(blocks.crs)))
    )  # fmt: skip
    pieces = gpd.overlay(atoms, polygons, keep_geom_type=True)
    pieces["area"] = pieces.area
    best = pieces.sort_values("area").groupby("atom").tail(1).set_index("atom")
    found = np.full(len(blocks), NOBODY)
    found[best.index] = np.where(best["area"] > atoms.area[best.index] / 2, best["drawn"], NOBODY)
    return found


def agrees(blocks: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, least: float) -> None:
    ground = ground_of(blocks)
    shapes = clean(np.asarray(drawn.geometry.to_crs(blocks.crs).array, dtype=object))
    made = fitted(ground, shapes)
    apart = {atom for off in made.off if off.kind == "apart" for atom in off.atoms}
    plain = most(blocks, drawn)
    sure = np.flatnonzero((plain != NOBODY) & ~np.isin(np.arange(len(blocks)), list(apart)))
    assert (made.owner[sure] == plain[sure]).mean() > least
    through = sum(off.area_m2 for off in made.off if off.kind == "through")
    assert 0 < through < ground.area_m2.sum() / 20


def test_a_district_whose_borders_do_not_meet_is_cleaned_in_the_time_that_is_there(
    real_data: Path,
) -> None:
    path = real_data / "cn_beijing_subdistricts" / "subdistrict" / "daxing-all.geojson"
    shapes = np.asarray(gpd.read_file(path).to_crs("EPSG:4548").geometry.array, dtype=object)
    sound = shapely.make_valid(shapes)
    cleaned = clean(shapes)
    assert not shapely.is_empty(cleaned).any()
    drawn = shapely.area(shapely.union_all(sound))
    assert shapely.area(cleaned).sum() == pytest.approx(drawn, rel=1e-3)
    shared = shapely.area(shapely.intersection(sound, cleaned)) / shapely.area(sound)
    assert shared.min() > 0.97
    coarse = shapely.transform(shapes, lambda at: at.round(0))  # as a file that kept whole metres
    assert shapely.coverage_is_valid(clean(coarse))


def test_community_districts_of_manhattan_on_its_tracts(real_data: Path) -> None:
    folder = real_data / "us_nyc_boundaries"
    tracts = gpd.read_file(f"zip://{folder / 'nyct2010.zip'}").to_crs(FEET)
    boards = gpd.read_file(folder / "community-districts.geojson").to_crs(FEET)
    here = tracts[tracts["BoroCode"].astype(str) == "1"].reset_index(drop=True)
    mine = boards[boards["BoroCD"].astype(str).str.startswith("1")].reset_index(drop=True)
    agrees(here, mine, 0.99)


def test_precincts_of_providence_on_its_blocks(real_data: Path) -> None:
    folder = real_data / "districting_bench" / "mggg_ri"
    blocks = gpd.read_file(f"zip://{folder / 'Providence_blocks.zip'}").to_crs("EPSG:32619")
    precincts = gpd.read_file(f"zip://{folder / 'RI_precincts.zip'}").to_crs(blocks.crs)
    whole = shapely.box(*blocks.total_bounds)
    mine = precincts[precincts.intersects(whole)].reset_index(drop=True)
    agrees(blocks, mine, 0.99)
