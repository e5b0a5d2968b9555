"""The ways to draw grids anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

THREE: Final = ("least", "balance", "compact")


@dataclass(frozen=True)
class Kind:
    """A way to draw.

    anew: from nothing, else from the plan with little change; grids: as many as there are (same),
    more where there are too few for the limit (enough), or as many as fit (fit); closer: by what
    the tolerance is multiplied; bend: what border costs; within: whether what is above the limit of
    households all the same is parted, even or not.
    """

    anew: bool
    grids: Literal["same", "enough", "fit"]
    closer: float
    bend: float
    within: bool = False


KINDS: Final = {
    "least": Kind(anew=False, grids="enough", closer=1.0, bend=0.3),
    "balance": Kind(anew=True, grids="fit", closer=0.5, bend=1.0),
    "compact": Kind(anew=True, grids="fit", closer=1.0, bend=6.0, within=True),
    "rebalance": Kind(anew=False, grids="same", closer=1.0, bend=0.3),
    "redraw": Kind(anew=True, grids="same", closer=1.0, bend=6.0),
}
