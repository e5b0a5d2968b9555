"""Whether grids fit their load: an index of the load, and which to split, re-staff or merge.

Pure: tables and shapes in, candidates with their reasons out. See docs/evaluation.md.
"""

from geodata.metrics.grids.candidates import Candidate, Limits, Reason, candidates
from geodata.metrics.grids.load import PARTS, load_index, staff_load, weighted
from geodata.metrics.grids.neighbours import neighbours

__all__ = [
    "PARTS",
    "Candidate",
    "Limits",
    "Reason",
    "candidates",
    "load_index",
    "neighbours",
    "staff_load",
    "weighted",
]
