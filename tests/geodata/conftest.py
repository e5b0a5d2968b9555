"""A sketch of a city that tests can bend before they publish it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.model.draft import Arranged, Draft
from geodata.model.profile import Level, Profile
from geodata.model.schemas import ALERTS, BUILDINGS, CODE_LISTS, INCIDENTS
from geodata.store.tables import empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST = 1_760_000_000


def make_profile(**more: Any) -> Profile:  # noqa: ANN401 (fields of the profile)
    levels = (
        Level(key="city", name_zh="市", name_en="City"),
        Level(key="street", name_zh="镇街", name_en="Street"),
        Level(key="ward", name_zh="片区", name_en="Ward", drill=False),
        Level(key="grid", name_zh="网格", name_en="Grid"),
    )
    given = {"key": "sketch", "name_zh": "草图市", "name_en": "Sketch", "levels": levels, **more}
    return Profile(**given)


def make_units(streets: int = 2, grids: int = 3) -> gpd.GeoDataFrame:
    """Streets of one kilometre in a row; the first street has a ward between it and its grids."""
    rows = [_unit("1", "", "city", "草图市", shapely.box(0, 0, 1000 * streets, 1000))]
    for s in range(streets):
        street = f"1{s:02}"
        west = 1000 * s
        rows.append(_unit(street, "1", "street", f"{s}街道", _cell(west, 0, 1000)))
        above = street
        if s == 0:
            above = f"{street}w"
            rows.append(_unit(above, street, "ward", "一片区", _cell(west, 0, 1000)))
        step = 1000 / grids
        for g in range(grids):
            shape = _cell(west + step * g, 0, step)
            rows.append(_unit(f"{above}{g:02}", above, "grid", f"第{g}网格", shape))
    return gpd.GeoDataFrame(rows, crs="EPSG:32650")


def _cell(west: float, south: float, width: float) -> shapely.Polygon:
    return shapely.box(400_000 + west, 4_400_000 + south, 400_000 + west + width, 4_401_000)


def _unit(code: str, parent: str, level: str, name: str, shape: object) -> dict[str, object]:
    return {
        "code": code,
        "parent": parent,
        "level": level,
        "name_zh": name,
        "name_en": f"{level} {code}",
        "kind": "",
        "people": 10,
        "households": 4,
        "geometry": _cell(0, 0, 2000) if level == "city" else shape,
    }


def make_buildings(points: list[tuple[float, float, str]]) -> gpd.GeoDataFrame:
    """Small houses at metres east and north of the corner, with a unit code or ""."""
    frame = pd.DataFrame(index=range(len(points)))
    for column, kind in BUILDINGS.items():
        if column not in {"building", "site", "lon", "lat"}:
            frame[column] = "" if kind == "string" else 0
    frame["code"] = [f"h{number:04}" for number in range(len(points))]
    frame["unit"] = [unit for _, _, unit in points]
    corners = [(400_000 + x, 4_400_000 + y) for x, y, _ in points]
    shapes = [shapely.box(x - 5, y - 5, x + 5, y + 5) for x, y in corners]
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs="EPSG:32650"))


def make_incidents(sites: np.ndarray, reported: np.ndarray, first_id: int = 0) -> pd.DataFrame:
    frame = pd.DataFrame(index=range(len(sites)))
    for column, kind in INCIDENTS.items():
        if kind == "UInt32":
            frame[column] = pd.array([pd.NA] * len(sites), dtype="UInt32")
        else:
            frame[column] = pd.Series("" if kind == "string" else 0, frame.index, dtype=kind)
    frame["id"] = np.arange(first_id, first_id + len(sites))
    frame["key"] = frame["id"].astype("string")
    frame["site"] = sites
    frame["reported"] = pd.array(reported, dtype="UInt32")
    frame[["matter", "department", "first_department", "duplicate_of"]] = -1
    return frame


def make_lists() -> dict[str, pd.DataFrame]:
    lists = {name: empty(schema) for name, schema in CODE_LISTS.items()}
    one = {"key": ["a"], "name_zh": ["甲"], "name_en": ["A"]}
    lists["categories"] = pd.DataFrame(one)
    lists["sources"] = pd.DataFrame({**one, "interval_s": [60]})
    return lists


@dataclass(frozen=True)
class Sketch:
    """Makers of drafts and of the tables in them."""

    units: Callable[..., gpd.GeoDataFrame] = make_units
    buildings: Callable[..., gpd.GeoDataFrame] = make_buildings
    cases: Callable[..., pd.DataFrame] = make_incidents
    profile: Callable[..., Profile] = make_profile

    def draft(self, **changes: Any) -> Draft:  # noqa: ANN401 (fields of the draft)
        """Make a draft: one case a day, one at every site, unless `incidents` says otherwise."""
        given: dict[str, Any] = {
            "profile": make_profile(),
            "units": make_units(),
            "buildings": make_buildings([(100, 500, "100w00"), (1100, 500, ""), (1500, 200, "")]),
            "code_lists": make_lists(),
            "incidents": everywhere,
            "alerts": lambda _: empty(ALERTS),
            **changes,
        }
        return Draft(**given)


def everywhere(arranged: Arranged) -> Iterator[pd.DataFrame]:
    count = len(arranged.sites)
    yield make_incidents(np.arange(count), FIRST + 86_400 * np.arange(count))


@pytest.fixture(scope="module")
def bare() -> Iterator[None]:
    """Publish without the simplified outlines, which have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geodata.publish.draw", lambda *_: None)
        yield


@pytest.fixture(scope="session")
def sketch() -> Sketch:
    return Sketch()
