"""The ground of a region, made of what the city has there, as a file and read again.

A file is a zip of arrays, whose checksums the reader compares; shapes lie in it as WKB, end to end.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.planner.adoption import Residual
from geodata.planner.atoms import make, standing
from geodata.planner.ground import Edges, Ground
from geodata.planner.land import Land
from geodata.planner.plan import Plan, first_plan
from geodata.scenarios.grounded import Buildings, Lines, Outdoors
from geodata.scenarios.source import BESIDE_M

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geodata.scenarios.source import Source

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

SHAPED: Final = ("atoms", "footprints", "lines")
NOTHING: Final = -1


@dataclass(frozen=True)
class Part:
    """Some streets: their ground, today's grids on it, what stands there."""

    ground: Ground
    today: Plan
    residual: Residual
    buildings: Buildings
    outdoors: Outdoors
    lines: Lines


def made(source: Source, region: int) -> Part:
    """Make the ground of one region, a unit of the city with its streets."""
    tree = source.city.tree
    units = np.concatenate([source.streets[street] for street in source.regions[region]])
    houses, outside = (read(tree.subtree(region)) for read in (source.houses, source.outdoors))
    land, lines = _land(source, units, houses)
    ground, today, residual = make(land)
    of_unit = {int(unit): row for row, unit in enumerate(units)}
    spots = [_placed(ground, today, source, of_unit, each) for each in (houses, outside)]
    buildings = Buildings(houses["code"], **spots[0], households=houses["households"].astype(
        np.int64), people=houses["people"].astype(np.int64), footprints=houses["geometry"],
        estate=houses["estate"],
    )  # fmt: skip
    outdoors = Outdoors(**spots[1])
    return Part(_held(ground, buildings, outdoors), today, residual, buildings, outdoors, lines)


def _land(source: Source, units: Rows, houses: dict[str, Any]) -> tuple[Land, Lines]:
    tree, grids = source.city.tree, source.shapes(units)
    above, community = np.unique(tree.parents[units], return_inverse=True)
    west, south, east, north = shapely.total_bounds(grids)
    box = (west - BESIDE_M, south - BESIDE_M, east + BESIDE_M, north + BESIDE_M)
    roads, rivers = source.roads(box), source.rivers(box)
    inside = [shapely.clip_by_rect(each["shapes"], *box) for each in (roads, rivers)]
    hard = np.array([kind == "arterial" for kind in roads["kind"]], dtype=np.bool_)
    x, y = source.move(np.column_stack((houses["lon"], houses["lat"]))).T
    land = Land(
        crs=source.crs,
        grids=grids,
        codes=tuple(tree.codes[unit] for unit in units),
        community=community.astype(np.int32),
        communities=tuple(tree.codes[unit] for unit in above),
        lines=np.concatenate((_there(inside[0]), _banks(inside[1]))),
        arterials=_there(inside[0][hard]),
        rivers=_there(inside[1]),
        where=np.column_stack((x, y)),
        households=houses["households"].astype(np.int64),
        people=houses["people"].astype(np.int64),
        cases=houses["cases"],
        footprints=houses["geometry"],
    )
    named = [roads[key] + rivers[key] for key in ("kind", "name_zh", "name_en")]
    drawn = np.concatenate(inside)
    there = ~shapely.is_empty(drawn)
    kind, zh, en = (np.array(each, dtype=np.str_)[there] for each in named)
    return land, Lines(kind, zh, en, drawn[there])


def _there(shapes: Shapes) -> Shapes:
    return shapes[~shapely.is_empty(shapes)]


def _banks(shapes: Shapes) -> Shapes:
    """Rivers that are lines as they are, the banks of those that are areas."""
    drawn = _there(shapes)
    wide = shapely.get_dimensions(drawn) > 1
    return np.where(wide, shapely.boundary(drawn), drawn)


def _placed(
    ground: Ground, today: Plan, source: Source, of_unit: dict[int, int], found: dict[str, Any]
) -> dict[str, Any]:
    """Where sites lie and on which atom: one of the grid to which the city counts them."""
    x, y = source.move(np.column_stack((found["lon"], found["lat"]))).T
    where = np.column_stack((x, y))
    atom = standing(ground.shapes, where)
    tree = source.city.tree
    grid = tree.above("grid")[found["unit"]]
    own = np.array([of_unit.get(int(unit), NOTHING) for unit in grid], dtype=np.int32)
    there = (own != NOTHING) & (today.sizes[own] > 0)
    strays = np.flatnonzero(there & ((atom < 0) | (today.grid[atom] != own)))
    for number in np.unique(own[strays]).tolist():
        rows, atoms = strays[own[strays] == number], today.atoms(number)
        near = shapely.STRtree(ground.shapes[atoms]).nearest(shapely.points(where[rows]))
        atom[rows] = atoms[near]
    return {
        "x": x, "y": y, "lon": found["lon"], "lat": found["lat"], "cases": found["cases"],
        "atom": atom, "site": found["site"].astype(np.int32),
    }  # fmt: skip


def _held(ground: Ground, buildings: Buildings, outdoors: Outdoors) -> Ground:
    """The ground with what stands on each atom, so that grids hold what the city says of them."""

    def count(atom: Ints, held: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        on = atom >= 0
        return np.bincount(atom[on], held[on], len(ground)).astype(np.int64)

    inside: dict[str, Any] = {
        name: count(buildings.atom, getattr(buildings, name))
        for name in ("households", "people", "cases")
    }
    inside["cases"] = inside["cases"] + count(outdoors.atom, outdoors.cases)
    return replace(ground, **inside)


def write(part: Part, path: Path) -> None:
    """Put a part into a file, whole or not at all."""
    ground, edges = part.ground, part.ground.edges
    arrays: dict[str, Any] = {
        "community": ground.community, "households": ground.households,
        "people": ground.people, "cases": ground.cases, "grid": part.today.grid,
        **{f"edges_{name}": getattr(edges, name) for name in Edges.__dataclass_fields__},
        **_columns("buildings", part.buildings), **_columns("outdoors", part.outdoors),
        **_columns("lines", part.lines),
    }  # fmt: skip
    for name, shapes in zip(
        SHAPED, (ground.shapes, part.buildings.footprints, part.lines.shapes), strict=True
    ):
        arrays |= _flat(name, shapes)
    told = {
        "crs": ground.crs, "communities": ground.communities, "codes": part.today.codes,
        "residual": _plain(part.residual),
    }  # fmt: skip
    arrays["told"] = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with draft.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> Part:
    """Read a part.

    Raises:
        ValueError, OSError, KeyError: it is missing or damaged.
    """
    try:
        with path.open("rb") as file, np.load(file) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error
    told = json.loads(arrays["told"].tobytes())
    columns = ("community", "households", "people", "cases")
    edges = Edges(**{name: arrays[f"edges_{name}"] for name in Edges.__dataclass_fields__})
    ground = Ground(
        _shapes("atoms", arrays), told["crs"], communities=tuple(told["communities"]),
        edges=edges, **{name: arrays[name] for name in columns},
    )  # fmt: skip
    footprints, lines = (_shapes(name, arrays) for name in SHAPED[1:])
    return Part(
        ground,
        first_plan(ground, arrays["grid"], tuple(told["codes"])),
        _residual(told["residual"]),
        _buildings(arrays, footprints),
        Outdoors(**_own("outdoors", arrays)),
        Lines(**_own("lines", arrays), shapes=lines),
    )


def _buildings(arrays: dict[str, Any], footprints: Shapes) -> Buildings:
    """Buildings of a file; one of an older version of this program knows no estates."""
    own = _own("buildings", arrays)
    none = np.zeros(len(own["id"]), dtype="<U1")
    return Buildings(**{"estate": none} | own, footprints=footprints)


def _columns(name: str, table: Buildings | Outdoors | Lines) -> dict[str, Any]:
    shaped = {"footprints", "shapes"}
    return {
        f"{name}.{column}": getattr(table, column)
        for column in table.__dataclass_fields__
        if column not in shaped
    }


def _own(name: str, arrays: dict[str, Any]) -> dict[str, Any]:
    start = f"{name}."
    return {key.removeprefix(start): arrays[key] for key in arrays if key.startswith(start)}


def _flat(name: str, shapes: Shapes) -> dict[str, Any]:
    """Shapes end to end, and where each begins; one that is none takes no room."""
    wkb = [b"" if each is None else each for each in shapely.to_wkb(shapes, byte_order=1)]
    ends = np.cumsum([0, *map(len, wkb)], dtype=np.int64)
    return {f"{name}_wkb": np.frombuffer(b"".join(wkb), dtype=np.uint8), f"{name}_at": ends}


def _shapes(name: str, arrays: dict[str, Any]) -> Shapes:
    whole, at = arrays[f"{name}_wkb"].tobytes(), arrays[f"{name}_at"].tolist()
    wkb = [whole[a:b] or None for a, b in pairwise(at)]
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)))


def _plain(residual: Residual) -> dict[str, Any]:
    """A residual in the terms of JSON, which knows no pairs as keys."""
    return asdict(residual) | {
        "overlap_m2": [[*pair, size] for pair, size in residual.overlap_m2.items()]
    }


def _residual(told: dict[str, Any]) -> Residual:
    return Residual(
        {(one, two): size for one, two, size in told["overlap_m2"]},
        told["gap_m2"], tuple(told["in_pieces"]), tuple(told["lost"]),
    )  # fmt: skip
