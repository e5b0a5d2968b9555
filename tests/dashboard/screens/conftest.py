"""A small district with the figures of one story, and an engine that answers with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from dashboard.access import NOBODY
from dashboard.place import Place
from dashboard.screens.overview import scene as scenes
from geodata.engine.numbers import BACKLOG, QUANTILES, TALLY, Numbers
from geodata.locate.footprints import Footprints
from geodata.model.code_index import CodeIndex
from geodata.model.periods import DAY, HOUR
from geodata.model.places import Tree
from geodata.model.profile import Profile
from geodata.model.schemas import RATINGS

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geodata.engine.request import Request

NOW = 1_795_242_700  # Saturday 2026-11-21 14:31:40 in Shanghai
STREETS = (
    "鹤湾",
    "丹坪",
    "晴浦",
    "弦坊",
    "鹭渚",
    "枫溪",
    "雁里",
    "芷亭",
    "竹谷",
    "青津",
    "兰里",
    "昭庭",
)
RATES = (17.4, 18.2, 12.0, 10.2, 10.0, 9.4, 11.8, 8.8, 14.6, 9.0, 10.3, 10.1)
EACH = 3  # communities in a street
PEOPLE = 36_000
AREA_KM2 = 1.5
CATEGORIES = ("市容环境", "物业服务", "矛盾纠纷", "公共设施", "公共安全", "噪声扰民", "其他")
BY_CATEGORY = (5412, 4026, 2586, 2338, 1779, 1800, 1023)
NORMS = (4876, 3327, 2511, 2338, 1853, 1698, 965)
DEPARTMENTS = ("城管执法局", "住建交通局", "市场监管局", "生态环境局", "公安分局", "水务局")
MEDIANS = (47, 38, 33, 27, 24, 22)
NINTHS = (82, 71, 64, 52, 45, 43)
STEPS = (3, 3, 21, 23, 192, 66, 324)
STAGES = (
    "reported",
    "accepted",
    "dispatched",
    "taken",
    "arrived",
    "resolved",
    "verified",
    "closed",
)

PROFILE = Profile.model_validate(
    {
        "key": "lanting",
        "name_zh": "澜汀区",
        "name_en": "Lanting District",
        "levels": [
            {"key": "district", "name_zh": "区", "name_en": "district"},
            {"key": "street", "name_zh": "街道", "name_en": "subdistrict",
             "plural_en": "subdistricts"},
            {"key": "community", "name_zh": "社区", "name_en": "community",
             "plural_en": "communities"},
        ],
        "targets": {
            "on_time_rate": 95, "whistle_rate": 95, "local_rate": 80, "arrival_median_min": 30,
            "step_taken_min": 10, "step_arrived_min": 15, "step_resolved_min": 240,
        },
    }
)  # fmt: skip


def _places() -> gpd.GeoDataFrame:
    rows: list[dict[str, Any]] = [
        _place("9901", -1, "district", "澜汀区", "Lanting District", box(0, 0, 4, 3))
    ]
    for number, name in enumerate(STREETS):
        x, y = number % 4, number // 4
        at = len(rows)
        code = f"9901{number + 1:03d}"
        rows.append(
            _place(code, 0, "street", f"{name}街道", f"{name} Subdistrict", box(x, y, x + 1, y + 1))
        )
        for part in range(EACH):
            west = x + part / EACH
            shape = box(west, y, west + 1 / EACH, y + 1)
            label = f"{name}{part + 1}社区"
            rows.append(_place(f"{code}{part + 1:03d}", at, "community", label, label, shape))
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    frame["unit"] = range(len(frame))
    return frame


def _place(  # noqa: PLR0913, PLR0917  a row has that many columns
    code: str, parent: int, level: str, zh: str, en: str, shape: BaseGeometry
) -> dict[str, Any]:
    share = {"district": EACH * len(STREETS), "street": EACH}.get(level, 1)
    return {
        "code": code, "parent": parent, "level": level, "name_zh": zh, "name_en": en,
        "people": PEOPLE * share, "households": 0, "area_km2": AREA_KM2 * share,
        "label_lon": shape.centroid.x,
        "label_lat": shape.centroid.y, "site_from": 0, "site_to": 1, "geometry": shape,
    }  # fmt: skip


def _names(names: tuple[str, ...], **more: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"key": [f"k{i}" for i in range(len(names))], "name_zh": names,
         "name_en": [f"Name {i}" for i in range(len(names))], **more}
    )  # fmt: skip


def _alerts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "level": [2, 1, 4], "unit": [2, 6, 10], "site": [-1, 0, -1], "lon": [0.2, 1.2, 2.2],
            "lat": [0.5, 0.5, 0.5], "raised": [NOW - 1400, NOW - 640, NOW - 9000],
            "cleared": [np.nan, np.nan, NOW - 10.0],
            "title_zh": ["物业投诉 2.6 倍", "燃气异味 11 件", "巡查"],
            "title_en": ["property 2.6×", "gas smell, 11", "patrol"], "reason_zh": ["a", "b", "c"],
            "reason_en": ["a", "b", "c"],
        }
    )  # fmt: skip


def _ratings() -> pd.DataFrame:
    rows = [("2026-10", 1, 0, 71.0, 40), ("2026-10", 1, 1, 90.0, 40)]
    return pd.DataFrame(rows, columns=list(RATINGS)).astype(RATINGS)


def _buildings() -> gpd.GeoDataFrame:
    row = {
        "code": "B008651", "name_zh": "颐槐雅居 2 栋",
        "name_en": "Yihuai Court Bldg 2", "estate": "",
        "kind": "tower", "floors": 33, "rooms_per_floor": 3, "households": 75, "people": 196,
        "key_people": 3, "organisations": 2, "year": 2011, "unit": 6, "site": 0, "lon": 1.2,
        "lat": 0.5, "geometry": box(1.19, 0.49, 1.21, 0.51),
    }  # fmt: skip
    return gpd.GeoDataFrame([row], geometry="geometry", crs="EPSG:4326")


class FakeCity(SimpleNamespace):
    """A city of parts; like a real one it is itself alone, whatever it consists of."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def once(self, name: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is read
        """As a real city does."""
        kept = vars(self).setdefault("kept", {})
        if name not in kept:
            kept[name] = read()
        return kept[name]

    @property
    def footprints(self) -> Footprints:
        """The shapes of its buildings."""
        return Footprints.of(np.asarray(self.buildings.geometry.array, dtype=np.object_))

    def told(self, _ids: list[int]) -> pd.DataFrame:
        """Nobody has told anything."""
        return pd.DataFrame()


def make_city(**changes: object) -> SimpleNamespace:
    """The parts of a city that the screen reads."""
    places = _places()
    buildings = _buildings()
    parts: dict[str, Any] = {
        "id": "snap", "profile": PROFILE, "meta": {"months": ["2026-11"]}, "places": places,
        "tree": Tree.of(places, PROFILE), "buildings": buildings, "estates": None,
        "building_codes": CodeIndex(buildings["code"]),
        "sites": pd.DataFrame({"building": [0], "unit": [0], "lon": [104.5], "lat": [30.5]}),
        "alerts": _alerts(), "rosters": None, "ratings": _ratings(),
        "inspections": None, "categories": _names(CATEGORIES), "departments": _names(DEPARTMENTS),
        "sources": _names(("12345热线",), interval_s=[300]),
        "matters": _names(("燃气异味",), limit=[4.0], limit_kind=["working_hours"]),
        "divisions": {},
        "now": lambda: NOW, "building": {"B008651": 0}.get, "version": lambda: "v1",
        "data_dir": Path("nowhere"),
    }  # fmt: skip
    city = FakeCity(**(parts | changes))
    city.inside = lambda unit: np.arange(*city.places.loc[unit, ["site_from", "site_to"]])
    return city


def tally(**values: float) -> dict[str, float]:
    """One row of counts, all zero but those given; quantiles not known."""
    blank = dict.fromkeys((*TALLY, *BACKLOG), 0.0)
    blank |= dict.fromkeys(QUANTILES, np.nan) | {"arrival_n": 0.0, "resolution_n": 0.0}
    return blank | values


TOTAL = tally(
    reported=18964, due=17_000, closed_on_time=16_388, whistle_due=1000, whistled_on_time=931,
    settled_1=62, settled_2=21, settled_3=14, settled_4=3, resolved_local=83, asked=1204,
    satisfied=1104, backlog_open=412, backlog_overdue=38, arrival_n=18340, arrival_median_min=47,
    arrival_p90_min=82, arrived=18340, arrived_in_30=5759, dispatched_done=1000, returned=68,
)  # fmt: skip


class FakeEngine:
    """Answers with the figures of the story; `empty` answers that nothing happened."""

    def __init__(
        self, city: SimpleNamespace, *, empty: bool = False, newest: int = NOW - 5
    ) -> None:
        self.city, self.empty, self.newest = city, empty, newest
        self.asked: list[Request] = []

    def screen(self, request: Request) -> Numbers:
        self.asked.append(request)
        units = (
            [0]
            if request.level == "building"
            else self.city.tree.cells(request.place, request.level)
        )
        cells = pd.DataFrame(
            [self._cell(int(unit)) for unit in units] + [tally(reported=2, norm=1)]
        )
        cells.index = pd.Index([*units, -1])
        total = tally() if self.empty else TOTAL
        at = request.end - np.arange(336, 0, -1) * HOUR
        wave = 100 + 80 * np.sin(np.arange(336) / 24 * 2 * np.pi)
        wave[300] = 400
        trend = pd.DataFrame(
            {"at": at, "reported": wave.round(), "low": wave - 20, "high": wave.clip(max=200) + 20}
        )
        return Numbers(
            request=request, total=pd.Series(total),
            previous=pd.Series(total | {"backlog_overdue": total["backlog_overdue"] - 5}),
            norm=np.nan if self.empty else 17568.0, norm_low=1.0, norm_high=2.0,
            norm_weeks=0 if self.empty else 8, cells=cells, departments=self._departments(),
            categories=self._categories(request),
            sources=pd.DataFrame({"newest": [float(self.newest)]}), trend=trend, trend_step_s=HOUR,
            sparks=pd.DataFrame([total] * 14, index=[NOW - day * DAY for day in range(14, 0, -1)]),
            steps=self._steps(), newest=self.newest, version="v1",
        )  # fmt: skip

    def points(self, _request: Request) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        rng = np.random.default_rng(1)
        west, south, east, north = self.city.places.total_bounds
        return rng.uniform(west, east, 2_000), rng.uniform(south, north, 2_000)

    def _cell(self, unit: int) -> dict[str, float]:
        tree = self.city.tree
        if self.empty:
            return tally(norm=np.nan)
        path = tree.path(unit)
        street = [int(x) for x in tree.children(0)].index(path[1]) if len(path) > 1 else 0
        people = float(self.city.places["people"].iloc[unit])
        median = MEDIANS[0] + (18 if street == 0 else 11 if street == 1 else -street)
        return tally(
            reported=round(RATES[street] * people / 1000), norm=400, arrival_n=300,
            arrival_median_min=median, arrival_p90_min=median * 2, due=100, closed_on_time=90,
        )  # fmt: skip

    def _departments(self) -> pd.DataFrame:
        if self.empty:
            return pd.DataFrame([tally(norm=np.nan) for _ in MEDIANS])
        return pd.DataFrame(
            [
                tally(arrival_n=500, arrival_median_min=median, arrival_p90_min=p90, norm=1)
                for median, p90 in zip(MEDIANS, NINTHS, strict=True)
            ]
        )

    def _categories(self, request: Request) -> pd.DataFrame:
        rows = [
            tally(reported=0 if self.empty else n, norm=np.nan if self.empty else norm)
            for n, norm in zip(BY_CATEGORY, NORMS, strict=True)
        ]
        frame = pd.DataFrame(rows)
        return frame.loc[list(request.categories)] if request.categories else frame

    def _steps(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"from_stage": STAGES[:-1], "to_stage": STAGES[1:], "n": 0 if self.empty else 900,
             "median_min": STEPS, "p90_min": [step * 2 for step in STEPS]}
        )  # fmt: skip

    def cells(self, request: Request) -> pd.DataFrame:
        return self.screen(request).cells

    def traits(self, request: Request, limit: int) -> pd.DataFrame:
        return self.incidents(request, limit)

    def workload(self, request: Request) -> pd.DataFrame:
        built = np.arange(len(self.city.buildings))
        units = built if request.level == "building" else self.city.tree.cells(0, request.level)
        cases = 0 if self.empty else 100
        return pd.DataFrame({"cell": units, "matter": -1, "cases": cases})

    def routes(self, _request: Request) -> pd.DataFrame:
        rows = [] if self.empty else [(0, 0, 0, 900), (0, 0, 1, 61), (0, 1, 1, 800), (0, 1, 0, 48)]
        names = ["matter", "first_department", "department", "cases"]
        return pd.DataFrame(rows, columns=names, dtype="int64")

    def incidents(self, _request: Request, _limit: int) -> pd.DataFrame:
        return pd.DataFrame(
            {"reported": [NOW - 600, NOW - 7000], "site": 0, "matter": -1, "category": 0}
        )

    def building_weeks(self, buildings: list[int], _now: int, _days: int) -> npt.NDArray[np.int64]:
        weeks = np.zeros((len(buildings), 13), dtype=np.int64)
        weeks[:, 0] = 4
        weeks[:, 2] = 1
        return weeks

    def building_cases(self, _building: int, _now: int, _days: int) -> pd.DataFrame:
        gas = {"matter": 0, "category": 0, "department": 0, "accepted": NOW - 500.0}
        blank = dict.fromkeys(("dispatched", "taken", "arrived", "resolved", "closed"), np.nan)
        rows = [
            {"reported": NOW - 600 - room, "floor": floor, "room": room, **gas, **blank}
            for floor, room in ((24, 2), (24, 3), (23, 2), (25, 2))
        ]
        done = {**blank, "closed": NOW - 20 * DAY + 3600.0}
        rows.append({"reported": NOW - 20 * DAY, "floor": 5, "room": 3, **gas, **done})
        return pd.DataFrame(rows)


MakeScene = Callable[..., scenes.Scene]


@pytest.fixture
def live() -> SimpleNamespace:
    """The city, its engine and nobody in particular."""
    city = make_city()
    return SimpleNamespace(city=city, engine=FakeEngine(city), actor=NOBODY)


@pytest.fixture
def make_scene() -> MakeScene:
    """A scene for a place; `empty`, `newest` and parts of the city can be changed."""

    def make(
        place: Place | None = None, *, empty: bool = False, newest: int = NOW - 5, **parts: object
    ) -> scenes.Scene:
        city = make_city(**parts)
        engine = FakeEngine(city, empty=empty, newest=newest)
        return scenes.read(
            place or Place(), SimpleNamespace(city=city, engine=engine, actor=NOBODY)
        )  # type: ignore[arg-type]

    return make


def text_of(node: object) -> str:
    """All text below a component, in order."""
    if node is None or isinstance(node, bool):
        return ""
    if isinstance(node, (list, tuple)):
        return "".join(text_of(each) for each in node)
    if isinstance(node, (str, int, float)):
        return str(node)
    return text_of(getattr(node, "children", None))


def all_of(node: object, kind: str) -> list[Any]:
    """Every component of a class name below a component."""
    if isinstance(node, (list, tuple)):
        return [found for each in node for found in all_of(each, kind)]
    if not hasattr(node, "to_plotly_json"):
        return []
    here = [node] if type(node).__name__ == kind else []
    return here + all_of(getattr(node, "children", None), kind)


@pytest.fixture
def text() -> Callable[[Any], str]:
    """`text_of`, with plain spaces."""
    return lambda node: text_of(node).replace("\u2009", " ")


@pytest.fixture
def find() -> Callable[[Any, str], list[Any]]:
    """`all_of`."""
    return all_of
