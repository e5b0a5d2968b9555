"""A table that a system wrote as HTML and called .xls."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from geodata.formats import texts
from geodata.formats.grids import Grid, raw_of
from geodata.formats.sheet import FileRefusedError

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw
    from geodata.formats.source import Source


class _Tables(HTMLParser):
    """Collects the cells of every table; nothing is fetched, nothing runs."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        if tag == "table" or (tag == "tr" and not self.tables):
            self.tables.append([])
        if tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        if tag in {"td", "th"} and self.tables and self.tables[-1]:
            self._end_cell()
            self.cell = []
            span = dict(attrs).get("colspan") or "1"
            self.span = min(int(span), 100) if span.isascii() and span.isdigit() else 1
        if tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self.cell is not None:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is not None and self.tables and self.tables[-1]:
            text = "".join(self.cell).strip()
            self.tables[-1][-1].extend([text] + [""] * (self.span - 1))
        self.cell = None


def read(source: Source) -> Raw:
    """Read the largest table of a page."""
    text, encoding = texts.decode(source.content(), source.encoding)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    table = max(parser.tables, key=len, default=[])
    if not table:
        raise FileRefusedError(
            reason="no_layer", detail="is a page without a table", cure="export it as XLSX"
        )
    raw = raw_of(Grid(table), source.limits)
    raw.encoding = encoding
    return raw
