"""On which side of a line a point lies, without rounding: more digits where it is close."""

from __future__ import annotations

from typing import Final

from geodata.kernels.settings import kernel

SAFE: Final = 1e-15  # of the sum of both products: above it doubles cannot have the wrong sign
SPLIT: Final = 134_217_729.0  # 2**27 + 1 cuts a double into two halves


@kernel
def side(x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> int:
    """1 where the point is left of the way from the first to the second, -1 right, 0 on it."""
    left, right = (x1 - x) * (y2 - y), (y1 - y) * (x2 - x)
    found = left - right
    if abs(found) <= SAFE * (abs(left) + abs(right)):
        return _side(x1, y1, x2, y2, x, y)
    return 1 if found > 0 else -1


@kernel
def _side(x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> int:
    left, left_rest = _times(*_minus(x1, x), *_minus(y2, y))
    right, right_rest = _times(*_minus(y1, y), *_minus(x2, x))
    found, rest = _minus(left, right)
    rest += left_rest - right_rest
    total = found + rest
    if total == 0:
        return 0
    return 1 if total > 0 else -1


@kernel
def _minus(a: float, b: float) -> tuple[float, float]:
    """A difference, and what rounding took from it."""
    found = a - b
    part = found - a
    return found, (a - (found - part)) - (b + part)


@kernel
def _times(a: float, a_rest: float, b: float, b_rest: float) -> tuple[float, float]:
    """A product of two such sums, and what rounding took from it."""
    found = a * b
    a_high, b_high = _upper(a), _upper(b)
    a_low, b_low = a - a_high, b - b_high
    rest = ((a_high * b_high - found) + a_high * b_low + a_low * b_high) + a_low * b_low
    return found, rest + (a * b_rest + a_rest * b)


@kernel
def _upper(a: float) -> float:
    shifted = SPLIT * a
    return shifted - (shifted - a)


def warm() -> None:
    """Compile the kernels of this module."""
    side(0.0, 0.0, 1.0, 1.0, 0.5, 0.5)
