"""Atoms cut along a drawing: what a cut changes of a ground, kept so that it can be done again.

The pieces of an atom are the atom: areas and what it holds stay, neighbours get the vertices that
the cut made, and whatever hung together over the atom still does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.planner.atoms import standing
from geodata.planner.ground import KEY_LENGTH, Edges, Ground
from geodata.planner.halving import NODE_M, halved
from geodata.planner.lineage import uncut
from geodata.planner.seams import seams, with_vertices

if TYPE_CHECKING:
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

HELD: Final = ("households", "people", "cases")


@dataclass(frozen=True)
class Standing:
    """What stands on atoms and goes to one side of a cut, a row each.

    where: (n, 2) metres; atom: on which it stands, -1 on none; held: (3, n) households, people,
    cases.
    """

    where: Floats
    atom: Ints
    held: Counts


@dataclass(frozen=True)
class Cut:
    """What a cut made of a ground of `size` atoms.

    atoms: that were cut, each its largest piece now, which holds `held` (3, n); parents, added,
    added_held: the other pieces, which come after all other atoms; rows, shapes: all atoms with
    another border, neighbours as well; gone: rows of `Edges` that are no more; edges: those that
    are there instead; moved, to: rows of `Standing` that stand on another atom now.
    """

    size: int
    atoms: Ints
    held: Counts
    parents: Ints
    added: Shapes
    added_held: Counts
    rows: Ints
    shapes: Shapes
    gone: Ints
    edges: Edges
    moved: Ints
    to: Ints

    @property
    def lineage(self) -> Ints:
        """From which atom each one of the ground after it was cut, itself if from none."""
        return np.concatenate((uncut(self.size), self.parents))


@dataclass(frozen=True)
class _Pieces:
    """All pieces of the cut atoms; atom: of which each is one; number: that it gets."""

    atom: Ints
    shapes: Shapes
    number: Ints

    @classmethod
    def of(cls, atom: Ints, shapes: Shapes, size: int) -> _Pieces:
        """Number pieces that stand together by atom, the largest first."""
        first = np.diff(atom, prepend=-1) != 0
        number = atom.copy()
        number[~first] = size + np.arange(int((~first).sum()))
        return cls(atom, shapes, number)

    @property
    def first(self) -> npt.NDArray[np.bool_]:
        """Which pieces keep the number of their atom."""
        return np.asarray(self.number == self.atom)


def cut(
    ground: Ground, drawn: shapely.Geometry, atoms: Ints, there: Standing
) -> tuple[Ground, Ints]:
    """The ground with some atoms cut along a line or the border of an area, and its parents.

    drawn: in metres of the ground; an atom keeps its number for its largest piece, further pieces
    come last. Nothing is cut where only a sliver would come off.
    """
    done = carved(ground, drawn, atoms, there)
    return (ground, uncut(len(ground))) if done is None else (after(ground, done), done.lineage)


def carved(ground: Ground, drawn: shapely.Geometry, atoms: Ints, there: Standing) -> Cut | None:
    """What cutting some atoms along a drawing makes of a ground; None where it cuts none."""
    line = shapely.boundary(drawn) if shapely.get_dimensions(drawn) > 1 else drawn
    line = shapely.set_precision(line, NODE_M)
    crossed = np.unique(atoms[shapely.intersects(ground.shapes[atoms], line)]).astype(np.int32)
    if not len(crossed):
        return None
    on = np.flatnonzero(np.isin(there.atom, crossed))
    where = there.where[on]
    of, shapes = halved(ground.shapes[crossed], line, where, there.held[0, on])
    several = (np.bincount(of, minlength=len(crossed)) > 1)[of]
    if not several.any():
        return None
    return _cut(ground, _Pieces.of(crossed[of[several]], shapes[several], len(ground)), there, on)


def _cut(ground: Ground, pieces: _Pieces, there: Standing, on: Rows) -> Cut:
    first = pieces.first
    atoms = pieces.atom[first]
    edges = ground.edges
    touched = np.isin(edges.first, atoms) | np.isin(edges.second, atoms)
    gone = np.flatnonzero(touched)
    near = np.setdiff1d(np.concatenate((edges.first[gone], edges.second[gone])), atoms)
    fresh = _fresh(pieces.shapes, ground.shapes[atoms])
    beside = np.array([with_vertices(each, fresh) for each in ground.shapes[near]], dtype=object)
    other = beside != ground.shapes[near]
    joined = seams(
        ground, gone, np.concatenate((pieces.number, near)).astype(np.int32),
        np.concatenate((pieces.shapes, beside)), np.concatenate((pieces.atom, near)),
    )  # fmt: skip
    kept = np.isin(there.atom[on], atoms)
    on, piece = on[kept], _sides(pieces, there.where[on[kept]], there.atom[on[kept]])
    held = _shares(ground, pieces, piece, there.held[:, on])
    moved = pieces.number[piece] != there.atom[on]
    return Cut(
        len(ground), atoms, held[:, first], pieces.atom[~first], pieces.shapes[~first],
        held[:, ~first], np.concatenate((atoms, near[other])).astype(np.int32),
        np.concatenate((pieces.shapes[first], beside[other])), gone.astype(np.int32), joined,
        on[moved].astype(np.int32), pieces.number[piece[moved]],
    )  # fmt: skip


def _fresh(pieces: Shapes, before: Shapes) -> Floats:
    """Vertices that the cut made."""
    made, known = (shapely.get_coordinates(each) for each in (pieces, before))
    seen = set(map(tuple, known.tolist()))
    return np.array([at for at in dict.fromkeys(map(tuple, made.tolist())) if at not in seen])


def _sides(pieces: _Pieces, where: Floats, atom: Ints) -> Rows:
    """The piece on which each point stands: one of its atom, the nearest if it is beside it."""
    on = standing(pieces.shapes, where)
    for row in np.flatnonzero((on < 0) | (pieces.atom[on] != atom)).tolist():
        own = np.flatnonzero(pieces.atom == atom[row])
        on[row] = own[
            int(np.argmin(shapely.distance(pieces.shapes[own], shapely.Point(where[row]))))
        ]
    return on.astype(np.intp)


def _shares(ground: Ground, pieces: _Pieces, piece: Rows, held: Counts) -> Counts:
    """What each piece holds; what of an atom stands nowhere goes with its largest piece."""
    size, first = len(pieces.atom), pieces.first
    on = np.stack([np.bincount(piece, each, size).astype(np.int64) for each in held])
    group = np.cumsum(first) - 1
    for row, name in enumerate(HELD):
        whole = getattr(ground, name)[pieces.atom[first]]
        on[row, first] += whole - np.bincount(group, on[row], len(whole)).astype(np.int64)
    return on


def after(ground: Ground, cut: Cut) -> Ground:
    """A ground once it is cut."""
    shapes = np.concatenate((ground.shapes, cut.added))
    shapes[cut.rows] = cut.shapes
    held: dict[str, Any] = {}
    for row, name in enumerate(HELD):
        held[name] = np.concatenate((getattr(ground, name), cut.added_held[row]))
        held[name][cut.atoms] = cut.held[row]
    made = replace(
        ground, shapes=shapes, edges=_edges(ground.edges, cut), **held,
        community=np.concatenate((ground.community, ground.community[cut.parents])),
    )  # fmt: skip
    # What is known of the other atoms need not be reckoned again.
    for name, measure in (("area_m2", shapely.area), ("perimeter_m", shapely.length)):
        known = np.concatenate((getattr(ground, name), measure(cut.added)))
        known[cut.rows] = measure(cut.shapes)
        made.__dict__[name] = known
    made.__dict__["key"] = _key(ground, cut)
    return made


def _edges(edges: Edges, cut: Cut) -> Edges:
    kept = np.ones(len(edges.first), dtype=np.bool_)
    kept[cut.gone] = False
    columns = (
        np.concatenate((getattr(edges, name)[kept], getattr(cut.edges, name)))
        for name in Edges.__dataclass_fields__
    )
    return Edges(*columns)


def _key(ground: Ground, cut: Cut) -> str:
    """A name of exactly the ground after a cut, made of the one before: a city has many atoms."""
    digest = hashlib.sha256(ground.key.encode())
    for shape in shapely.to_wkb(np.concatenate((cut.shapes, cut.added)), byte_order=1):
        digest.update(shape)
    for column in (cut.rows, cut.parents, cut.held, cut.added_held, cut.edges.barrier):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:KEY_LENGTH]
