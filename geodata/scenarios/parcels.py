"""The land about some buildings: what of their atoms is nearer to them than to other buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.grounded import Grounded

    Rows = npt.NDArray[np.intp]


def parcels(there: Grounded, rows: Rows) -> shapely.Geometry:
    """The parcels of buildings by row; an atom where nothing else stands is one as a whole."""
    houses, found = there.buildings, []
    for atom in np.unique(houses.atom[rows]).tolist():
        shape = there.ground.shapes[atom]
        beside = np.flatnonzero(houses.atom == atom)
        if np.isin(beside, rows).all():
            found.append(shape)
            continue
        found.append(shapely.intersection(_cells(there, rows, beside, shape), shape))
    return shapely.union_all(found)


def _cells(there: Grounded, rows: Rows, beside: Rows, shape: shapely.Geometry) -> shapely.Geometry:
    """The Voronoi cells of the wanted among the buildings of one atom."""
    houses = there.buildings
    where = np.column_stack((houses.x[beside], houses.y[beside]))
    apart, of = np.unique(where, axis=0, return_inverse=True)
    wanted = np.unique(of.ravel()[np.isin(beside, rows)])
    if len(wanted) == len(apart):
        return shape
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(apart), extend_to=shape, ordered=True)
    )
    return shapely.union_all(cells[wanted])
