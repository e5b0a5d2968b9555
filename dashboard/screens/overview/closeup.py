"""The map from close by: counts on buildings, names of estates, the chosen building's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from dashboard.i18n import named
from dashboard.i18n.amounts import count
from dashboard.screens.overview.extent import box
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from dashboard.screens.overview.scene import Scene
    from geodata.locate.footprints import Footprints

DISCS: Final = 80  # of a place; round a chosen building every one is shown
ESTATES: Final = 40
SOME: Final = 3  # cases in a building, from which their number stands on the map
WIDER: Final = 1.8  # times the box that is looked at: the map is wider than high
EXACT: Final = 1e-5  # degrees, about a metre: how exactly the widest free spot is found


def discs(scene: Scene) -> list[dict[str, Any]]:
    """Counts on buildings: of 90 days beside the drawer, which says so, else of the period."""
    if scene.level != BUILDING or scene.mode == "heat":
        return []
    if scene.near is not None:
        pairs = zip(scene.near.buildings, scene.near.cases, strict=True)
        return [_disc(scene, int(row), int(n)) for row, n in pairs if n > 0]
    cells = scene.numbers.cells
    counts = cells.loc[(cells.index >= 0) & (cells["reported"] > 0), "reported"].nlargest(DISCS)
    return [_disc(scene, int(row), int(n)) for row, n in zip(counts.index, counts, strict=True)]


def busiest(scene: Scene) -> tuple[str, int] | None:
    """The building with most cases and how many they are, where it is one and they are some."""
    cells = scene.numbers.cells
    counts = cells.loc[cells.index >= 0, "reported"].nlargest(2).astype(int)
    if not len(counts) or counts.iloc[0] < SOME or (counts == counts.iloc[0]).sum() > 1:
        return None
    return named(scene.city.buildings.iloc[counts.index[0]], scene.language), int(counts.iloc[0])


def _disc(scene: Scene, building: int, cases: int) -> dict[str, Any]:
    row = scene.city.buildings.iloc[building]
    name = named(row, scene.language)
    return {
        "lon": float(row["lon"]),
        "lat": float(row["lat"]),
        "n": cases,
        "href": scene.href(at=str(row["code"]), level=""),
        "text": scene.t("map.disc", name=name, n=count(cases, scene.language)),
    }


def names(scene: Scene) -> list[dict[str, Any]]:
    """The number of the chosen building, then the estates: name, year and homes."""
    if scene.mode == "heat":
        return []
    tag = [] if scene.building is None else [_tag(scene, scene.building)]
    return [*tag, *_estates(scene)]


def estate_of(scene: Scene) -> int | None:
    """Row of the estate in which the chosen building stands."""
    estates = scene.city.estates
    if scene.building is None or estates is None:
        return None
    code = str(scene.city.buildings["estate"].iloc[scene.building])
    rows = np.flatnonzero((estates["code"] == code).to_numpy())
    return int(rows[0]) if len(rows) else None


def _tag(scene: Scene, building: int) -> dict[str, Any]:
    """The building's name without that of its estate, above its roof."""
    row = scene.city.buildings.iloc[building]
    full, estate = named(row, scene.language), estate_of(scene)
    if estate is not None:
        whole = named(scene.city.estates.iloc[estate], scene.language)  # type: ignore[union-attr]
        full = full.removeprefix(whole).strip() or full
    shape = scene.city.footprints.shapes([building])[0]
    top = float(row["lat"]) if shape is None else float(shape.bounds[3])
    return {
        "text": full, "value": "", "strong": True, "above": True, "lon": float(row["lon"]),
        "lat": top,
    }  # fmt: skip


def _estates(scene: Scene) -> list[dict[str, Any]]:
    table = scene.city.estates
    if table is None or not len(table):
        return []
    west, south, east, north = box(scene)
    spare = (WIDER - 1) * (east - west) / 2 if scene.building is not None else 0.0
    seen = shapely.box(west - spare, south, east + spare, north)
    rows = np.asarray(table.sindex.query(seen, predicate="intersects"), dtype=np.int64)
    if scene.building is None:  # what lies outside the place is veiled
        rows = rows[np.isin(table["unit"].to_numpy()[rows], _inside(scene))]
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    far = shapely.distance(np.asarray(table.geometry.array, dtype=object)[rows], middle)
    rows = rows[np.argsort(far, kind="stable")[:ESTATES]]
    return [_estate(scene, table, int(row)) for row in rows]


def _inside(scene: Scene) -> list[int]:
    """Units of the place and those above it, of which an estate may be a part as well."""
    tree = scene.city.tree
    return [*tree.subtree(scene.unit), *tree.path(scene.unit)]


def _estate(scene: Scene, table: gpd.GeoDataFrame, row: int) -> dict[str, Any]:
    estate = table.iloc[row]
    spot = _open_ground(scene.city.footprints, estate.geometry)
    return {
        "text": named(estate, scene.language), "value": _about(scene, estate), "strong": False,
        "lon": spot.x, "lat": spot.y,
    }  # fmt: skip


def _open_ground(footprints: Footprints, shape: shapely.Geometry) -> shapely.Point:
    """The middle of the widest piece of an estate on which nothing stands."""
    west, south, east, north = shapely.bounds(shape).tolist()
    around = footprints.shapes(footprints.near(west, south, east, north))
    built = shapely.union_all(around[shapely.intersects(around, shape)])
    free = shapely.difference(shape, built)
    ground = np.array([free if shapely.area(free) else shape], dtype=object)
    (radius,) = shapely.maximum_inscribed_circle(ground, tolerance=EXACT)
    return shapely.Point(radius.coords[0])


def _about(scene: Scene, estate: pd.Series) -> str:
    """Year and homes, as far as they are known."""
    year, homes = int(estate["year"]), int(estate["households"])
    words = [
        str(year) if year > 0 else "",
        scene.t("drawer.homes", n=count(homes, scene.language)) if homes > 0 else "",
    ]
    return " · ".join(word for word in words if word)
