"""The land of a made-up city: its ground, its units, its buildings and its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.demo import basemap
from geodata.demo.arrays import Ints, Objects, Shapes, Task, shape_array, stream
from geodata.demo.blocks import Blocks, make_blocks
from geodata.demo.buildings import Buildings, make_buildings
from geodata.demo.divide import Division, make_division
from geodata.demo.duties import make_centres, make_divisions
from geodata.demo.estates import Estates, atom_years, building_names, make_estates
from geodata.demo.interchanges import Interchanges, make_interchanges
from geodata.demo.land_use import LandUse, make_land_use, without_gaps
from geodata.demo.names import Names
from geodata.demo.network import faces_of, make_network
from geodata.demo.outdoors import make_outdoors
from geodata.demo.people import People, make_people
from geodata.demo.plots import Plots, make_plots
from geodata.demo.projection import Projection
from geodata.demo.redrawn import Redrawn, redrawn
from geodata.demo.roads import main_roads
from geodata.demo.scales import SCALES, Scale
from geodata.demo.setting import Setting, make_setting
from geodata.demo.steps import begin
from geodata.demo.streets import local_streets
from geodata.demo.units import AIRPORT, NEW_TOWN, Counts, Level, make_levels
from geodata.demo.water import Water, make_water

if TYPE_CHECKING:
    from geodata.model.draft import Progress

SHEET_GRID: Final = 0.05  # metres to which the main roads are rounded before blocks are cut


@dataclass(frozen=True)
class Land:
    """Everything that is where it is, longitude and latitude (EPSG:4326), keyed by codes.

    units, buildings, estates, outdoors, basemap and divisions are as `Draft` describes them;
    service_centres: code, name_zh, name_en, unit, kind, lon, lat.
    before: the units of some months ago, and what has changed since.
    """

    units: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame
    outdoors: gpd.GeoDataFrame
    basemap: dict[str, gpd.GeoDataFrame]
    divisions: dict[str, pd.DataFrame]
    service_centres: pd.DataFrame
    before: Redrawn


@dataclass(frozen=True, eq=False)
class _Ground:
    """The ground with its streets and uses, before anything is built; `wet` includes islands."""

    setting: Setting
    water: Water
    wet: shapely.Geometry
    blocks: Blocks
    land: LandUse
    crossings: Interchanges


@dataclass(frozen=True, eq=False)
class _Town:
    """What stands on the ground, who lives there, and how it is divided."""

    land: LandUse
    plots: Plots
    built: Buildings
    people: People
    year: Ints
    levels: list[Level]
    estates: Estates
    names: Names


def _make_ground(scale: Scale, seed: int, progress: Progress) -> _Ground:
    setting = make_setting(scale, seed)
    begin(progress, "drawing rivers and lakes")
    water = make_water(setting, seed)
    begin(progress, "drawing main roads")
    work = main_roads(setting, water, seed)
    area = setting.outline.area
    net = make_network(*work.arrays(), area, SHEET_GRID)
    begin(progress, "cutting street blocks")
    streets = local_streets(setting, water, faces_of(net.edges, area), seed)
    wet = shapely.union_all(setting.bend_areas(shape_array([water.bed])))
    shapely.prepare(wet)
    blocks = make_blocks(setting, wet, work, streets, progress)
    begin(progress, "choosing land use")
    land = make_land_use(setting, blocks, streets, wet, seed)
    return _Ground(setting, water, wet, blocks, land, make_interchanges(blocks.net, wet))


def _special(setting: Setting, atoms: Shapes, use: Objects) -> Objects:
    """Which atoms are the airfield, and which one holds the middle of the new town."""
    found = np.where(use == AIRPORT, AIRPORT, "").astype(object)
    if setting.sites.new_town is not None:
        middle = shapely.Point(setting.warp(setting.sites.new_town[None])[0])
        found[int(np.argmin(shapely.distance(atoms, middle)))] = NEW_TOWN
    return found


def _make_town(ground: _Ground, scale: Scale, seed: int, progress: Progress) -> _Town:
    blocks, land, count = ground.blocks, ground.land, len(ground.blocks.atoms)
    begin(progress, "raising buildings")
    plots = make_plots(blocks, land.use, ground.wet, ground.crossings.green, scale.margin, seed)
    built = make_buildings(blocks, plots, scale.buildings, seed, progress)
    land = without_gaps(land, plots, built)
    people = make_people(built, scale.people, seed)
    homes = np.bincount(built.atom, people.households, count).astype(float)
    persons = np.bincount(built.atom, people.people, count)
    begin(progress, "dividing into units")
    division: Division = make_division(scale, blocks, homes, land.use == AIRPORT)
    begin(progress, "giving names")
    names = Names(stream(seed, Task.NAMES))
    area = shapely.area(blocks.atoms)
    special = _special(ground.setting, blocks.atoms, land.use)
    counts = Counts(blocks.atoms, homes.astype(np.int64), persons.astype(np.int64), area, special)
    levels = make_levels(scale, names, division, counts)
    year = atom_years(land, seed)
    estates = make_estates(names, plots, built, people, year)
    return _Town(land, plots, built, people, year, levels, estates, names)


def _units(levels: list[Level], projection: Projection) -> gpd.GeoDataFrame:
    frames = []
    for depth, level in enumerate(levels):
        above = levels[depth - 1].code[level.parent] if depth else [""]
        columns = {
            "code": level.code,
            "parent": above,
            "level": level.key,
            "name_zh": level.name_zh,
            "name_en": level.name_en,
            "kind": level.kind,
            "people": level.people,
            "households": level.households,
            "geometry": level.shape,
        }
        frames.append(projection.frame(columns))
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True))


def _buildings(town: _Town, projection: Projection) -> gpd.GeoDataFrame:
    built, people, levels = town.built, town.people, town.levels
    villages = next(level for level in levels if level.key == "community")
    zh, en = building_names(town.names, built, town.estates, villages)
    row = town.estates.row[built.atom]
    estate = np.where(row >= 0, town.estates.code[row], "") if len(town.estates.code) else ""
    columns = {
        "code": [f"B{number:06d}" for number in range(1, len(built.atom) + 1)],
        "name_zh": zh,
        "name_en": en,
        "estate": estate,
        "kind": built.kind,
        "floors": built.floors.astype(np.int16),
        "rooms_per_floor": people.rooms.astype(np.int16),
        "households": people.households.astype(np.int32),
        "people": people.people.astype(np.int32),
        "key_people": people.key_people.astype(np.int32),
        "organisations": people.organisations.astype(np.int32),
        "year": town.year[built.atom].astype(np.int16),
        "unit": levels[-1].code[levels[-1].label[built.atom]],
        "geometry": built.shape,
    }
    return projection.frame(columns)


def _estates(town: _Town, projection: Projection) -> gpd.GeoDataFrame:
    estates, deepest = town.estates, town.levels[-1]
    columns = {
        "code": estates.code,
        "name_zh": estates.name_zh,
        "name_en": estates.name_en,
        "unit": deepest.code[deepest.label[estates.atom]],
        "kind": estates.kind,
        "year": estates.year.astype(np.int16),
        "households": estates.households.astype(np.int32),
        "people": estates.people.astype(np.int32),
        "geometry": estates.shape,
    }
    return projection.frame(columns)


def _outdoors(ground: _Ground, deepest: Level, seed: int, to: Projection) -> gpd.GeoDataFrame:
    point, kind = make_outdoors(ground.blocks, ground.land, seed)
    columns = {"unit": deepest.code[deepest.label], "kind": kind, "geometry": shapely.points(point)}
    return to.frame(columns)


def _basemap(
    ground: _Ground, town: _Town, seed: int, projection: Projection
) -> dict[str, gpd.GeoDataFrame]:
    setting, water, blocks, land = ground.setting, ground.water, ground.blocks, town.land
    hole = town.levels[0].shape[0]
    names = basemap.road_names(seed)
    wet = shapely.union_all(setting.bend_areas(shape_array([water.surface])))
    islands = shape_array(shapely.intersection(setting.bend_areas(water.islands), hole))
    woods = np.append(town.built.woods, ground.crossings.green)
    layers = {
        "water": basemap.water_layer(setting, water, hole, names),
        "roads": basemap.road_layer(blocks, ground.crossings.ramps, names),
        "green": basemap.green_layer(blocks, land, woods, wet, islands),
        "blocks": basemap.block_layer(blocks, land, town.plots),
        "details": basemap.detail_layer(setting, town.built),
    }
    return {key: projection.frame(columns) for key, columns in layers.items()}


def _centres(town: _Town, streets: Level, projection: Projection) -> pd.DataFrame:
    communities = next(level for level in town.levels if level.key == "community")
    rows, points = make_centres(streets, communities, town.built)
    frame = pd.DataFrame(rows, columns=["code", "name_zh", "name_en", "unit", "kind"])
    frame[["lon", "lat"]] = projection.points(points)
    return frame


def make_town_land(scale: Scale, seed: int, progress: Progress) -> Land:
    """Make the land of any scale, also of one that is not offered to users."""
    ground = _make_ground(scale, seed, progress)
    town = _make_town(ground, scale, seed, progress)
    projection = Projection(scale)
    by_key = {level.key: level for level in town.levels}
    streets = by_key["street"] if "street" in by_key else by_key["zone"]
    begin(progress, "drawing the basemap")
    layers = _basemap(ground, town, seed, projection)
    begin(progress, "writing tables")
    units = _units(town.levels, projection)
    land = Land(
        units=units,
        buildings=_buildings(town, projection),
        estates=_estates(town, projection),
        outdoors=_outdoors(ground, town.levels[-1], seed, projection),
        basemap=layers,
        divisions=make_divisions(ground.blocks.borders.inner(), streets, by_key["grid"]),
        service_centres=_centres(town, streets, projection),
        before=redrawn(units, streets.key, seed),
    )
    begin(progress, "land is made")
    return land


def make_land(scale: Literal["district", "nested", "city"], seed: int, progress: Progress) -> Land:
    """Make the land of a city; equal scale and seed give equal land.

    progress: is told the name of each step and the share done, 0–1.
    """
    return make_town_land(SCALES[scale], seed, progress)
