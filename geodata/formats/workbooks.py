"""XLSX, XLS and ODS."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from geodata.formats.cells import written
from geodata.formats.grids import Grid, raw_of
from geodata.formats.sheet import FileRefusedError, Raw, Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from python_calamine import CalamineSheet

    from geodata.formats.source import Source

_DIGITS: Final = 1e15  # a number beyond it has lost digits: Excel keeps fifteen
_MIDNIGHT: Final = " 00:00:00"


def read(source: Source) -> Raw:
    """Read the sheet the profile names, or the only visible one with rows."""
    try:
        with CalamineWorkbook.from_path(source.path) as book:
            sheet = _chosen(book, source)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
    except PasswordError as error:
        detail = "is locked by a password"
        raise FileRefusedError(
            reason="encrypted", detail=detail, cure="save it without one"
        ) from error
    long_numbers = _long_numbers(rows)
    grid = Grid(_texts(rows), [(*first, *last) for first, last in merged])
    raw = raw_of(grid, source.limits)
    _note_long_numbers([position + 1 for position in long_numbers], raw)
    return raw


def _chosen(book: CalamineWorkbook, source: Source) -> CalamineSheet:
    sheets = {}
    for known in book.sheets_metadata:
        if known.visible == SheetVisibleEnum.Visible or known.name == source.layer:
            sheet = book.get_sheet_by_name(known.name)
            if sheet.total_height:
                sheets[known.name] = sheet
    return sheets[source.choose(list(sheets))]


def _texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    """Write all cells; a midnight among moments keeps its hour, as the others of its column."""
    timed = {
        position
        for row in rows
        for position, cell in enumerate(row)
        if isinstance(cell, dt.datetime)
    }
    texts = [[written(cell).strip() for cell in row] for row in rows]
    for row, text in zip(rows, texts, strict=True):
        for position in timed:
            if type(row[position]) is dt.date:
                text[position] += _MIDNIGHT
    return texts


def _long_numbers(rows: Sequence[Sequence[object]]) -> list[int]:
    """Find the rows with a number of more digits than a spreadsheet keeps."""
    return [
        position
        for position, row in enumerate(rows)
        if any(isinstance(cell, (int, float)) and abs(cell) >= _DIGITS for cell in row)
    ]


def _note_long_numbers(found: list[int], raw: Raw) -> None:
    there = set(raw.numbers().tolist()) if found else set()
    if not (rows := [row for row in found if row in there]):
        return
    cure = "export long codes as text: a spreadsheet keeps fifteen digits of a number"
    raw.remarks.append(Remark("kept", "digits_lost", rows, cure))
