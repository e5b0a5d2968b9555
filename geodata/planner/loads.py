"""What the four aims of planning (四个统筹) mean: how much land weighs, and how round grids are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.rules import Weights

    Floats = npt.NDArray[np.float64]

WHOLE: Final = 1e6  # what all atoms weigh together
LEAST_BEND: Final = 0.1  # without any wish for short ways grids are not to fray either


def loads(ground: Ground, weights: Weights, industries: Floats | None = None) -> Floats:
    """What each atom weighs by three of the aims, summing to 1,000,000.

    Each aim is a column as a share of all of it, and counts by its weight: density by people,
    industries by what key industries weigh in the atom (cases, where that is not known), territory
    by ground. The fourth, radius, is in `roundness`.

    Raises:
        RequestError: all three are 0, or nothing is there to be weighed.
    """
    key = ground.cases if industries is None else industries
    columns = (
        (weights.density, ground.people),
        (weights.industries, key),
        (weights.territory, ground.area_m2),
    )
    used = [(weight, column / column.sum()) for weight, column in columns if column.sum() > 0]
    whole = sum(weight for weight, _ in used)
    if not whole:
        message = "weights: density, industries and territory are all 0; give one of them more"
        raise RequestError(message)
    sums = np.sum([weight / whole * share for weight, share in used], axis=0)
    return np.asarray(sums * WHOLE, dtype=np.float64)


def roundness(weights: Weights) -> float:
    """By what the cost of border is multiplied: the wish for short ways makes grids round.

    1 at the usual weight of a half.
    """
    return max(LEAST_BEND, 2 * weights.radius)
