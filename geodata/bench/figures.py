"""Times taken, and what a bench may use up."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

T = TypeVar("T")
Name = Literal[
    "all", "screens", "assign", "tiles", "ingest", "kills", "heat", "viewers", "clocks",
    "duplicates", "warning", "redraw", "rebalance", "edits", "optima",
]  # fmt: skip
Scale = Literal["district", "nested", "city"]
Figures = dict[str, float]


@dataclass(frozen=True)
class Limits:
    """What bounds a run.

    requests: screens asked of each engine; seconds: how long a server is fed or looked at; rate:
    events a second; kills: of the server that is fed; viewers: at once; points: looked up, and
    deadlines reckoned; tiles: of each zoom; days: in which duplicates are looked for; warehouse:
    URL of a PostgreSQL that is asked too, "" = none; seeds: of the districts in which planted
    clusters are looked for; atoms: of the made-up land that is redrawn; data: folder of published
    instances, None = not told; peers: whether others redraw the same land.
    """

    requests: int = 60
    seconds: float = 60.0
    rate: int = 1_000
    kills: int = 0
    viewers: int = 64
    points: int = 4_000_000
    atoms: int = 360_000
    tiles: int = 40
    days: int = 60
    warehouse: str = ""
    seeds: tuple[int, ...] = (101, 102, 103, 104, 105)
    data: Path | None = None
    peers: bool = True


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds that something takes, and what it gives."""
    began = perf_counter()
    given = work()
    return (perf_counter() - began) * 1e3, given


def median(values: Sequence[float]) -> float:
    """The middle of some values."""
    return float(np.median(values))


def p95(values: Sequence[float]) -> float:
    """What nineteen of twenty values do not exceed.

    Raises:
        RequestError: there are none.
    """
    if not values:
        msg = "nothing was answered, so that there is nothing to measure; look at the log"
        raise RequestError(msg)
    return float(np.percentile(values, 95))
