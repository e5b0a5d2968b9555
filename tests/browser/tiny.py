"""A city of two streets, four communities, eight grids and sixteen buildings, made in a second."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.model.draft import Arranged, Draft
from geodata.model.parts import Named
from geodata.model.profile import Division, Level, Profile, Source
from geodata.model.schemas import ALERTS, INCIDENTS, SITE_BUILDING
from geodata.model.tuning import WarningRules
from geodata.publish import publish
from geodata.store.snapshots import LIVE, live_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

NOW: Final = 1_795_242_600  # 2026-11-21 14:30 in Shanghai
DAYS: Final = 75
CASES: Final = 6_000
WEST, SOUTH, STEP = 104.0, 30.5, 0.01
KEYS: Final = ("a", "b", "c")
REDRAWN: Final = date(2026, 6, 1)


def publish_tiny(data_dir: Path, mark: Callable[[str], str] = str) -> str:
    """Publish the city; `mark` changes every text that comes from the data.

    It is made once for all tests of a process, and copied where nothing is published yet.
    """
    if mark is not str or (data_dir / LIVE).exists():
        return publish(tiny(mark), data_dir)
    shutil.copytree(_home().name, data_dir, dirs_exist_ok=True)
    return live_id(data_dir)


@cache
def _home() -> TemporaryDirectory[str]:
    """Where it lies, until the tests have ended."""
    home = TemporaryDirectory(prefix="yiping-tiny-")
    publish(tiny(), Path(home.name))
    return home


def tiny(mark: Callable[[str], str] = str) -> Draft:
    return Draft(
        profile=_profile(mark),
        units=_units(mark),
        buildings=_buildings(mark),
        code_lists=_lists(mark),
        incidents=_incidents,
        alerts=lambda arranged: _alerts(arranged, mark),
        estates=_estates(mark),
        basemap=_basemap(mark),
        extras=lambda arranged: _extras(arranged, mark),
        divisions={"police": _police(mark)},
        earlier={REDRAWN: _before(mark)},
        notes={"about": "tests"},
    )


def _profile(mark: Callable[[str], str]) -> Profile:
    levels = (
        ("district", "区", "district"),
        ("street", "街道", "street"),
        ("community", "社区", "community"),
        ("grid", "网格", "grid"),
    )
    return Profile(
        key="tiny",
        name_zh=mark("小城"),
        name_en=mark("Tiny"),
        title_zh=mark("小城一屏"),
        title_en=mark("Tiny City"),
        as_of="data",
        levels=tuple(Level(key=k, name_zh=zh, name_en=en) for k, zh, en in levels),
        divisions=(Division(key="police", name_zh=mark("警务网格"), name_en=mark("police grid")),),
        sources=tuple(Source(key=k, name_zh=mark(k), name_en=mark(k)) for k in KEYS[:2]),
        departments=tuple(Named(key=k, name_zh=mark(k), name_en=mark(k)) for k in KEYS),
        categories=tuple(Named(key=k, name_zh=mark(k), name_en=mark(k)) for k in KEYS),
        targets={"on_time_rate": 95, "arrival_median_min": 30},
        warning=WarningRules(recurrence_days=(1e6, 1e5, 1e4, 1e4)),  # its noise is no alert
    )


def _box(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + width) * STEP, SOUTH + (y + height) * STEP
    )


def _units(mark: Callable[[str], str]) -> gpd.GeoDataFrame:
    """The district is 4 × 2 steps; streets are halves, communities quarters, grids eighths."""
    rows = [("99", "", "district", "小城区", "Tiny District", _box(0, 0, 4, 2))]
    for street in range(2):
        code = f"99{street + 1}"
        name = ("鹤湾街道", "Hewan") if street == 0 else ("丹坪街道", "Danping")
        rows.append((code, "99", "street", *name, _box(street * 2, 0, 2, 2)))
        for community in range(2):
            x, below = street * 2 + community, f"{code}{community + 1}"
            label = ("第一社区", "First") if community == 0 else ("第二社区", "Second")
            rows.append((below, code, "community", *label, _box(x, 0, 1, 2)))
            rows += [
                (
                    f"{below}{g + 1}",
                    below,
                    "grid",
                    f"网格{g + 1}",
                    f"Grid {g + 1}",
                    _box(x, g, 1, 1),
                )
                for g in range(2)
            ]
    frame = gpd.GeoDataFrame(
        rows,
        columns=["code", "parent", "level", "name_zh", "name_en", "geometry"],
        geometry="geometry",
        crs="EPSG:4326",
    )
    for column in ("name_zh", "name_en"):
        frame[column] = frame[column].map(mark)
    return frame.assign(kind="", people=1_200, households=400)


def _police(mark: Callable[[str], str]) -> pd.DataFrame:
    """Three grids in one, one by itself, and the whole second street."""
    owners = {"99111": 1, "99112": 1, "99121": 1, "99122": 2, "992": 3}
    rows = [(f"P{n}", mark(f"警务{n}"), mark(f"Beat {n}"), unit) for unit, n in owners.items()]
    return pd.DataFrame(rows, columns=["code", "name_zh", "name_en", "unit"])


def _before(mark: Callable[[str], str]) -> gpd.GeoDataFrame:
    """The two grids of the first community lay beside each other, not one above the other."""
    units = _units(mark).set_index("code", drop=False)
    units.loc["99111", "geometry"] = _box(0, 0, 0.5, 2)
    units.loc["99112", "geometry"] = _box(0.5, 0, 0.5, 2)
    return gpd.GeoDataFrame(units.reset_index(drop=True), crs="EPSG:4326")


def _buildings(mark: Callable[[str], str]) -> gpd.GeoDataFrame:
    rows = []
    for x in range(4):
        for y in range(2):
            grid = f"99{x // 2 + 1}{x % 2 + 1}{y + 1}"
            rows += [
                {
                    "code": f"B{grid}{number}",
                    "name_zh": mark(f"{number + 1}号楼"),
                    "name_en": mark(f"Block {number + 1}"),
                    "estate": f"E99{x // 2 + 1}",
                    "unit": grid,
                    "geometry": _box(x + 0.2 + number * 0.4, y + 0.4, 0.15, 0.2),
                }
                for number in range(2)
            ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").assign(
        kind="residential",
        floors=6,
        rooms_per_floor=4,
        households=24,
        people=60,
        key_people=2,
        organisations=3,
        year=2001,
    )


def _estates(mark: Callable[[str], str]) -> gpd.GeoDataFrame:
    rows = [
        {
            "code": f"E99{number + 1}",
            "name_zh": mark(f"锦园{number + 1}"),
            "name_en": mark(f"Brocade {number + 1}"),
            "unit": f"99{number + 1}1",
            "geometry": _box(number * 2 + 0.1, 0.1, 0.8, 0.8),
        }
        for number in range(2)
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").assign(
        kind="commodity", year=1999, households=100, people=300
    )


def _basemap(mark: Callable[[str], str]) -> dict[str, gpd.GeoDataFrame]:
    names = {"name_zh": [mark("河")], "name_en": [mark("River")]}
    river = shapely.LineString([(WEST, SOUTH + STEP), (WEST + 4 * STEP, SOUTH + STEP)])
    shapes = {
        "water": ({"kind": ["river"]}, river.buffer(STEP / 20)),
        "roads": ({"cls": ["arterial"], "width_m": [20.0]}, river),
        "green": ({"kind": ["park"]}, _box(0.5, 0.5, 0.3, 0.3)),
        "blocks": ({"kind": ["residential"]}, _box(0.1, 0.1, 0.3, 0.3)),
        "details": ({"kind": ["tree"]}, shapely.Point(WEST + STEP, SOUTH + STEP)),
    }
    return {
        key: gpd.GeoDataFrame({**columns, **names}, geometry=[shape], crs="EPSG:4326")
        for key, (columns, shape) in shapes.items()
    }


def _lists(mark: Callable[[str], str]) -> dict[str, pd.DataFrame]:
    def named(words: tuple[str, ...]) -> pd.DataFrame:
        texts = [mark(word) for word in words]
        keys = list(KEYS[: len(words)])
        return pd.DataFrame({"key": keys, "name_zh": texts, "name_en": texts})

    matters = named(("噪声", "井盖", "漏水")).assign(
        category=[0, 1, 2], department=[0, 1, 2], limit=[24.0, 4.0, 0.0], limit_kind="urgent_hours"
    )
    return {
        "departments": named(("城管局", "住建局", "水务局")),
        "categories": named(("市容", "设施", "民生")),
        "matters": matters,
        "sources": named(("热线", "巡查")).assign(interval_s=[3_600, 900]),
    }


def _incidents(arranged: Arranged) -> Iterator[pd.DataFrame]:
    rng = np.random.default_rng(7)
    sites = arranged.sites[arranged.sites["kind"] == SITE_BUILDING]
    chosen = sites.iloc[rng.integers(0, len(sites), CASES)]
    reported = np.sort(rng.integers(NOW - DAYS * 86_400, NOW - 60, CASES))
    frame = pd.DataFrame({name: np.zeros(CASES, kind.lower()) for name, kind in _numeric()})
    frame["id"] = np.arange(1, CASES + 1)
    frame["key"] = [f"K{number}" for number in range(CASES)]
    for column in ("site", "lon", "lat"):
        frame[column] = chosen[column].to_numpy()
    for column, most in (("category", 3), ("matter", 3), ("department", 3), ("source", 2)):
        frame[column] = rng.integers(0, most, CASES)
    frame["settled_at"] = rng.integers(1, 5, CASES)
    frame["satisfaction"] = rng.integers(0, 6, CASES)
    frame["duplicate_of"] = -1
    _add_moments(frame, reported, rng)
    yield frame


def _numeric() -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in INCIDENTS.items() if kind != "string"]


def _add_moments(
    frame: pd.DataFrame, reported: npt.NDArray[np.int64], rng: np.random.Generator
) -> None:
    moment = reported.astype(np.int64)
    stages = ("reported", "accepted", "dispatched", "taken", "arrived", "resolved", "verified")
    for stage in (*stages, "closed"):
        known = pd.Series(moment).where(moment <= NOW)
        frame[stage] = known.astype("UInt32")
        moment = moment + rng.integers(60, 3_600, CASES)
    frame["occurred"] = frame["reported"]
    frame["due"] = pd.Series(reported + 4 * 3_600).astype("UInt32")
    frame["first_department"] = frame["department"].where(frame["dispatched"].notna(), -1)
    frame["due_original"] = pd.array([None] * CASES, dtype="UInt32")
    for stage in ("whistled", "whistle_arrived", "voided"):
        frame[stage] = pd.array([None] * CASES, dtype="UInt32")


def _alerts(arranged: Arranged, mark: Callable[[str], str]) -> pd.DataFrame:
    site = int(np.flatnonzero(arranged.sites["kind"] == SITE_BUILDING)[0])
    place = arranged.sites.iloc[site]
    row = {
        "level": 1,
        "unit": int(place["unit"]),
        "site": site,
        "lon": float(place["lon"]),
        "lat": float(place["lat"]),
        "category": 0,
        "raised": NOW - 600,
        "cleared": None,
        "cases": 3,
        "title_zh": mark("燃气异味"),
        "title_en": mark("Gas smell"),
        "reason_zh": mark("三起同类事件"),
        "reason_en": mark("Three cases alike"),
    }
    frame = pd.DataFrame([row]).astype({"raised": "UInt32", "cleared": "UInt32"})
    return frame[[name for name in ALERTS if name != "alert"]]


def _extras(arranged: Arranged, mark: Callable[[str], str]) -> dict[str, pd.DataFrame]:
    units = np.flatnonzero((arranged.places["level"] == "grid").to_numpy())
    rosters = pd.DataFrame({"unit": units.astype("int32")}).assign(
        role=mark("网格员"), name_masked=mark("张*"), phone_masked=mark("138****0000")
    )
    inspections = pd.DataFrame({"building": [0, 1]}).assign(
        kind_zh=mark("消防"), kind_en=mark("Fire"), last=NOW - 86_400, next=NOW + 86_400
    )
    return {"rosters": rosters, "inspections": inspections}
