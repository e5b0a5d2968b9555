"""Text tables: any usual encoding and separator; a ragged row is named, never guessed at."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from geodata.formats import strange, texts
from geodata.formats.cells import TEXT
from geodata.formats.names import unique
from geodata.formats.ragged import Ragged, drop_blank, mend
from geodata.formats.sheet import FileRefusedError, Raw, Remark

if TYPE_CHECKING:
    from geodata.formats.source import Source

SEPARATORS: Final = ",;\t|"
_LINES: Final = 20  # looked at to find the separator
_BLOCK: Final = 8 << 20


def read(source: Source) -> Raw:
    """Read a text table."""
    content = source.content()
    text, encoding = texts.decode(content, source.encoding)
    del content
    return table(text.removeprefix("\ufeff"), encoding)


def table(text: str, encoding: str) -> Raw:
    """Read a table from its text."""
    separator, text = _separator(text)
    header, start, above = _header(text, separator)
    remarks: list[Remark] = []
    names = unique(header, remarks)
    ragged = Ragged(above)
    body = text[start:].rstrip("\r\n").encode(errors="replace")
    columns = {name: pa.array([], TEXT) for name in names}
    if body.strip():
        columns = _parse(body, names, separator, ragged)
    raw = Raw(columns, encoding=encoding, remarks=remarks, first=above + 1, of="row")
    mend(raw, ragged, separator)
    _tidy(raw, header)
    drop_blank(raw)
    strange.note(raw, text)
    return raw


def _separator(text: str) -> tuple[str, str]:
    """Find what separates the cells; a first line `sep=;` says it."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return first.strip()[-1], rest
    sample = [line for line in text[:65_536].split("\n")[:_LINES] if line.strip()]
    if not sample:
        raise FileRefusedError(reason="empty", detail="is empty", cure="export it again")

    def worth(separator: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=separator), [])) for line in sample]
        return (sum(count == counts[0] for count in counts) if counts[0] > 1 else 0, counts[0])

    return max(SEPARATORS, key=worth), text


def _header(text: str, separator: str) -> tuple[list[str], int, int]:
    """Read the first row that is not blank; say where the data begin, and below how many rows."""
    lines = io.StringIO(text, newline="")
    consumed = 0

    def counted() -> str:
        nonlocal consumed
        line = lines.readline()
        consumed += len(line)
        return line

    for above, row in enumerate(csv.reader(iter(counted, ""), delimiter=separator), start=1):
        if any(cell.strip() for cell in row):
            return row, consumed, above
    raise FileRefusedError(reason="empty", detail="is empty", cure="export it again")


def _parse(body: bytes, names: list[str], separator: str, ragged: Ragged) -> dict[str, pa.Array]:
    try:
        parsed = _arrow(body, names, separator, ragged, _BLOCK)
    except pa.ArrowInvalid as error:
        if "straddl" not in str(error):
            raise
        ragged.rows.clear()  # one row is longer than a block: take the file as one block
        parsed = _arrow(body, names, separator, ragged, len(body) + 1)
    return {name: parsed[name].combine_chunks() for name in names}


def _arrow(body: bytes, names: list[str], separator: str, ragged: Ragged, block: int) -> pa.Table:
    return arrow_csv.read_csv(
        pa.py_buffer(body),
        # One thread: only then does a row that does not fit know its number.
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=block),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            invalid_row_handler=ragged,
            ignore_empty_lines=False,  # a spreadsheet program counts them as rows
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False
        ),
    )


def _tidy(raw: Raw, header: list[str]) -> None:
    """Drop what a separator too many makes of every line: a column without name and content."""
    for name, given in zip(list(raw.columns), header, strict=True):
        if not given.strip() and not pc.any(pc.not_equal(raw.columns[name], "")).as_py():
            del raw.columns[name]
