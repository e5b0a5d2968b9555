"""Incidents as memory-mapped columns, sorted by place: derived from the files, rebuildable."""

from geodata.columns.folder import Book, Columns, build_columns, damaged
from geodata.columns.segment import Segment

__all__ = ["Book", "Columns", "Segment", "build_columns", "damaged"]
