"""The ground of a city as plans use it: atoms, today's grids, buildings, names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Transformer

from geodata.model.errors import UnknownPlaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from geodata.planner.adoption import Residual
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

WGS84: Final = "EPSG:4326"
DIGITS: Final = 7  # of a degree: 1 cm
STEPS: Final = "proj=pipeline"


@dataclass(frozen=True)
class Buildings:
    """What stands on the atoms, a row each.

    id: codes; x, y: metres of the ground; lon, lat: degrees; cases: of the year the load rests on;
    atom: on which it stands, -1 on none; site: of the city; footprints: polygons in metres, None
    where only a point is known; estate: its code, "" = in none.
    """

    id: npt.NDArray[np.str_]
    x: Floats
    y: Floats
    lon: Floats
    lat: Floats
    households: Counts
    people: Counts
    cases: Counts
    atom: Ints
    site: Ints
    footprints: Shapes
    estate: npt.NDArray[np.str_]

    def __len__(self) -> int:
        """How many buildings."""
        return len(self.id)


@dataclass(frozen=True)
class Outdoors:
    """Sites that are no buildings: squares, roads, parks; cases happen there as well."""

    x: Floats
    y: Floats
    lon: Floats
    lat: Floats
    cases: Counts
    atom: Ints
    site: Ints


@dataclass(frozen=True)
class Lines:
    """What a border may follow, in metres; kind: arterial, road or river of each."""

    kind: npt.NDArray[np.str_]
    name_zh: npt.NDArray[np.str_]
    name_en: npt.NDArray[np.str_]
    shapes: Shapes


@dataclass(frozen=True)
class Grounded:
    """The ground of a city or of a part of it, with what stands there.

    names: code of a grid, a community or what is above → its names, Chinese and English; paths:
    code of a community → codes from the root down to it; codes: all that were
    ever given in the city, so that none is given again.
    """

    snapshot: str
    crs: str
    ground: Ground
    today: Plan
    residual: Residual
    buildings: Buildings
    outdoors: Outdoors
    lines: Lines
    names: Mapping[str, tuple[str, str]]
    paths: Mapping[str, tuple[str, ...]]
    codes: frozenset[str]


def communities_of(there: Grounded, place: str) -> Ints:
    """Rows of the communities in a place: one of them, or what is above.

    Raises:
        UnknownPlaceError: no community lies in it.
    """
    rows = [row for row, code in enumerate(there.ground.communities) if place in there.paths[code]]
    if not rows:
        msg = f"{place}: no community of this plan lies there; name one of them, or a street"
        raise UnknownPlaceError(msg)
    return np.array(rows, dtype=np.int32)


def degrees(there: Grounded, shapes: Shapes) -> Shapes:
    """Shapes in metres of the ground, in degrees of WGS-84; equal points stay equal."""
    return np.asarray(shapely.transform(shapes, _mover(there.crs, WGS84, DIGITS)))


def metres(there: Grounded, shapes: Shapes) -> Shapes:
    """Shapes in degrees of WGS-84, in metres of the ground."""
    return np.asarray(shapely.transform(shapes, _mover(WGS84, there.crs)))


@lru_cache(maxsize=128)  # an import without a system tries some sixty
def _mover(source: str, target: str, digits: int | None = None) -> Callable[[Floats], Floats]:
    moved = _light(Transformer.from_crs(source, target, always_xy=True)).transform

    def move(points: Floats) -> Floats:
        at = np.column_stack(moved(points[:, 0], points[:, 1]))
        return at if digits is None else at.round(digits)

    return move


def _light(change: Transformer) -> Transformer:
    """The same by its steps, where it has one way only.

    pyproj makes a transformer anew in each thread that uses it: by the names of two systems that
    takes some 70 ms, which every stroke would wait on a server of many threads; by steps none.
    """
    steps = change.definition
    return Transformer.from_pipeline(steps) if steps.startswith(STEPS) else change


def mover(source: str, target: str) -> Callable[[Floats], Floats]:
    """What takes points (n, 2) from one system to another."""
    return _mover(source, target)
