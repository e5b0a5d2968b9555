"""Areas in pieces along a line, without slivers; and lines that go around buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.slivers import is_sliver

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

NODE_M: Final = 1e-6  # lines that come this near meet: far less than anybody draws
SNAP_M: Final = 0.5  # a line this near to a corner goes through it
WALL_M: Final = 0.5  # between a building and a line that goes around it
HALF: Final = 0.5
MITRE: Final = "mitre"


def halved(
    areas: Shapes, line: shapely.Geometry, where: Floats, households: Counts
) -> tuple[Rows, Shapes]:
    """Areas in pieces along a line: of which area each piece is, and its shape, largest first.

    areas: neighbours share every vertex; where: (n, 2) of buildings, which make a piece more than
    a sliver. All is noded in one go, so that pieces of neighbours meet in the same vertices.
    """
    corners = shapely.get_coordinates(areas)
    near = shapely.snap(line, shapely.multipoints(corners), SNAP_M)
    noded = shapely.union_all([*shapely.boundary(areas), near], grid_size=NODE_M)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))
    faces = _with_corners(faces, corners)
    inner = shapely.point_on_surface(faces)
    of, face = shapely.STRtree(inner).query(areas, predicate="contains")
    found = [(area, _without_slivers(faces[face[of == area]], where, households))
             for area in np.unique(of)]  # fmt: skip
    rows = np.repeat([area for area, _ in found], [len(shapes) for _, shapes in found])
    return rows.astype(np.intp), np.concatenate([areas[:0], *(shapes for _, shapes in found)])


def _with_corners(faces: Shapes, corners: Floats) -> Shapes:
    """The faces with the corners of before to the last bit, where noding has rounded them."""
    rounded = {_place(at): at for at in map(tuple, corners.tolist())}

    def put(points: Floats) -> Floats:
        return np.array([rounded.get(_place(at), at) for at in map(tuple, points.tolist())])

    return np.asarray(shapely.transform(faces, put))


def _place(at: tuple[float, float]) -> tuple[int, int]:
    return round(at[0] / NODE_M), round(at[1] / NODE_M)


def _without_slivers(pieces: Shapes, where: Floats, households: Counts) -> Shapes:
    """The pieces of one area; each sliver joins the piece with which it has most border."""
    while len(pieces) > 1:
        on = [shapely.intersects_xy(each, *where.T) for each in pieces]
        held = np.array([int(households[each].sum()) for each in on])
        area = shapely.area(pieces)
        slivers = np.flatnonzero(is_sliver(pieces, held))
        if not len(slivers):
            break
        least = int(slivers[np.argmin(area[slivers])])
        borders = shapely.boundary(pieces)
        shared = shapely.length(shapely.intersection(borders[least], borders))
        shared[least] = -1
        host = int(np.argmax(shared))
        pieces = pieces.copy()
        pieces[host] = shapely.coverage_union(pieces[host], pieces[least])
        pieces = np.delete(pieces, least)
    return pieces[np.argsort(-shapely.area(pieces), kind="stable")]


def inside(areas: Shapes, region: shapely.Geometry) -> Bools:
    """Which areas lie in a region by more than half of their ground."""
    shapely.prepare(region)
    share = np.zeros(len(areas))
    touched = np.flatnonzero(shapely.intersects(region, areas))
    share[touched] = shapely.area(shapely.intersection(areas[touched], region))
    return np.asarray(share > HALF * shapely.area(areas))


def crossed(region: shapely.Geometry, footprints: Shapes) -> Rows:
    """Rows of the buildings through which the border of a region, or a line, runs."""
    border = shapely.boundary(region) if shapely.get_dimensions(region) > 1 else region
    rows = np.flatnonzero(shapely.intersects(footprints, border))
    return rows[~shapely.touches(footprints[rows], border)]


def around(region: shapely.Geometry, footprints: Shapes, where: Floats) -> shapely.Geometry:
    """A region whose border goes around buildings: whole on the side where each one's point is."""
    rows = crossed(region, footprints)
    if not len(rows):
        return region
    ours = shapely.intersects_xy(region, *where[rows].T)
    wide = shapely.buffer(footprints[rows], WALL_M, join_style=MITRE)
    taken = shapely.union_all([region, *wide[ours]])
    taken = shapely.difference(taken, shapely.union_all(wide[~ours]))
    return shapely.union_all([taken, *footprints[rows][ours]])


def sides(area: shapely.Geometry, line: shapely.Geometry) -> shapely.Geometry | None:
    """What of an area lies to the left of a line that crosses it; None if it does not."""
    noded = shapely.union_all([shapely.boundary(area), line])
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))
    inner = shapely.point_on_surface(faces)
    within = shapely.intersects(area, inner)
    left = np.array([_is_left(line, point) for point in inner], dtype=np.bool_)
    if not (within & left).any() or not (within & ~left).any():
        return None
    return shapely.union_all(faces[within & left])


def _is_left(line: shapely.Geometry, point: shapely.Geometry) -> bool:
    """On which side of the nearest stretch of a line a point is."""
    at = shapely.get_coordinates(line)
    begin, end = at[:-1], at[1:]
    own = shapely.get_coordinates(point)[0]
    nearest = shapely.distance(shapely.linestrings(np.stack((begin, end), axis=1)), point)
    row = int(np.argmin(nearest))
    (bx, by), (ex, ey) = begin[row], end[row]
    return bool((ex - bx) * (own[1] - by) - (ey - by) * (own[0] - bx) > 0)


def prolonged(line: shapely.Geometry, area: shapely.Geometry, most_m: float) -> shapely.Geometry:
    """A line whose ends inside an area go straight on, so far as `most_m`, to leave it."""
    at = shapely.get_coordinates(line)
    for end, before in ((0, 1), (-1, -2)):
        if shapely.intersects(area, shapely.points(at[end])):
            way = at[end] - at[before]
            at[end] = at[end] + way / max(float(np.hypot(*way)), 1e-9) * most_m
    return shapely.LineString(at)
