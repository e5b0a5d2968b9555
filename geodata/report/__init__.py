"""The account of an import for people: on the terminal, as a page and as a table."""

from geodata.report.files import CSV, PAGE, write
from geodata.report.summary import summary
from geodata.report.unused import Unused

__all__ = ["CSV", "PAGE", "Unused", "summary", "write"]
