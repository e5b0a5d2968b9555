"""A published town with streets, a river and houses, and its ground."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.model.profile import Level
from geodata.publish import publish
from geodata.scenarios import grounds
from geodata.scenarios.scenario import Scenarios
from geodata.store.snapshots import City, open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.model.draft import Draft

CRS: Final = "EPSG:32650"
CORNER: Final = (400_000, 4_400_000)
SIDE_M: Final = 1200  # of a street; it has four communities of four grids each
HOUSES: Final = 320
LEVELS: Final = (
    Level(key="city", name_zh="市", name_en="City"),
    Level(key="street", name_zh="镇街", name_en="Street"),
    Level(key="community", name_zh="社区", name_en="Community"),
    Level(key="grid", name_zh="网格", name_en="Grid"),
)


def box(west: float, south: float, width: float, height: float) -> shapely.Polygon:
    x, y = CORNER[0] + west, CORNER[1] + south
    return shapely.box(x, y, x + width, y + height)


def units() -> gpd.GeoDataFrame:
    """Two streets in a row, each of four communities, each of four grids: quarters of quarters."""
    rows = [("1", "", "city", box(0, 0, 2 * SIDE_M, SIDE_M))]
    for s in range(2):
        street, west = f"10{s + 1}", s * SIDE_M
        rows.append((street, "1", "street", box(west, 0, SIDE_M, SIDE_M)))
        for c in range(4):
            community, half = f"{street}00{c + 1}", SIDE_M / 2
            x, y = west + half * (c % 2), half * (c // 2)
            rows.append((community, street, "community", box(x, y, half, half)))
            rows += [
                (f"{community}00{g + 1}", community, "grid",
                 box(x + half / 2 * (g % 2), y + half / 2 * (g // 2), half / 2, half / 2))
                for g in range(4)
            ]  # fmt: skip
    columns = {
        "code": [row[0] for row in rows], "parent": [row[1] for row in rows],
        "level": [row[2] for row in rows], "name_zh": [f"{row[0]}号" for row in rows],
        "name_en": [f"No. {row[0]}" for row in rows], "kind": "", "people": -1, "households": -1,
        "geometry": [row[3] for row in rows],
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, crs=CRS)


def lines() -> dict[str, gpd.GeoDataFrame]:
    """Streets every 150 metres, one of them an arterial, and a river."""
    ends = [(-50.0, at, 2 * SIDE_M + 50, at) for at in range(75, SIDE_M, 150)]
    ends += [(at, -50.0, at, SIDE_M + 50) for at in range(75, 2 * SIDE_M, 150)]
    drawn = [
        shapely.LineString([(CORNER[0] + a, CORNER[1] + b), (CORNER[0] + c, CORNER[1] + d)])
        for a, b, c, d in ends
    ]
    names = {"name_zh": "路", "name_en": "Road"}
    cls = ["arterial", *["local"] * (len(drawn) - 1)]
    roads = {"cls": cls, "width_m": 8.0, **names, "geometry": drawn}
    river = {"kind": ["river"], **names, "geometry": [box(640, -50, 20, SIDE_M + 100)]}
    return {
        "roads": gpd.GeoDataFrame(roads, crs=CRS), "water": gpd.GeoDataFrame(river, crs=CRS),
    }  # fmt: skip


def houses(sketch: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 (makers of drafts)
    """Houses beside each other in the blocks between streets, none of them over a border."""
    random = np.random.default_rng(5)
    cells = np.stack(np.meshgrid(np.arange(32), np.arange(16)), axis=-1).reshape(-1, 2)
    chosen = random.choice(len(cells), HOUSES, replace=False)
    where = (cells[chosen] + 0.5) * 75 + random.uniform(-25, 25, (HOUSES, 2))
    made = sketch.buildings([(x, y, "") for x, y in where.tolist()])
    made["households"] = random.integers(4, 30, HOUSES)
    made["people"] = made["households"] * 3
    return made


def town(sketch: Any, **changes: Any) -> Draft:  # noqa: ANN401
    given = {
        "profile": sketch.profile(levels=LEVELS), "units": units(),
        "buildings": houses(sketch), "basemap": lines(), **changes,
    }  # fmt: skip
    return sketch.draft(**given)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, sketch: Any) -> City:  # noqa: ANN401
    """The town as it was published, with its ground; nobody writes into its folder."""
    data_dir = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geodata.publish.draw", lambda *_: None)
        publish(town(sketch), data_dir)
    city = open_city(data_dir)
    grounds.make(city)
    return city


def like(made: City, draft: Draft, data_dir: Path) -> City:
    """Another publication of the town, on the ground that was made of the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geodata.publish.draw", lambda *_: None)
        publish(draft, data_dir)
    found = open_city(data_dir)
    shutil.copytree(grounds.folder_of(made), grounds.folder_of(found))
    return found


@pytest.fixture
def data_dir(made: City, tmp_path: Path) -> Path:
    """A data directory of a test's own with the town."""
    shutil.copytree(made.data_dir, tmp_path / "data", copy_function=grounds.shared)
    return tmp_path / "data"


@pytest.fixture
def plans(data_dir: Path) -> Scenarios:
    return Scenarios(data_dir)


@pytest.fixture
def key(plans: Scenarios) -> str:
    """A scenario of the first street."""
    return plans.create("试拟方案", "101", "li")
