"""A sheet made for people as a table: titles above, merged cells, notes below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geodata.formats.cells import column
from geodata.formats.names import unique
from geodata.formats.ragged import drop_blank
from geodata.formats.sheet import FileRefusedError, Raw, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.formats.sheet import Limits

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column

_LOOK: Final = 200  # rows that say how wide the table is
_TITLES: Final = 30  # rows among which the header is
_FULL: Final = 0.6  # of the columns that a header names at least
_DEEP: Final = 4  # rows of a header at most
_TABLE: Final = 3  # columns from which a row of a single cell is a note
_SPARSE: Final = 5  # a row with less than one in so many cells is no row of a wide table
_OVERLAP: Final = 2  # times the whole sheet that merged cells may cover: they do not overlap
_NUMBER: Final = re.compile(r"[-+]?[\d.,:/ -]+%?")


@dataclass
class Grid:
    """Cells as text, row by row, and which are merged.

    placed: its first row is the first that a spreadsheet program shows.
    """

    rows: list[list[str]]
    merged: list[Merge] = field(default_factory=list)
    placed: bool = True


def raw_of(grid: Grid, limits: Limits) -> Raw:
    """Find the header, name the columns by it, and take the rows below it."""
    width = max((len(row) for row in grid.rows), default=0)
    if width > limits.columns:
        detail = f"has {width:,} columns"
        raise FileRefusedError(
            reason="too_many_columns", detail=detail, cure="remove the empty ones"
        )
    rows = [row + [""] * (width - len(row)) for row in grid.rows]
    top = _header_at(rows)
    body = top + _depth(grid.merged, top)
    raw = Raw({}, count=len(rows) - body)
    if grid.placed:
        raw.first, raw.of = body + 1, "row"
    _note_titles(rows[:top], raw)
    _fill(rows, grid.merged, top, body, raw)
    names = _names(rows[top:body])
    notes = _notes_below(rows[body:])
    _reject_notes(rows, notes, raw)
    data = rows[body : len(rows) - notes]
    for position, name in enumerate(unique(names, raw.remarks)):
        raw.columns[name] = column(row[position] for row in data)
        if not names[position] and not any(row[position] for row in data):
            del raw.columns[name]
    raw.count = len(data)
    drop_blank(raw)
    return raw


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell)


def _header_at(rows: list[list[str]]) -> int:
    """Find the first row that names most columns and holds no numbers."""
    usual = max((_filled(row) for row in rows[:_LOOK]), default=0)
    if not usual:
        raise FileRefusedError(
            reason="empty", detail="is empty", cure="export it again with its rows"
        )
    for position, row in enumerate(rows[:_TITLES]):
        cells = [cell for cell in row if cell]
        plain = not any(_NUMBER.fullmatch(cell) for cell in cells)
        if len(cells) >= max(1, _FULL * usual) and plain:
            return position
    detail = f"has no row of column names among its first {_TITLES}"
    raise FileRefusedError(
        reason="no_header", detail=detail, cure="put the names of the columns above the data"
    )


def _depth(merged: list[Merge], top: int) -> int:
    """Say how many rows the header takes: a name that spans several reaches its end."""
    ends = [last for first, _, last, _ in merged if first == top and last > top]
    return min(max([top, *ends]) - top + 1, _DEEP)


def _fill(rows: list[list[str]], merged: list[Merge], top: int, body: int, raw: Raw) -> None:
    """Write the value of merged cells into each of them."""
    filled: set[int] = set()
    for first, left, last, right in _within(rows, merged):
        value = rows[first][left]
        if first < top or not value or (first >= body and right > left):
            continue  # a note across the table is no value of every column
        for row in range(first, last + 1):
            rows[row][left : right + 1] = [value] * (right - left + 1)
        if first >= body:
            filled |= set(range(first, last + 1))
    if filled:
        cure = "nothing to do: the value of merged cells counts for each of their rows"
        numbers = sorted(raw.first + row - body for row in filled)
        raw.remarks.append(Remark("repaired", "merged_cells", numbers, cure))


def _within(rows: list[list[str]], merged: list[Merge]) -> Iterator[Merge]:
    """Cut merged cells to the sheet; they cannot cover it many times over."""
    allowed = _OVERLAP * sum(len(row) for row in rows)
    for first, left, last, right in merged:
        if first >= len(rows) or left >= len(rows[first]):
            continue
        last_row, last_column = min(last, len(rows) - 1), min(right, len(rows[first]) - 1)
        allowed -= (last_row - first + 1) * (last_column - left + 1)
        if allowed < 0:
            detail = "merges cells over and over again"
            raise FileRefusedError(reason="damaged", detail=detail, cure="save it again")
        yield first, left, last_row, last_column


def _names(header: list[list[str]]) -> list[str]:
    """Name each column by the lowest row of its header, with the group only where it must."""
    stacks = [
        list(dict.fromkeys(cell for cell in cells if cell)) for cells in zip(*header, strict=True)
    ]
    lowest = [stack[-1] if stack else "" for stack in stacks]
    return [
        "-".join(stack) if name and lowest.count(name) > 1 else name
        for stack, name in zip(stacks, lowest, strict=True)
    ]


def _notes_below(data: list[list[str]]) -> int:
    """Count the rows at the end that are blank or hold hardly a cell: sums, signatures."""
    usual = max((_filled(row) for row in data[:_LOOK]), default=0)
    if usual < _TABLE:
        return 0
    most = max(1, usual // _SPARSE)
    full = (count for count, row in enumerate(reversed(data)) if _filled(row) > most)
    return next(full, 0)


def _note_titles(titles: list[list[str]], raw: Raw) -> None:
    texts = tuple(" ".join(cell for cell in row if cell) for row in titles if _filled(row))
    if texts:
        cure = "nothing to do: what stands above the column names is no data"
        raw.remarks.append(Remark("repaired", "title_above_header", [], cure, texts))


def _reject_notes(rows: list[list[str]], notes: int, raw: Raw) -> None:
    first = raw.first + raw.count - notes
    below = list(enumerate(rows[len(rows) - notes :], start=first))
    said = {
        number: "\t".join(cell for cell in row if cell) for number, row in below if _filled(row)
    }
    if said:
        cure = "nothing to do: a row of hardly a cell below the table is a note"
        remark = Remark("rejected", "note_below_table", list(said), cure, tuple(said.values()))
        raw.remarks.append(remark)
    if blank := [number for number, row in below if not _filled(row)]:
        cure = "nothing is lost: they are empty"
        raw.remarks.append(Remark("rejected", "blank_row", blank, cure))
