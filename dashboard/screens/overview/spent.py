"""How long cases took until they were resolved, in one unit on the whole screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboard.i18n.amounts import duration, known, rate
from geodata.model.periods import DAY

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

SIZES: Final = {"min": 1.0, "hour": 60.0, "day": 1440.0}
DAY_MIN: Final = DAY / 60
IN_DAYS_MIN: Final = 3 * DAY_MIN  # a duration from which days are written
HOURS_MIN: Final = 180  # and hours
TENTH: Final = 0.1


@dataclass(frozen=True)
class Unit:
    """A unit of time by its name in the catalogue, and how many minutes it has."""

    name: str
    minutes: float

    def figure(self, value_min: float) -> str:
        """A duration in this unit: whole minutes, else tenths; what is less is not none."""
        if self.minutes == 1:
            return rate(value_min, 0)
        shown = value_min / self.minutes
        return f"<{TENTH}" if 0 < shown < TENTH / 2 else rate(shown)


MINUTES: Final = Unit("min", SIZES["min"])


def unit(scene: Scene, own_min: float) -> Unit:
    """The unit for a figure of the place: hours beside days read as a mistake.

    Days stand for the median and the ninth decile where the longer one is in days.
    """
    total = scene.numbers.total
    median, slow = (float(total[f"resolution_{name}_min"]) for name in ("median", "p90"))
    first = slow if slow >= IN_DAYS_MIN or median >= DAY_MIN else median
    if slow >= IN_DAYS_MIN and median < HOURS_MIN:
        first = own_min  # minutes in days would be none
    return _suiting(first, scene)


def written(scene: Scene, value_min: float) -> tuple[str, str]:
    """A figure of the place and its unit."""
    found = unit(scene, value_min)
    return found.figure(value_min), scene.t(f"unit.{found.name}")


def _suiting(value_min: float, scene: Scene) -> Unit:
    word = duration(value_min if known(value_min) else math.inf, scene.language)[1]
    return next(Unit(name, size) for name, size in SIZES.items() if scene.t(f"unit.{name}") == word)
