"""One bar over all steps: each as wide as the share of the time it was measured to take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.model.draft import Progress

READING: Final = {"boundaries": 0.1, "buildings": 0.2, "basemap": 0.1, "incidents": 0.6}
PUBLISHING: Final = {
    "places": 0.14,
    "incidents": 0.66,
    "warnings": 0.1,
    "tiles": 0.16,
    "switch": 0.04,
    "kernels": 0.2,
    "columns": 0.25,
    "keys": 0.1,
}
MAKING: Final = {"land": 1.6, **PUBLISHING}
WHOLE: Final = (0.0, 1.0)


def staged(
    tell: Progress, shares: Mapping[str, float], stretch: tuple[float, float] = WHOLE
) -> Progress:
    """Turn the share done of each step into the share done of all, within a stretch of the bar.

    A step of another name is a part of the first one, and tells the share of that.
    """
    low, high, first = *stretch, next(iter(shares))
    starts, begin = {}, 0.0
    for step, width in shares.items():
        starts[step] = begin
        begin += width

    def report(step: str, share: float) -> None:
        known = step if step in shares else first
        tell(step, low + (high - low) * (starts[known] + shares[known] * share) / begin)

    return report
