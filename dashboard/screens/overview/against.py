"""How the cases of the place lie against their norm: one judgement for every text of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from dashboard.i18n.amounts import known, rate
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.screens.overview.scene import Scene

Side = Literal["unknown", "few", "usual", "above", "below"]
DECIMAL_BELOW: Final = 20  # a norm of 0.6 that reads as 1 makes nonsense of every comparison


def side(scene: Scene) -> Side:
    """Which side of the norm, or why none can be told."""
    found = deviation.total(scene.numbers)
    if not known(found.share):
        return "unknown"
    if found.norm < LEAST_CASES:
        return "few"
    if deviation.is_usual(scene.numbers):
        return "usual"
    return "above" if found.share > 0 else "below"


def share(scene: Scene) -> float:
    """The change against the norm as that is written, so that a reader finds the same."""
    found = deviation.total(scene.numbers)
    norm = round(found.norm, _decimals(found.norm))
    return found.reported / norm - 1 if norm > 0 else found.share


def is_told(scene: Scene) -> bool:
    """Whether a rise or a fall of the place may be spoken of at all."""
    return side(scene) not in {"unknown", "few"}


def written(norm: float, beside: Iterable[float] = ()) -> str:
    """A norm as text, with a decimal where it or one `beside` it is small: a list has one kind."""
    return rate(norm, max(map(_decimals, (norm, *beside))))


def _decimals(norm: float) -> int:
    return 1 if norm < DECIMAL_BELOW else 0
