"""DBF, the table of a shapefile: each field in the encoding that the file says or that fits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geodata.formats import strange, texts
from geodata.formats.cells import TEXT
from geodata.formats.names import unique
from geodata.formats.sheet import FileRefusedError, Raw, Remark

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats.source import Source

# The language driver of byte 29, as far as Windows and China write it.
LANGUAGES: Final = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x4D: "gb18030", 0x4E: "cp949",
    0x4F: "big5hkscs", 0x50: "cp874", 0x57: "cp1252", 0x58: "cp1252", 0x64: "cp852",
    0x65: "cp866", 0x7A: "gb18030", 0x7B: "cp932", 0x79: "cp949", 0x78: "big5hkscs",
    0x7C: "cp874", 0x13: "cp932", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254",
}  # fmt: skip
# Drivers that programs write whatever the text is: they count only if nothing else fits.
_ANSI: Final = frozenset({0x01, 0x02, 0x03, 0x57, 0x58})
_HEADER: Final = 32
_FIELD: Final = 32
_END: Final = 0x0D
_DELETED: Final = ord("*")
_TRUE: Final = frozenset("YyTt")


@dataclass(frozen=True)
class Field:
    """One column: where in a record, and what it holds."""

    name: bytes
    kind: str
    start: int
    size: int


@dataclass(frozen=True)
class Layout:
    """The header of a file."""

    fields: list[Field]
    records: int
    header: int
    size: int
    language: int


def read(source: Source) -> Raw:
    """Read a table without shapes; deleted records are left out, as every program does."""
    raw, deleted = table(source.path, source.encoding)
    if deleted.any():
        keep = np.flatnonzero(~deleted)
        raw.columns = {name: cells.take(pa.array(keep)) for name, cells in raw.columns.items()}
        raw.rows = keep + 1
        raw.count = len(keep)
        note_deleted(np.flatnonzero(deleted) + 1, raw)
    return raw


def note_deleted(rows: np.ndarray, raw: Raw) -> None:
    """Say which records the file itself has struck out."""
    cure = "nothing to do: the file marks them as deleted; pack it to be rid of them"
    raw.remarks.append(Remark("rejected", "marked_deleted", rows.tolist(), cure))


def table(path: Path, encoding: str) -> tuple[Raw, np.ndarray]:
    """Read all records, the deleted ones too, and which are deleted."""
    content = path.read_bytes()
    layout = _layout(content)
    there = max(0, len(content) - layout.header) // layout.size
    count = min(layout.records, there)
    body = np.frombuffer(content, np.uint8, count * layout.size, layout.header)
    records = body.reshape(count, layout.size)
    known = _encoding(path, layout, records, encoding)
    raw = Raw({}, encoding=known, count=count)
    if count < layout.records:
        cure = f"export it again: it should hold {layout.records:,} rows and breaks off"
        raw.remarks.append(Remark("kept", "file_breaks_off", [count][:count], cure))
    names = [_name(field.name, known) for field in layout.fields]
    for name, field in zip(unique(names, raw.remarks), layout.fields, strict=True):
        raw.columns[name] = _column(records, field, known)
    strange.note(raw)
    return raw, records[:, 0] == _DELETED if count else np.zeros(0, np.bool_)


def _layout(content: bytes) -> Layout:
    if len(content) < _HEADER:
        raise FileRefusedError(
            reason="damaged", detail="breaks off in its header", cure="export it again"
        )
    records, header, size = struct.unpack_from("<IHH", content, 4)
    fields, start = [], 1
    for at in range(_HEADER, min(header, len(content)) - _FIELD + 1, _FIELD):
        if content[at] == _END:
            break
        name = content[at : at + 11]
        kind, length, decimals = chr(content[at + 11]), content[at + 16], content[at + 17]
        width = length + 256 * decimals if kind == "C" else length
        fields.append(Field(name, kind, start, width))
        start += width
    if not fields or size < 1 or start > size:
        detail = "has a header that does not fit its records"
        raise FileRefusedError(reason="damaged", detail=detail, cure="export it again")
    return Layout(fields, records, header, size, content[29])


def _name(name: bytes, encoding: str) -> str:
    """Read the name of a field, up to the first zero; in UTF-16 every second byte is one."""
    wide = encoding.startswith("utf-16")
    cut = name[: len(name) // 2 * 2] if wide else name.split(b"\0")[0]
    return cut.decode(encoding, errors="replace").split("\0")[0].strip()


def _encoding(path: Path, layout: Layout, records: np.ndarray, demanded: str) -> str:
    """Take the encoding of the profile, the .cpg, the header, else the one that fits."""
    if demanded:
        return texts.demand(demanded)
    if declared := _declared(path):
        return declared
    language = LANGUAGES.get(layout.language, "")
    if language and layout.language not in _ANSI:
        return language
    sample = b"\n".join(
        [field.name.split(b"\0")[0] for field in layout.fields]
        + [_distinct(records, field) for field in layout.fields if field.kind == "C"]
    )
    if sample.isascii():
        return texts.UTF8
    try:
        found = texts.detect(sample)
    except FileRefusedError:
        if not language:
            raise
        return language
    return language if found == texts.WESTERN and language else found


def _declared(path: Path) -> str:
    wanted = path.with_suffix(".cpg").name.lower()
    for beside in path.parent.iterdir():
        if beside.name.lower() == wanted:
            return texts.known(beside.read_bytes()[:64].decode("ascii", errors="ignore"))
    return ""


def _cells(records: np.ndarray, field: Field) -> np.ndarray:
    """Cut one field out of all records."""
    cut = np.ascontiguousarray(records[:, field.start : field.start + field.size])
    return (
        cut.view(f"S{field.size}").ravel() if field.size and len(cut) else np.zeros(len(cut), "S1")
    )


def _distinct(records: np.ndarray, field: Field) -> bytes:
    """Give the text of a field, each value once: a cell cut inside a letter must not decide."""
    return b"\n".join(
        _whole(cell.rstrip(b" \0"), field.size) for cell in np.unique(_cells(records, field))
    )


def _whole(cell: bytes, size: int) -> bytes:
    """Cut off half a letter at the end of a field that is full."""
    if len(cell) < size or cell.isascii():
        return cell
    end = len(cell)
    for cut in range(4):
        for encoding in (texts.UTF8, texts.GB18030):
            try:
                cell[: end - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return cell[: end - cut]
    return cell


def _column(records: np.ndarray, field: Field, encoding: str) -> pa.Array:
    values, places = np.unique(_cells(records, field), return_inverse=True)
    written = [_written(value, field, encoding) for value in values.tolist()]
    return pa.array(written, TEXT).take(pa.array(places))


def _written(value: bytes, field: Field, encoding: str) -> str:
    if field.kind == "C" or value.isascii() is False:
        return _decoded(value, encoding).strip(" \0")
    text = value.decode("ascii").strip(" \0")
    if field.kind == "D" and len(text) == 8 and text.isdigit():  # noqa: PLR2004 (YYYYMMDD)
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if field.kind == "L":
        return "true" if text in _TRUE and text else "" if text in {"", "?"} else "false"
    if field.kind in "NF":
        return _number(text)
    return text


def _decoded(value: bytes, encoding: str) -> str:
    """Decode a cell; half a letter at its end is dropped, as the field was too short for it."""
    if encoding.startswith("utf-16") and len(value) % 2:
        value += b"\0"  # taken for padding
    try:
        return value.decode(encoding)
    except UnicodeDecodeError as error:
        if error.end >= len(value) and error.start >= len(value) - 4:
            return value[: error.start].decode(encoding, errors="replace")
        return value.decode(encoding, errors="replace")


def _number(text: str) -> str:
    """Write a number: without a fraction of zeros; stars are how a field overflows."""
    if not text or set(text) == {"*"}:
        return ""
    plain = text.replace(",", ".")
    if "e" in plain.lower():
        try:
            value = float(plain)
        except ValueError:
            return text
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    whole, point, fraction = plain.partition(".")
    if not point:
        return text
    fraction = fraction.rstrip("0")
    return f"{whole or '0'}.{fraction}" if fraction else (whole or "0")
