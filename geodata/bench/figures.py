"""Times taken, and what a bench may use up."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
Name = Literal["all", "screens", "assign", "tiles", "ingest", "kills", "heat", "viewers"]
Scale = Literal["district", "nested", "city"]
Figures = dict[str, float]


@dataclass(frozen=True)
class Limits:
    """What bounds a run.

    requests: screens asked of each engine; seconds: how long a server is fed or looked at; rate:
    events a second; kills: of the server that is fed; viewers: at once; points: looked up; tiles:
    of each zoom; warehouse: URL of a PostgreSQL that is asked too, "" = none.
    """

    requests: int = 60
    seconds: float = 60.0
    rate: int = 1_000
    kills: int = 0
    viewers: int = 64
    points: int = 4_000_000
    tiles: int = 40
    warehouse: str = ""


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
