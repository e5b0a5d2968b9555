"""Fair ranking: shrunk rates with intervals, ranges of ranks, and what cannot be compared.

Pure arithmetic on counts; `docs/ranking.md` has the formulae and their sources.
"""

from geodata.metrics.fair.quantiles import of_two, of_values, order_ranks
from geodata.metrics.fair.ranking import Mix, misses, ranking
from geodata.metrics.fair.shrink import Estimate, shrunk
from geodata.metrics.fair.standard import far_mix, odd_shares, standardised

__all__ = [
    "Estimate",
    "Mix",
    "far_mix",
    "misses",
    "odd_shares",
    "of_two",
    "of_values",
    "order_ranks",
    "ranking",
    "shrunk",
    "standardised",
]
