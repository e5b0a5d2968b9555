"""Rows of a text table that do not fit its header: mended where it is sure, else left out."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.formats.cells import column
from geodata.formats.sheet import Action, Raw, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyarrow.csv import InvalidRow

QUOTED: Final = 2_000  # characters of a rejected row that are kept
_SAMPLE: Final = 2_000  # rows that say how a row begins
_FEW: Final = 20  # shapes of first cells; a column of more has no shape of its own
_LOOK: Final = 64  # characters of a cell that make its shape


@dataclass
class Ragged:
    """Collects the rows that the parser cannot fit: number in the file → text.

    above: rows over the first of the data.
    """

    above: int = 0
    rows: dict[int, str] = field(default_factory=dict)

    def __call__(self, row: InvalidRow) -> str:
        """Note a row and go on."""
        self.rows[self.above + row.number] = row.text
        return "skip"


class _Beginnings:
    """Knows how rows begin, to tell a row of its own from the rest of one that was cut."""

    def __init__(self, cells: Iterable[str]) -> None:
        self._shapes = {_shape(cell) for cell in cells}

    def fit(self, cell: str, other: str) -> bool:
        """Say whether a row may begin with a cell, as others do or the one before it does."""
        shapes, mine = self._shapes | {_shape(other)}, _shape(cell)
        if len(shapes) > _FEW:  # names, or random keys: the letters they are made of must do
            return set(mine) <= set().union(*shapes)
        return mine in shapes


def _shape(cell: str) -> str:
    """Write a cell as its runs of digits, small and capital letters and signs: A12-b is A9-a."""
    return "".join(kind for kind, _ in groupby(map(_kind, cell.strip()[:_LOOK])))


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isascii() and letter.isalpha():
        return "a" if letter.islower() else "A"
    return "w" if letter.isalpha() else letter


@dataclass
class _Mended:
    """What became of the ragged rows."""

    separator: str
    width: int
    beginnings: _Beginnings
    cells: dict[int, list[str]] = field(default_factory=dict)
    by_reason: dict[str, dict[int, str]] = field(default_factory=dict)

    def note(self, reason: str, number: int, text: str = "") -> None:
        self.by_reason.setdefault(reason, {})[number] = text[:QUOTED]


def mend(raw: Raw, ragged: Ragged, separator: str) -> None:
    """Put back the ragged rows that make sense, and remark on every one."""
    if not ragged.rows:
        return
    first = next(iter(raw.columns.values()))
    beginnings = _Beginnings(first.slice(0, _SAMPLE).to_pylist())
    done = _Mended(separator, len(raw.columns), beginnings)
    total = len(raw) + len(ragged.rows)
    fitting = np.setdiff1d(raw.first + np.arange(total), list(ragged.rows))
    _sort_out(ragged, set(fitting[_blank(raw)].tolist()), done)
    kept = sorted(done.cells)
    numbers = np.concatenate([fitting, np.array(kept, dtype=np.int64)])
    order = np.argsort(numbers, kind="stable")
    for position, (name, cells) in enumerate(raw.columns.items()):
        more = column(done.cells[number][position] for number in kept)
        raw.columns[name] = pa.concat_arrays([cells, more]).take(pa.array(order))
    raw.rows = numbers[order]
    _remark(raw, done)


def _sort_out(ragged: Ragged, blank: set[int], done: _Mended) -> None:
    rows = dict(ragged.rows)
    for number in list(rows):
        if (text := rows.pop(number, None)) is None:
            continue
        cells = _cells(text, done.separator)
        below = next(n for n in count(number + 1) if n not in blank)
        after = _cells(rows.get(below, ""), done.separator)
        if text.count('"') % 2:
            done.note("quote_not_closed", number, text)
        elif len(cells) > done.width and any(cell.strip() for cell in cells[done.width :]):
            done.note("row_too_long", number, text)
        elif _is_cut(cells, after, done):
            del rows[below]
            done.cells[number] = [*cells[:-1], f"{cells[-1]}\n{after[0]}", *after[1:]]
            done.note("line_broken", number)
        else:
            done.cells[number] = (cells + [""] * done.width)[: done.width]
            if len(cells) < done.width:
                done.note("row_too_short", number)


def _is_cut(cells: list[str], after: list[str], done: _Mended) -> bool:
    """Say whether two rows are one, cut by a line break: together they fit, apart they do not.

    Two rows that only lack their last cells may add up as well, so the second must begin as no
    row does.
    """
    adds_up = 0 < len(cells) < done.width and len(cells) + len(after) - 1 == done.width
    return adds_up and not done.beginnings.fit(after[0], cells[0])


def _cells(text: str, separator: str) -> list[str]:
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # a shape as text has its length
    # Not by splitlines, for which a cell may hold the end of a line (form feed, U+2028 …).
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])


_CURES: Final = {
    "quote_not_closed": "close the quotation mark in this row; up to the next one, or to the end "
    "of the file, nothing after it could be read",
    "row_too_long": "put a cell that holds the separator into quotation marks",
    "line_broken": "put a cell with a line break into quotation marks",
    "row_too_short": "give the row as many cells as the header has",
}


def _remark(raw: Raw, done: _Mended) -> None:
    for reason, rows in done.by_reason.items():
        numbers, cure = list(rows), _CURES[reason]
        if numbers[0] in done.cells:
            action: Action = "kept" if reason == "row_too_short" else "repaired"
            raw.remarks.append(Remark(action, reason, numbers, cure))
        else:
            raw.remarks.append(Remark("rejected", reason, numbers, cure, tuple(rows.values())))


def _blank(raw: Raw) -> np.ndarray:
    """Find the rows in which nothing is written."""
    blank = np.ones(len(raw), dtype=np.bool_)
    for cells in raw.columns.values():
        if not blank.any():
            break
        mine = cells if blank.all() else cells.take(pa.array(np.flatnonzero(blank)))
        empty = pc.equal(pc.utf8_trim_whitespace(mine), "").to_numpy(zero_copy_only=False)
        blank[np.flatnonzero(blank)] = empty
    return blank


def drop_blank(raw: Raw) -> None:
    """Leave out the rows in which nothing is written."""
    blank = _blank(raw)
    if not blank.any() or not raw.columns:
        return
    numbers = raw.numbers()
    rows, keep = numbers[blank].tolist(), pa.array(np.flatnonzero(~blank))
    raw.columns = {name: cells.take(keep) for name, cells in raw.columns.items()}
    raw.rows = numbers[~blank]
    raw.count = len(raw.rows)
    raw.remarks.append(Remark("rejected", "blank_row", rows, "nothing is lost: they are empty"))
