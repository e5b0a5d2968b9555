"""Building footprints as numbers, turned into polygons all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    from geodata.demo.arrays import Bools, Floats, Ints, Objects, Shapes

Corners = tuple[tuple[float, float], ...]

_CROSS: Final[Corners] = (
    (-1, -0.45), (-0.45, -0.45), (-0.4, -1), (0.4, -1), (0.45, -0.45), (1, -0.45),
    (1, 0.55), (0.4, 0.55), (0.4, 1), (-0.4, 1), (-0.4, 0.55), (-1, 0.55),
)  # fmt: skip
_WINGS: Final[Corners] = (
    (-1, -0.8), (-0.2, -1), (-0.2, -0.5), (0.2, -0.5), (0.2, -1), (1, -0.8),
    (1, 0.6), (0.35, 0.6), (0.35, 1), (-0.35, 1), (-0.35, 0.6), (-1, 0.6),
)  # fmt: skip
_DENT: Final[Corners] = (
    (-1, -1), (-0.34, -1), (-0.34, -0.8), (-0.3, -0.8), (-0.3, -1), (0.3, -1),
    (0.3, -0.8), (0.34, -0.8), (0.34, -1), (1, -1), (1, 1), (-1, 1),
)  # fmt: skip
OUTLINES: Final[dict[str, Corners]] = {
    "box": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "cross": _CROSS,
    "wings": _WINGS,
    "ell": ((-1, -1), (1, -1), (1, -0.3), (-0.35, -0.3), (-0.35, 1), (-1, 1)),
    "you": ((-1, -1), (1, -1), (1, 1), (0.6, 1), (0.6, -0.35), (-0.6, -0.35), (-0.6, 1), (-1, 1)),
    "dent": _DENT,
}
NUMBER: Final = {name: number for number, name in enumerate(OUTLINES)}
CENTIMETRES: Final = 2

Values = float | npt.NDArray[np.float64] | npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Footprints:
    """Candidate buildings: atom, kind, outline number, middle, width, depth, angle, floors."""

    atom: Ints
    kind: Objects
    outline: Ints
    middle: Floats
    width: Floats
    depth: Floats
    angle: Floats
    floors: Ints

    def polygons(self) -> Shapes:
        """Make all polygons, rounded to 1 cm."""
        made: Shapes = np.empty(len(self.atom), dtype=object)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        for number, corners in enumerate(OUTLINES.values()):
            use = self.outline == number
            if not use.any():
                continue
            template = np.array(corners) / 2
            x = template[:, 0] * self.width[use, None]
            y = template[:, 1] * self.depth[use, None]
            c, s = cos[use, None], sin[use, None]
            east = self.middle[use, :1] + x * c - y * s
            north = self.middle[use, 1:] + x * s + y * c
            made[use] = shapely.polygons(np.stack([east, north], axis=-1).round(CENTIMETRES))
        return made


@dataclass(frozen=True, eq=False)
class Stand:
    """Where buildings stand: middles (n × 2), width and depth in metres, angle in radians."""

    middle: Floats
    size: tuple[Values, Values]
    angle: Values


@dataclass
class Lot:
    """Collects footprints of many plots, and the small things that lie on them."""

    parts: list[Footprints] = field(default_factory=list)
    details: list[tuple[str, int, shapely.Geometry]] = field(default_factory=list)

    def put(
        self,
        atom: int | Ints,
        kind: str,
        outline: str | Objects,
        stand: Stand,
        floors: Values,
    ) -> None:
        """Add buildings of one kind; what is given once holds for all of them."""
        count = len(stand.middle)
        if not count:
            return
        if isinstance(outline, str):
            numbers = np.full(count, NUMBER[outline], dtype=np.int64)
        else:
            numbers = np.array([NUMBER[name] for name in outline], dtype=np.int64)
        values = *stand.size, stand.angle
        spread = [np.broadcast_to(np.asarray(v, dtype=float), count) for v in values]
        self.parts.append(
            Footprints(
                atom=np.broadcast_to(np.asarray(atom, dtype=np.int64), count),
                kind=np.full(count, kind, dtype=object),
                outline=numbers,
                middle=np.asarray(stand.middle, dtype=float),
                width=spread[0],
                depth=spread[1],
                angle=spread[2],
                floors=np.broadcast_to(np.asarray(floors, dtype=np.int64), count),
            )
        )

    def all(self) -> Footprints:
        """Everything put so far in one."""
        return concatenate(self.parts)


def concatenate(parts: list[Footprints]) -> Footprints:
    """Put footprints one after the other."""
    names = Footprints.__dataclass_fields__
    return Footprints(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in names})


def chosen(footprints: Footprints, keep: Bools | Ints) -> Footprints:
    """Keep some of the footprints."""
    names = Footprints.__dataclass_fields__
    return Footprints(**{name: getattr(footprints, name)[keep] for name in names})
