"""The account of an import for people: on the terminal, as a page and as a table."""

from geodata.report.files import CSV, PAGE, write
from geodata.report.summary import summary

__all__ = ["CSV", "PAGE", "summary", "write"]
