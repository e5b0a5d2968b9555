"""A small city whose grids can be planned: one of them has more households than it should.

Two communities of twelve blocks each between streets; four buildings of 45 households stand in
every block. The first grid of the first community has eight of its blocks: 1,440 households. Cut
along the street in its middle, every grid has 720.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.publish import publish
from geodata.scenarios.grounds import make
from geodata.store.snapshots import open_city
from tests.browser.tiny import SOUTH, WEST, tiny

if TYPE_CHECKING:
    from pathlib import Path

BLOCK: Final = 0.002  # degrees
ACROSS, UP = 6, 2  # blocks of a community
COLUMNS: Final = ((4, 2), (2, 2, 2))  # of blocks in each grid, by community
HOUSEHOLDS: Final = 45
CRS: Final = "EPSG:4326"


def publish_planned(data_dir: Path) -> str:
    """Publish the city and make its ground; the id of the snapshot."""
    made = replace(
        tiny(), units=_units(), buildings=_buildings(), estates=None, basemap=_basemap(),
        divisions={}, earlier={},
    )  # fmt: skip
    made = replace(made, profile=made.profile.model_copy(update={"divisions": ()}))
    snapshot = publish(made, data_dir)
    make(open_city(data_dir))
    return snapshot


def _box(x: float, y: float, wide: float, high: float) -> shapely.Polygon:
    west, south = WEST + x * BLOCK, SOUTH + y * BLOCK
    return shapely.box(west, south, west + wide * BLOCK, south + high * BLOCK)


def _units() -> gpd.GeoDataFrame:
    """Each grid is some columns of blocks."""
    rows = [
        ("99", "", "district", "小城区", "Tiny District", _box(0, 0, 2 * ACROSS, UP)),
        ("991", "99", "street", "鹤湾街道", "Hewan", _box(0, 0, 2 * ACROSS, UP)),
    ]
    for community, columns in enumerate(COLUMNS):
        code, x = f"991{community + 1}", community * ACROSS
        name = (("霁湾社区", "Jiwan"), ("玉庭社区", "Yuting"))[community]
        rows.append((code, "991", "community", *name, _box(x, 0, ACROSS, UP)))
        for grid, wide in enumerate(columns):
            named = (f"{name[0]}第{grid + 1}网格", f"{name[1]} Grid {grid + 1}")
            shape = _box(x + sum(columns[:grid]), 0, wide, UP)
            rows.append((f"{code}00{grid + 1}", code, "grid", *named, shape))
    heads = ["code", "parent", "level", "name_zh", "name_en", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=heads, geometry="geometry", crs=CRS)
    return frame.assign(kind="", people=0, households=0)


def _buildings() -> gpd.GeoDataFrame:
    rows = []
    for x in range(2 * ACROSS):
        for y in range(UP):
            community, place = divmod(x, ACROSS)
            grid = 1 + int(np.searchsorted(np.cumsum(COLUMNS[community]), place, side="right"))
            for number in range(4):
                at = (x + 0.15 + number % 2 * 0.45, y + 0.2 + number // 2 * 0.4)
                rows.append({
                    "code": f"B{x}{y}{number}", "name_zh": f"{number + 1}号楼",
                    "name_en": f"Block {number + 1}", "unit": f"991{community + 1}00{grid}",
                    "geometry": _box(*at, 0.25, 0.15),
                })  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).assign(
        estate="", kind="residential", floors=6, rooms_per_floor=5, households=HOUSEHOLDS,
        people=75, key_people=0, organisations=0, year=2001,
    )  # fmt: skip


def _basemap() -> dict[str, gpd.GeoDataFrame]:
    """Streets between all blocks, and nothing else."""
    east, north = WEST + 2 * ACROSS * BLOCK, SOUTH + UP * BLOCK
    lines = [
        shapely.LineString([(WEST + x * BLOCK, SOUTH), (WEST + x * BLOCK, north)])
        for x in range(2 * ACROSS + 1)
    ]
    lines += [
        shapely.LineString([(WEST, SOUTH + y * BLOCK), (east, SOUTH + y * BLOCK)])
        for y in range(UP + 1)
    ]
    names = [f"{number + 1}号路" for number in range(len(lines))]
    told = {
        "cls": "local", "width_m": 12.0, "name_zh": names,
        "name_en": [f"Road {number + 1}" for number in range(len(lines))],
    }  # fmt: skip
    return {"roads": gpd.GeoDataFrame(told, geometry=lines, crs=CRS)}
