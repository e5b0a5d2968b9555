"""The same matter reported through several sources: proposals with reasons, never a decision.

Pure: tables in, tables out. A case is a duplicate only where a source says so, or where somebody
confirms a proposal (`events`); `docs/ranking.md` says how it is found.
"""

from geodata.duplicates.events import confirmed, undone
from geodata.duplicates.overlap import overlap
from geodata.duplicates.proposals import LEAST, evidence, propose
from geodata.duplicates.reports import READ, Reports
from geodata.duplicates.weights import Weights, learn
from geodata.duplicates.words import in_common

__all__ = [
    "LEAST",
    "READ",
    "Reports",
    "Weights",
    "confirmed",
    "evidence",
    "in_common",
    "learn",
    "overlap",
    "propose",
    "undone",
]
