"""What lies below a plan, as JSON: atoms, buildings, lines that a border may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from dashboard.server.planning.outlined import rings_of
from geodata.scenarios.grounded import degrees

if TYPE_CHECKING:
    from dashboard.server.planning.scope import Scope

BESIDE_M: Final = 150.0  # around the place, within which lines are sent
DIGITS: Final = 7


def land(scope: Scope) -> dict[str, Any]:
    """The land of a place in degrees of WGS-84."""
    there = scope.there
    shapes = degrees(there, there.ground.shapes[scope.atoms])
    return {
        "ground": there.ground.key, "crs": there.crs,
        "box": [float(edge) for edge in shapely.total_bounds(shapes)],
        "atoms": _atoms(scope, shapes), "buildings": _buildings(scope), "lines": _lines(scope),
    }  # fmt: skip


def _atoms(scope: Scope, shapes: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - shapes
    ground = scope.there.ground
    return [
        {
            "id": atom, "rings": rings_of(shape), "households": int(ground.households[atom]),
            "community": ground.communities[int(ground.community[atom])],
        }
        for atom, shape in zip(scope.atoms.tolist(), shapes, strict=True)
    ]  # fmt: skip


def _buildings(scope: Scope) -> list[dict[str, Any]]:
    houses = scope.there.buildings
    inside = np.zeros(len(scope.there.ground) + 1, dtype=bool)  # the last stands for "none"
    inside[scope.atoms] = True
    rows = np.flatnonzero(inside[houses.atom])
    columns = (
        houses.id[rows].tolist(), houses.lon[rows].round(DIGITS).tolist(),
        houses.lat[rows].round(DIGITS).tolist(), houses.households[rows].tolist(),
        houses.atom[rows].tolist(),
    )  # fmt: skip
    names = ("id", "lon", "lat", "households", "atom")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _lines(scope: Scope) -> list[dict[str, Any]]:
    there = scope.there
    bounds = shapely.total_bounds(there.ground.shapes[scope.atoms])
    near = shapely.box(*(bounds + np.array([-1, -1, 1, 1]) * BESIDE_M))
    rows = np.flatnonzero(shapely.intersects(there.lines.shapes, near))
    names = there.lines.name_zh if scope.language == "zh" else there.lines.name_en
    moved = degrees(there, there.lines.shapes[rows])
    return [
        {"kind": str(there.lines.kind[row]), "name": str(names[row]), "points": points}
        for row, shape in zip(rows.tolist(), moved, strict=True)
        for points in _points(shape)
    ]


def _points(shape: shapely.Geometry) -> list[list[list[float]]]:
    """The points of each part of a line, or of each ring of an area."""
    parts = shapely.get_parts(shape)
    return [
        shapely.get_coordinates(line).tolist()
        for part in parts
        for line in ((part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,))
    ]
