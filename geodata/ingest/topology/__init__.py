"""Do the borders meet: overlaps, gaps, slivers and exclaves of each level, in square metres."""

from geodata.ingest.topology.arrival import examine
from geodata.ingest.topology.borders import survey
from geodata.ingest.topology.repair import snap

__all__ = ["examine", "snap", "survey"]
