"""Free polygons onto atoms: each atom to the grid that has most of it, and what did not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.planner.pieces import broken, pieces
from geodata.planner.strips import wider

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.planner.ground import Ground

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

SNAP_M: Final = 2.0  # corners of neighbours that come this near are one
GAP_M: Final = 3.0  # openings up to this width are closed
TOLD_M2: Final = 1.0  # less is rounding
ON_M: Final = 1e-6  # this near is on it
EXACT_M: Final = 0.05  # what rounding in a file may move
BESIDE, AT_ONCE = 40, 256  # neighbours of a polygon in the mean, and polygons looked at in one go
FEW_PAIRS: Final = 40_000  # of which any file may have as many
STRIP_M: Final = 1.0  # what is nowhere wider lies between two drawings of one border
NOBODY: Final = -1
THROUGH, BARE, BORDER, APART = "through", "bare", "border", "apart"


@dataclass(frozen=True)
class Off:
    """What of the drawn polygons the atoms could not follow, of one of them.

    drawn: its row; kind: `through` = its border runs through atoms, `border` = over the border of
    its community, `apart` = a piece by itself, which a neighbour gets; `bare` (drawn -1) = atoms
    that no polygon covers, which stay as they are. area_m2 in so many atoms.
    """

    drawn: int
    kind: str
    area_m2: float
    atoms: tuple[int, ...]


@dataclass(frozen=True)
class Fitted:
    """Which drawn polygon each atom belongs to, NOBODY where none covers it.

    community: of each polygon, NOBODY where it lies on no atom; crossed: atoms through which a
    border runs, other than one that was meant to follow theirs; off: what did not fit; strips_m2,
    stripped: ground of strips along borders, which is none of that, and of how many polygons.
    """

    owner: Ints
    community: Ints
    crossed: Ints
    off: tuple[Off, ...]
    strips_m2: float = 0.0
    stripped: int = 0


@dataclass(frozen=True)
class Twice:
    """Ground that two drawn polygons both cover; first, second: their rows."""

    first: int
    second: int
    area_m2: float


def crowded(shapes: Shapes) -> bool:
    """Whether drawn polygons lie over each other by far more than the grids of one layer do.

    Each two of them would be compared: of some thousand on one spot that takes gigabytes.
    """
    tree, pairs, most = shapely.STRtree(shapes), 0, FEW_PAIRS + BESIDE * len(shapes)
    for first in range(0, len(shapes), AT_ONCE):
        pairs += tree.query(shapes[first : first + AT_ONCE]).shape[1]
        if pairs > most:
            return True
    return False


def twice(shapes: Shapes) -> tuple[Twice, ...]:
    """Where drawn polygons overlap, before they are cleaned; what rounding does is left out."""
    sound = shapely.make_valid(shapes)
    one, two = shapely.STRtree(sound).query(sound, predicate="intersects")
    one, two = one[one < two], two[one < two]
    common = shapely.intersection(sound[one], sound[two])
    area = shapely.area(common)
    wide = (area >= TOLD_M2) & wider(common, 2 * EXACT_M)  # either border may be off
    order = np.flatnonzero(wide)[np.argsort(-area[wide], kind="stable")]
    return tuple(Twice(int(one[row]), int(two[row]), float(area[row])) for row in order)


def clean(shapes: Shapes, snap_m: float = SNAP_M, gap_m: float = GAP_M) -> Shapes:
    """Polygons as a coverage: what is drawn twice or by none goes to one of the neighbours.

    Both distances are always named: what the library finds by itself takes minutes on bad data,
    and with none it may swallow whole polygons.
    """
    sound = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    if shapely.coverage_is_valid(sound, gap_width=gap_m):
        return np.asarray(sound)
    cleaned = shapely.coverage_clean(  # type: ignore[attr-defined] # stubs of an older version
        sound, snapping_distance=snap_m, gap_width=gap_m
    )
    lost = shapely.is_empty(cleaned) & ~shapely.is_empty(sound)
    return np.asarray(np.where(lost, sound, cleaned))


def fitted(ground: Ground, shapes: Shapes, drawn_as: Shapes | None = None) -> Fitted:
    """Give each atom to the polygon that has most of it, in one piece and one community.

    shapes: cleaned polygons in the metres of the ground; drawn_as: those before they were cleaned,
    since nobody drew what cleaning moved.
    """
    atom, drawn, area = _on_land(ground, shapes, *_shares(ground, shapes))
    community = _communities(ground, len(shapes), atom, drawn, area)
    foreign = ground.community[atom] != community[drawn]
    owner = _most(ground.area_m2, atom[~foreign], drawn[~foreign], area[~foreign])
    astray = np.flatnonzero(foreign | (owner[atom] != drawn))
    thick = _are_thick(ground, (shapes, drawn_as), atom[astray], drawn[astray])
    thin, astray = astray[~thick], astray[thick]
    through, over = astray[~foreign[astray]], astray[foreign[astray]]
    off = _told(THROUGH, atom[through], drawn[through], area[through])
    off += _told(BORDER, atom[over], drawn[over], area[over])
    crossed = np.unique(atom[through]).astype(np.int32)
    bare = np.flatnonzero(owner == NOBODY)
    if len(bare):
        off.append(Off(NOBODY, BARE, float(ground.area_m2[bare].sum()), tuple(bare.tolist())))
    owner, apart = _in_one_piece(ground, owner)
    strips = _strips(ground, shapes if drawn_as is None else drawn_as, atom[thin], drawn[thin])
    return Fitted(owner, community, crossed, (*off, *apart), *strips)


def _on_land(
    ground: Ground, shapes: Shapes, atom: Ints, drawn: Ints, area: Floats
) -> tuple[Ints, Ints, Floats]:
    """The shares of polygons that are on the ground, not beside it but for a strip."""
    held = np.bincount(drawn, area, len(shapes))
    some = np.flatnonzero((held > 0) & (held < shapely.area(shapes) / 2))
    rows = np.flatnonzero(np.isin(drawn, some))
    thick = rows[_are_thick(ground, (shapes,), atom[rows], drawn[rows])]
    kept = ~np.isin(drawn, np.setdiff1d(some, drawn[thick]))
    return atom[kept], drawn[kept], area[kept]


def _most(size: Floats, atom: Ints, drawn: Ints, area: Floats) -> Ints:
    """By atom, the polygon that has most of it; NOBODY where nobody drew on most of it."""
    order = np.lexsort((drawn, -area, atom))
    first = order[np.flatnonzero(np.diff(atom[order], prepend=NOBODY))]
    bare = size - np.bincount(atom, area, len(size))
    first = first[area[first] >= bare[atom[first]]]
    owner = np.full(len(size), NOBODY, dtype=np.int32)
    owner[atom[first]] = drawn[first]
    return owner


def _shares(ground: Ground, shapes: Shapes) -> tuple[Ints, Ints, Floats]:
    """Pairs of atom and polygon with common ground, and how much that is."""
    tree = shapely.STRtree(ground.shapes)
    drawn, atom = tree.query(shapes, predicate="intersects")
    inner = tree.query(shapes, predicate="covers")
    whole = np.isin(drawn * len(ground) + atom, inner[0] * len(ground) + inner[1])
    area = ground.area_m2[atom]
    cut = shapely.intersection(ground.shapes[atom[~whole]], shapes[drawn[~whole]])
    area[~whole] = shapely.area(cut)
    kept = area > 0
    return atom[kept].astype(np.int32), drawn[kept].astype(np.int32), area[kept]


def _communities(ground: Ground, count: int, atom: Ints, drawn: Ints, area: Floats) -> Ints:
    """Of each polygon, the community with most of it."""
    size = len(ground.communities)
    pairs, place = np.unique(drawn.astype(np.int64) * size + ground.community[atom],
                             return_inverse=True)  # fmt: skip
    held = np.bincount(place, area, len(pairs))
    order = np.lexsort((held, pairs // size))  # the largest of a polygon comes last
    found = np.full(count, NOBODY, dtype=np.int32)
    found[pairs[order] // size] = pairs[order] % size
    return found


def _are_thick(
    ground: Ground, drawings: Sequence[Shapes | None], atom: Ints, drawn: Ints
) -> npt.NDArray[np.bool_]:
    """Which common grounds are more than the strip between two drawings of one border.

    drawings: the same polygons in each form in which it has to be so.
    """
    thick = np.ones(len(atom), dtype=np.bool_)
    for shapes in drawings:
        if shapes is not None:
            common = shapely.intersection(ground.shapes[atom[thick]], shapes[drawn[thick]])
            thick[thick] = wider(common, STRIP_M)
    return thick


def _strips(ground: Ground, shapes: Shapes, atom: Ints, drawn: Ints) -> tuple[float, int]:
    """The ground of strips, and of how many polygons; none where a polygon has hardly any."""
    area = shapely.area(shapely.intersection(ground.shapes[atom], shapes[drawn]))
    held = np.bincount(drawn, area, len(shapes))
    told = held[held >= TOLD_M2]
    return float(told.sum()), len(told)


def _told(kind: str, atom: Ints, drawn: Ints, area: Floats) -> list[Off]:
    return [
        Off(row, kind, total, tuple(np.unique(atom[drawn == row]).tolist()))
        for row in np.unique(drawn).tolist()
        if (total := float(area[drawn == row].sum())) >= TOLD_M2
    ]


def _in_one_piece(ground: Ground, owner: Ints) -> tuple[Ints, list[Off]]:
    """Give pieces that hang apart from the rest of their polygon to the neighbour beside them."""
    off: list[Off] = []
    for _ in range(len(ground)):  # each round makes some of them whole
        numbered = np.where(owner == NOBODY, owner.max(initial=NOBODY) + 1, owner)
        lost = [row for row in broken(ground, numbered).tolist() if row <= owner.max()]
        moved = False
        for row in lost:
            for part in pieces(ground, np.flatnonzero(owner == row).astype(np.int32))[1:]:
                to = _beside(ground, owner, part, row)
                if to != NOBODY:
                    owner[part], moved = to, True
                    size = float(ground.area_m2[part].sum())
                    off.append(Off(row, APART, size, tuple(part.tolist())))
        if not moved:
            break
    return owner, off


def _beside(ground: Ground, owner: Ints, part: Ints, own: int) -> int:
    """The polygon with the longest border to some atoms, over which a grid may reach them."""
    near, edges = ground.neighbours, ground.edges
    length: dict[int, float] = {}
    for atom in part.tolist():
        here = slice(near.start[atom], near.start[atom + 1])
        for other, edge in zip(near.other[here], near.edge[here], strict=True):
            to = int(owner[other])
            if to not in {own, NOBODY}:
                length[to] = length.get(to, 0.0) + float(edges.length_m[edge])
    return max(length, key=lambda to: (length[to], -to), default=NOBODY)


def lines(ground: Ground, shapes: Shapes, atoms: Sequence[int]) -> shapely.Geometry:
    """The borders of polygons as far as they run through some atoms, a hand beyond these."""
    within = ground.shapes[list(atoms)]
    inner = shapely.buffer(shapely.union_all(within), EXACT_M)
    near = shapely.STRtree(shapes).query(inner, predicate="intersects")
    borders = shapely.boundary(shapes[np.sort(near)])
    edges = shapely.union_all(shapely.boundary(within))
    drawn = shapely.transform(shapely.intersection(borders, inner), lambda at: _onto(at, edges))
    # What runs along the border of an atom cuts nothing.
    return shapely.line_merge(shapely.union_all(drawn))


def _onto(at: Floats, edges: shapely.Geometry) -> Floats:
    """Points that rounding has moved off the corners and borders of atoms, back on them."""
    points = shapely.points(at)
    corners = np.unique(shapely.get_coordinates(edges), axis=0)
    apart, which = cKDTree(corners).query(at, distance_upper_bound=EXACT_M)
    found = at.copy()
    known = np.isfinite(apart)
    found[known] = corners[which[known]]
    off = shapely.distance(points, edges)
    beside = ~known & (off > ON_M) & (off <= EXACT_M)
    near = shapely.get_point(shapely.shortest_line(edges, np.asarray(points)[beside]), 0)
    found[beside] = shapely.get_coordinates(near)
    return found
