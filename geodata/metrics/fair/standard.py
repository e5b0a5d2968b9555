"""What makes units incomparable: another mix of matters, or a share out of the ordinary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

FAR_MIX: Final = 0.25  # so much of a unit's cases would have to be of other matters
FAR_SHARE: Final = 3.0  # standard deviations
LEAST_UNITS: Final = 5  # fewer do not say what is ordinary
TO_DEVIATION: Final = 1.4826  # from the median absolute deviation, of a normal distribution


def standardised(hits: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """Rate of every unit as if all had the whole's mix; hits, n: a row a unit, a column a matter.

    Indirect standardisation: the rate of the whole and what the unit has above the hits it would
    have if it did as well as the whole in every matter. NaN without cases.
    """
    hit, cases = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    if not cases.sum() > 0:
        return np.full(len(cases), np.nan)
    usual = hit.sum(axis=0) / np.maximum(cases.sum(axis=0), 1)
    size = cases.sum(axis=1)
    above = hit.sum(axis=1) - cases @ usual
    found = hit.sum() / cases.sum() + above / np.maximum(size, 1)
    return np.where(size > 0, np.clip(found, 0, 1), np.nan)


def mix_distance(n: npt.ArrayLike) -> Floats:
    """How far each unit's mix of matters is from that of all others, beyond what chance makes.

    0: alike; 1: no matter in common. The share of its cases that would have to be of another
    matter (total variation), less what a chance sample of its size would show. NaN without cases,
    or where no other unit has any.
    """
    cases = np.asarray(n, np.float64)
    rest = cases.sum(axis=0) - cases
    size, other = cases.sum(axis=1), rest.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mine, theirs = cases / size[:, None], rest / other[:, None]
        scatter = theirs * (1 - theirs) * (1 / size + 1 / other)[:, None]
        by_chance = np.sqrt(2 * scatter / np.pi).sum(axis=1) / 2
        distance = np.abs(mine - theirs).sum(axis=1) / 2 - by_chance
    return np.where((size > 0) & (other > 0), np.maximum(distance, 0), np.nan)


def far_mix(n: npt.ArrayLike) -> Flags:
    """Units whose matters are so unlike those of the others that a rank says nothing."""
    return np.asarray(mix_distance(n) > FAR_MIX)


def odd_shares(part: npt.ArrayLike, n: npt.ArrayLike, minimum: int = LEAST_CASES) -> Flags:
    """Units whose share (whistled, extended …) is too low or too high to be ordinary.

    A funnel with the units' own scatter (Spiegelhalter 2005): distance from their median beyond
    three standard deviations, chance and scatter taken together; robust, so that the odd ones do
    not widen it. None is odd among fewer than five units.
    """
    cases = np.asarray(n, np.float64)
    share = (np.asarray(part, np.float64) + 0.375) / (cases + 0.75)
    angle, chance = np.arcsin(np.sqrt(np.clip(share, 0, 1))), 1 / (4 * cases + 2)
    enough = cases >= minimum
    if enough.sum() < LEAST_UNITS:
        return np.zeros(len(cases), dtype=np.bool_)
    middle = np.median(angle[enough])
    deviation = TO_DEVIATION * np.median(np.abs(angle[enough] - middle))
    scatter = max(0.0, deviation**2 - float(np.median(chance[enough])))
    return np.asarray(enough & (np.abs(angle - middle) > FAR_SHARE * np.sqrt(scatter + chance)))
