"""How long and how much is read of all the files of one hand-in together."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geodata.wizard.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.formats import Limits


@dataclass(frozen=True)
class Budget:
    """What all looks of a hand-in may take; a file counts once for each of its layers."""

    seconds: float = 1_200.0
    bytes: int = 8 << 30


BUDGET: Final = Budget()


class Purse:
    """What is left of a budget."""

    def __init__(self, budget: Budget, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count."""
        self._budget, self._clock = budget, clock
        self._until = clock() + budget.seconds
        self._read = 0

    def spend(self, size: int) -> Fault | None:
        """Count a file that is about to be read; the fault is why it may not be."""
        if self._left <= 0:
            return self._too_long()
        if self._read + size > self._budget.bytes:
            detail = f"{self._budget.bytes >> 20:,} MiB of all files together are looked at"
            return Fault("looks_too_large", detail)
        self._read += size
        return None

    def limits(self, limits: Limits) -> Limits:
        """Give a file no more time than is left for all."""
        return replace(limits, seconds=max(0.1, min(limits.seconds, self._left)))

    def fair(self, fault: Fault | None) -> Fault | None:
        """Blame the hand-in, not the file, where the time ran out for all."""
        slow = fault is not None and fault.reason == "too_slow"
        return self._too_long() if slow and self._left <= 0 else fault

    @property
    def _left(self) -> float:
        return self._until - self._clock()

    def _too_long(self) -> Fault:
        return Fault("looks_too_long", f"{self._budget.seconds:g} s for all files together")
