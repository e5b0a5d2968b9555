"""What the detectors are given: cases as columns, and the ground on which they lie."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.model.earth import METRES_A_DEGREE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Places = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int32]

CELL_M: Final = 100.0  # of the lattice on which people are added up
MOST_CELLS: Final = 4_000  # along one side: a city wider than 400 km has wider cells
BY_PLACE: Final = 0.1  # of the prior is spread over inhabited cells alike, not by people


@dataclass(frozen=True, eq=False)
class Cases:
    """Cases that count, in order of `reported` (epoch seconds); codes are rows, −1 = none.

    x, y: metres east and north of a point of the city, NaN where the place is unknown.
    zones: units that a case lies in, zone level × case, −1 = in none. A city has millions of cases
    in a quarter, so that every column is as narrow as it may be (`NARROW`).
    """

    id: Ints
    reported: Ints
    x: Places
    y: Places
    site: Rows
    matter: npt.NDArray[np.int16]
    category: npt.NDArray[np.int16]
    zones: Rows

    def __len__(self) -> int:
        """How many."""
        return len(self.reported)

    def upto(self, now: int) -> Cases:
        """Those reported by a moment."""
        end = int(np.searchsorted(self.reported, now, side="right"))
        return Cases(**{n: getattr(self, n)[:end] for n in NARROW}, zones=self.zones[:, :end])

    @classmethod
    def joined(cls, parts: Iterable[Cases]) -> Cases:
        """Cases of several files, put in order of time."""
        names = (*NARROW, "zones")
        return cls(**in_time({name: getattr(part, name) for name in names} for part in parts))


def in_time(parts: Iterable[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
    """The columns of several parts as one, in order of `reported` and `id`.

    A part made on the way is let go in its turn, and then one column after the other, so that the
    cases are not there twice.
    """
    pieces: defaultdict[str, list[npt.NDArray[Any]]] = defaultdict(list)
    for part in parts:
        for name, column in part.items():
            pieces[name].append(column)
    whole = {name: np.concatenate(pieces.pop(name), axis=-1) for name in list(pieces)}
    order = np.lexsort((whole["id"], whole["reported"]))
    return {name: whole.pop(name)[..., order] for name in list(whole)}


NARROW: Final = {
    "id": np.int64, "reported": np.int64, "x": np.float32, "y": np.float32, "site": np.int32,
    "matter": np.int16, "category": np.int16,
}  # fmt: skip


@dataclass(frozen=True)
class Projection:
    """Degrees to metres on a plane that touches the city; good to a few in a thousand there."""

    lon: float
    lat: float

    @classmethod
    def of(cls, lon: Floats, lat: Floats) -> Projection:
        """The plane of some points; NaN is left out."""
        known = np.isfinite(lon) & np.isfinite(lat)
        if not known.any():
            return cls(0.0, 0.0)
        return cls(float(np.median(lon[known])), float(np.median(lat[known])))

    def metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """East and north, in metres."""
        across = np.cos(np.radians(self.lat)) * METRES_A_DEGREE
        return (lon - self.lon) * across, (lat - self.lat) * METRES_A_DEGREE

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude."""
        across = np.cos(np.radians(self.lat)) * METRES_A_DEGREE
        return float(self.lon + x / across), float(self.lat + y / METRES_A_DEGREE)


class Population:
    """Which share of the city's people lives within some distances of a point."""

    def __init__(
        self, x: Floats, y: Floats, people: Floats, distances: Floats, zones: Floats
    ) -> None:
        """Add people up on a lattice and spread the sums over discs; zones: people by unit."""
        self._zones = np.append(zones, 0.0)
        known = np.isfinite(x) & np.isfinite(y)
        x, y = x[known], y[known]
        people = np.maximum(np.nan_to_num(people[known]), 0.0)
        margin = float(distances[-1]) + CELL_M
        self._west, self._south = (float(v.min(initial=0.0)) - margin for v in (x, y))
        extent = max((float(np.ptp(v)) if len(v) else 0.0) + 2 * margin for v in (x, y))
        self._cell = max(CELL_M, extent / MOST_CELLS)
        size = int(extent // self._cell) + 1
        column, row = self._cells(x, y, size)
        lattice = np.zeros((size, size))
        np.add.at(lattice, (row, column), people)
        lived = np.zeros((size, size))
        lived[row, column] = 1.0
        total = lattice.sum()
        share = lived / max(lived.sum(), 1.0)
        if total > 0:
            share = (1 - BY_PLACE) * lattice / total + BY_PLACE * share
        discs = [_disc_sums(share, d / self._cell).astype(np.float32) for d in distances]
        self._discs = np.stack(discs)

    def __len__(self) -> int:
        """How many units there are."""
        return len(self._zones) - 1

    def _cells(self, x: Floats | Places, y: Floats | Places, size: int) -> tuple[Ints, Ints]:
        return (
            np.clip((x - self._west) // self._cell, 0, size - 1).astype(np.int64),
            np.clip((y - self._south) // self._cell, 0, size - 1).astype(np.int64),
        )

    def around(self, x: Places, y: Places) -> Floats:
        """The share within each of the distances: point × distance."""
        column, row = self._cells(x, y, self._discs.shape[1])
        return np.asarray(self._discs[:, row, column].T, dtype=np.float64)

    def of_zones(self, zones: Rows) -> Floats:
        """The share in each of some units: zone level × case → case × zone level."""
        return np.asarray(self._zones[zones].T)


def _disc_sums(share: Floats, reach: float) -> Floats:
    """Sums over a disc round each cell, its own at least."""
    # It takes long to load, and a server judges only once it has shown its first screens.
    from scipy.signal import fftconvolve  # noqa: PLC0415

    steps = int(np.ceil(reach))
    across = np.arange(-steps, steps + 1)
    disc = (np.hypot(across[:, None], across) <= reach).astype(np.float64)
    if disc.sum() <= 1:
        return share
    return np.asarray(np.maximum(fftconvolve(share, disc, mode="same"), share))
