"""The ground of every plan: atoms that cover each community once, and which of them touch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

KEY_LENGTH: Final = 16


class Barrier(IntEnum):
    """What lies between two neighbouring atoms; from NARROW on no grid hangs together over it."""

    NONE = 0
    ARTERIAL = 1
    RIVER = 2
    NARROW = 3  # hardly more than a point
    COMMUNITY = 4


@dataclass(frozen=True)
class Edges:
    """Pairs of atoms with a common border, each once, first < second.

    length_m: of the common border; barrier: a `Barrier` of each.
    """

    first: Ints
    second: Ints
    length_m: Floats
    barrier: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Neighbours:
    """The same pairs by atom: of atom i `other[start[i]:start[i + 1]]`; edge: rows of `Edges`."""

    start: Ints
    other: Ints
    edge: Ints

    def of(self, atom: int) -> Ints:
        """The atoms that touch one."""
        return self.other[self.start[atom] : self.start[atom + 1]]


@dataclass(frozen=True)
class Ground:
    """Atoms as rows of arrays; a plan is one more column over them.

    shapes: polygons in metres of a projected CRS, a coverage without gaps inside each community.
    community: row in `communities`, their codes.
    households, people, cases: what each atom holds; cases of the year the load rests on.
    """

    shapes: Shapes
    crs: str
    community: Ints
    communities: tuple[str, ...]
    households: npt.NDArray[np.int64]
    people: npt.NDArray[np.int64]
    cases: npt.NDArray[np.int64]
    edges: Edges

    def __len__(self) -> int:
        """How many atoms."""
        return len(self.shapes)

    @cached_property
    def key(self) -> str:
        """A name of exactly this ground; a plan says on which one it stands."""
        digest = hashlib.sha256("\n".join((self.crs, *self.communities)).encode())
        for shape in shapely.to_wkb(self.shapes, byte_order=1):
            digest.update(shape)
        for column in (self.community, self.households, self.people, self.cases):
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()[:KEY_LENGTH]

    @cached_property
    def area_m2(self) -> Floats:
        """The area of each atom."""
        return np.asarray(shapely.area(self.shapes), dtype=np.float64)

    @cached_property
    def perimeter_m(self) -> Floats:
        """The border of each atom, holes included."""
        return np.asarray(shapely.length(self.shapes), dtype=np.float64)

    @cached_property
    def neighbours(self) -> Neighbours:
        """Who touches whom, where a grid may hang together over the common border."""
        edges = self.edges
        kept = np.flatnonzero(edges.barrier < Barrier.NARROW).astype(np.int32)
        ends = np.concatenate((edges.first[kept], edges.second[kept]))
        others = np.concatenate((edges.second[kept], edges.first[kept]))
        order = np.argsort(ends, kind="stable")
        start = np.zeros(len(self) + 1, dtype=np.int32)
        np.cumsum(np.bincount(ends, minlength=len(self)), out=start[1:])
        return Neighbours(start, others[order].astype(np.int32), np.tile(kept, 2)[order])

    def load(self, share_of_people: float = 0.7) -> Floats:
        """What each atom weighs: people and cases, each as a share of all, summing to 1,000,000.

        Raises:
            ValueError: share_of_people is no share.
        """
        if not 0 <= share_of_people <= 1:
            raise ValueError(share_of_people)
        people, cases = (column / max(int(column.sum()), 1) for column in (self.people, self.cases))
        return np.asarray((share_of_people * people + (1 - share_of_people) * cases) * 1e6)
