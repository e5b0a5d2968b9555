"""How serious an alert is, by how rarely chance alone does as much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.periods import DAY

if TYPE_CHECKING:
    from geodata.model.tuning import WarningRules as Settings
    from geodata.warning.folding import Alert, Hit

RED, ORANGE, YELLOW, BLUE = 1, 2, 3, 4
MONTH_S: Final = 30 * DAY


class Levels:
    """Red and orange only for the strongest of the last month, so that they stay few.

    The budget of reds is a cap: once so many were raised within a month, the next is orange.
    """

    def __init__(self, settings: Settings, urgent: frozenset[int]) -> None:
        """Begin without any alert; urgent: matters whose alerts stand one level higher."""
        self._least = np.log10(settings.recurrence_days)
        reds = settings.reds_a_month
        self._ranks = {RED: reds, ORANGE: reds + settings.oranges_a_month}
        self._urgent = urgent
        self._most_reds = int(reds)
        self._reds: list[int] = []
        self._seen: dict[int, tuple[int, float]] = {}
        self._number = 0

    def number(self) -> int:
        """A number for another cause."""
        self._number += 1
        return self._number

    def resume(self, alert: Alert) -> int:
        """Let an alert raised before rank with what comes; gives its number."""
        number = self.number()
        self._seen[number] = (alert.raised, alert.hit.recurrence)
        self.raised(alert.level, alert.raised)
        return number

    def raised(self, level: int, moment: int) -> None:
        """Count a red of the month."""
        if level == RED:
            self._reds = [*(red for red in self._reds if red > moment - MONTH_S), moment]

    def of(self, number: int, hit: Hit) -> int:
        """The level of a cause with this evidence, which ranks with those of the last month."""
        recent = hit.moment - MONTH_S
        self._seen = {n: known for n, known in self._seen.items() if known[0] > recent}
        others = [how for n, (_, how) in self._seen.items() if n != number]
        self._seen[number] = (hit.moment, hit.recurrence)
        stronger = sum(how >= hit.recurrence for how in others)
        level = next((n for n, far in enumerate(self._least, 1) if hit.recurrence >= far), BLUE)
        if hit.matter in self._urgent:
            level = max(level - 1, RED)
        level += sum(level <= each and stronger >= most for each, most in self._ranks.items())
        return self.capped(level, hit.moment)

    def capped(self, level: int, moment: int) -> int:
        """The level, but orange instead of red where the month's reds have been raised."""
        spent = sum(red > moment - MONTH_S for red in self._reds) >= self._most_reds
        return ORANGE if level == RED and spent else level
