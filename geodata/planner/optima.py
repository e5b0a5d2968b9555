"""A graph into parts of given weight with as few links between them as can be found.

Small graphs only, where every node weighs much, as counties in states: many short annealings, each
from another random division and with another price for missing the limits; the best counts. What
is found is a plan inside the limits, never a proof that there is none better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.fewest import UNSEEN, Cooling, Window, fewest
from geodata.kernels.trees import divide

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from geodata.kernels.trees import Graph

    Ints = npt.NDArray[np.int32]

PRICE: Final = (0.15, 0.8)  # links for 1 % of weight out of the limits
HOT: Final = 2.0  # links
COLD: Final = 0.4
TREES: Final = 8


@dataclass(frozen=True)
class Limits:
    """What is wanted: how many parts, and the least and most that each may weigh."""

    parts: int
    low: float
    high: float

    @property
    def slack(self) -> float:
        """How far a part may be from the middle, as a share of it."""
        return (self.high - self.low) / max(self.high + self.low, 1e-9)


@dataclass(frozen=True)
class Search:
    """How long to search: annealings, and how often each tries every node; the same by the seed."""

    rounds: int = 150
    sweeps: int = 2_500
    seed: int = 1


def fewest_links(
    graph: Graph, limits: Limits, search: Search, told: Callable[[int], None] = lambda _: None
) -> tuple[int, Ints] | None:
    """How many links lie between the parts, and the part of each node; None if none is inside.

    told: how many there are, whenever fewer are found.
    """
    chance = np.random.default_rng(search.seed)
    window, found = np.log(PRICE), None
    least = UNSEEN
    cooling = Cooling(search.sweeps * len(graph.weight), HOT, COLD)
    for _ in range(search.rounds):
        part = divide(graph, limits.parts, TREES, limits.slack, chance)
        if np.bincount(part, minlength=limits.parts).min() == 0:
            continue  # a heavy node left too few for the others
        price = float(np.exp(chance.uniform(*window)))
        links, best = fewest(
            graph, part, limits.parts, Window(limits.low, limits.high, price), cooling, chance
        )
        if links < least:
            least, found = links, (int(links), best)
            told(int(links))
    return found
