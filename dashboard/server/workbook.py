"""A table as a workbook: the data on one sheet, what they mean and rest on upon another."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MIMETYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_767  # letters of a cell
WIDEST: Final = 48  # of a column, in letters
LOOKED_AT: Final = 200  # rows that decide how wide a column is
WIDE_FROM: Final = "\u2e80"  # letters from here on are two wide
MOMENT: Final = "yyyy-mm-dd hh:mm"
MOMENT_WIDTH: Final = 16
# Text stays text even when its cell is edited; nothing in it is ever computed or followed.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def to_xlsx(
    frame: pd.DataFrame, notes: Iterable[tuple[str, str]], sheets: tuple[str, str], made: datetime
) -> bytes:
    """The table and its notes; the same of both make the same bytes.

    sheets: the names of both sheets; made: the moment that stands in the file.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        plain = {"quote_prefix": True}
        text = book.add_format(plain)
        head = book.add_format({**plain, "bold": True, "bottom": 1})
        wrapped = book.add_format({**plain, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": MOMENT})
        data = book.add_worksheet(sheets[0])
        _row(data, 0, frame.columns, head, moment)
        for row, cells in enumerate(frame.itertuples(index=False, name=None), start=1):
            _row(data, row, cells, text, moment)
        data.freeze_panes(1, 1)
        data.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))
        for column, name in enumerate(frame.columns):
            data.set_column(column, column, _width(str(name), frame.iloc[:LOOKED_AT, column]))
        about = book.add_worksheet(sheets[1])
        about.set_column(0, 0, 18)
        about.set_column(1, 1, 100)
        for row, note in enumerate(notes):
            _row(about, row, note, wrapped, moment)
    return file.getvalue()


def _row(sheet: Worksheet, row: int, cells: Iterable[Any], text: Format, moment: Format) -> None:
    """One row; what is unknown stays empty."""
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell[:LONGEST], text)
        elif pd.isna(cell):
            continue
        elif isinstance(cell, pd.Timestamp):
            sheet.write_datetime(row, column, cell.to_pydatetime(), moment)
        else:
            sheet.write_number(row, column, cell)


def _width(name: str, cells: pd.Series) -> int:
    """How wide a column is: as its head and the longest of its first cells."""
    if cells.dtype.kind == "M":
        return MOMENT_WIDTH + 2
    longest = max((_letters(str(cell)) for cell in cells), default=0)
    return min(max(longest, _letters(name) + 2) + 2, WIDEST)


def _letters(text: str) -> int:
    """How much room a text takes, in Latin letters."""
    return sum(2 if letter >= WIDE_FROM else 1 for letter in text)
