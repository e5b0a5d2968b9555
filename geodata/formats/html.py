"""A table that a system wrote as HTML and called .xls."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from geodata.formats import strange, texts
from geodata.formats.grids import Grid, Merge, raw_of
from geodata.formats.sheet import FileRefusedError, Remark

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw
    from geodata.formats.source import Source

_SPAN: Final = 65_534  # rows and columns that one cell reaches over, as browsers have it
_UNSEEN: Final = ("<title", "<style", "<script")
_QUOTED: Final = 500  # characters of another table that are kept


@dataclass
class _Table:
    """The cells of one table, each at its place; those that reach further are merged."""

    width: int  # at most
    rows: list[list[str]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    cell: list[str] | None = None  # the text of the open one
    across: int = 1
    down: int = 1
    held: dict[int, int] = field(default_factory=dict)  # column → first row free again

    def begin(self, attrs: dict[str, str | None]) -> None:
        """Open a cell."""
        self.end()
        if not self.rows:
            self.rows.append([])
        self.cell = []
        self.across = _number(attrs.get("colspan")) or 1
        self.down = _number(attrs.get("rowspan"), 0) or _SPAN  # zero = down to the end

    def end(self) -> None:
        """Close the open cell, if there is one, and put it where no other reaches."""
        if self.cell is None:
            return
        top, row = len(self.rows) - 1, self.rows[-1]
        while self.held.get(len(row), 0) > top:
            row.append("")
        left = len(row)
        if left + self.across > self.width:
            detail = f"has more than {self.width:,} columns"
            raise FileRefusedError(
                reason="too_many_columns", detail=detail, cure="remove the empty ones"
            )
        row.extend(["".join(self.cell).strip()] + [""] * (self.across - 1))
        if self.down > 1:
            self.held |= dict.fromkeys(range(left, len(row)), top + self.down)
        if self.down > 1 or self.across > 1:
            self.merged.append((top, left, top + self.down - 1, len(row) - 1))
        self.cell = None

    @property
    def text(self) -> str:
        """What is written in it, for people."""
        return " ".join(cell for row in self.rows for cell in row if cell)[:_QUOTED]


def _number(text: str | None, least: int = 1) -> int:
    known = text is not None and text.isascii() and text.isdigit() and len(text) < len(str(2**63))
    return min(max(int(text or 1), least), _SPAN) if known else 1


class _Tables(HTMLParser):
    """Collects the cells of every table; nothing is fetched, nothing runs."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.tables: list[_Table] = []
        self.open: list[_Table] = []  # each within a cell of the one before
        self.titled = False  # something is shown above the first table

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        if tag == "table" or (tag in {"tr", "td", "th"} and not self.open):
            self._begin()
        if not self.open:
            return
        table = self.open[-1]
        if tag == "tr":
            table.end()
            table.rows.append([])
        if tag in {"td", "th"}:
            table.begin(dict(attrs))
        if tag == "br" and table.cell is not None:
            table.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, or a table and with it the way back to the one around it."""
        if not self.open:
            return
        if tag in {"td", "th", "tr", "table"}:
            self.open[-1].end()
        if tag == "table":
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self.open and (cell := self.open[-1].cell) is not None:
            cell.append(data)
        shown = not (self.get_starttag_text() or "").lower().startswith(_UNSEEN)
        self.titled |= shown and not self.tables and bool(data.strip())

    def close(self) -> None:
        """Close what the page leaves open."""
        super().close()
        for table in self.open:
            table.end()

    def _begin(self) -> None:
        if self.open and self.open[-1].cell is None:
            self.open.pop()  # it was not closed: a table lies in a cell or nowhere
        self.tables.append(_Table(self.width))
        self.open.append(self.tables[-1])


def read(source: Source) -> Raw:
    """Read the largest table of a page, and say what stands in others."""
    text, encoding = texts.decode(source.content(), source.encoding)
    parser = _Tables(source.limits.columns)
    parser.feed(text)
    parser.close()
    table = max(parser.tables, key=lambda known: len(known.rows), default=_Table(0))
    if not table.rows:
        raise FileRefusedError(
            reason="no_layer", detail="is a page without a table", cure="export it as XLSX"
        )
    # Spreadsheet programs put what stands above a table into rows, each in its own way.
    placed = table is parser.tables[0] and not parser.titled
    raw = raw_of(Grid(table.rows, table.merged, placed), source.limits)
    raw.encoding = encoding
    if others := tuple(other.text for other in parser.tables if other is not table and other.text):
        cure = "look at what stands beside the rows; if it is data, hand it in as a file"
        raw.remarks.append(Remark("kept", "beside_the_rows", [], cure, others))
    strange.note(raw, text)
    return raw
