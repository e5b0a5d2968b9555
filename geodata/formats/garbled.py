"""Text that was broken before the file was written: the bytes are right, the characters are not.

A system has read UTF-8 as something else and written what it took it for, or put a mark in place of
what it could not write. Nothing brings such text back: the rows are named, and stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.formats.sheet import Remark
from geodata.formats.strange import MARK
from geodata.model.personal import excerpt

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats.sheet import Raw

REASON: Final = "text_broken_before_export"
BYTES: Final = "broken_text"
MARKS: Final = "\u951f\u65a4\u62f7"  # two marks in UTF-8, read as GBK
LOOKED: Final = 2_000  # cells of a column that say whether all are looked at
SHOWN: Final = 4  # columns with an example
QUOTED: Final = 40  # characters of an example
LONG: Final = 10  # bytes of Chinese that are no chance
_OFTEN: Final = 0.2  # share of the Chinese cells of a column from which on short ones count too
_MOST: Final = 0.5  # of the bytes that make sense as UTF-8
_CURE: Final = (
    "choose another encoding if the whole file looks so; else export it anew from the source "
    "system, where the text is still right"
)
_WESTERN: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]"
)
_HAN: Final = re.compile("[\u4e00-\u9fff]+")
# UTF-8 as pairs of bytes, which is what GBK takes it for; a text begins with a leading byte.
_LEADING: Final = rb"[\xe2-\xe9\xef][\x80-\xbf]"
_PAIRS: Final = re.compile(rb"(?:" + _LEADING + rb"|[\x80-\xbf][\x80-\xbf\xe2-\xe9\xef])+")
_LEADS: Final = re.compile(rb"(?:..)*?" + _LEADING, re.DOTALL)


def note(raw: Raw, path: Path) -> None:
    """Name the rows whose text was broken before, with an example of each column."""
    marked = _marks_are_ours(raw, path)
    found = {name: _broken(cells, marks=not marked) for name, cells in raw.columns.items()}
    found = {name: broken for name, broken in found.items() if broken.any()}
    if not found:
        return
    rows = raw.numbers()[np.logical_or.reduce(list(found.values()))].tolist()
    shown = list(found.items())[:SHOWN]
    examples = tuple(f"{name}: {_example(raw.columns[name], broken)}" for name, broken in shown)
    raw.remarks.append(Remark("kept", REASON, rows, _CURE, examples))


def _marks_are_ours(raw: Raw, path: Path) -> bool:
    """Say whether the reader put marks for bytes that are no text; if the file has them, it did.

    In that case the reader's own remark is taken back.
    """
    if all(remark.reason != BYTES for remark in raw.remarks):
        return False
    own = MARK.encode(raw.encoding or "utf-8", errors="ignore")  # most encodings have no such mark
    if not own or own not in path.read_bytes():
        return True
    raw.remarks[:] = [remark for remark in raw.remarks if remark.reason != BYTES]
    return False


def _broken(cells: pa.Array, *, marks: bool) -> np.ndarray:
    """Find the cells of a column that were broken."""
    broken = np.zeros(len(cells), dtype=np.bool_)
    text = cells.buffers()[-1]
    written = text.to_pybytes() if text else b""  # looked through at once: hardly any has a mark
    there = [mark for mark in (MARKS, MARK) if mark.encode() in written and (marks or mark != MARK)]
    for mark in there:
        broken |= pc.match_substring(cells, mark).to_numpy(zero_copy_only=False)
    sample = cells.take(pa.array(np.arange(0, len(cells), max(1, len(cells) // LOOKED))))
    long, short = _kinds(sample)
    if long or short:
        long, short = _kinds(cells)
        values = pa.array([*long, *short], cells.type)
        broken |= pc.is_in(cells, value_set=values).to_numpy(zero_copy_only=False)
    return broken


def _kinds(cells: pa.Array) -> tuple[list[str], list[str]]:
    """Values that are broken without doubt, and shorter ones, if they are many of the Chinese."""
    sure: list[str] = []
    short: list[str] = []
    chinese = 0
    for value in pc.unique(cells).to_pylist():
        if value.isascii():
            continue
        han = "".join(_HAN.findall(value)).encode("gb18030")
        chinese += bool(han)
        if _western(value):
            sure.append(value)
        elif han and _as_pairs(han):
            (sure if len(han) >= LONG else short).append(value)
    often = len(sure) + len(short) >= _OFTEN * chinese
    return sure, short if often else []


def _western(text: str) -> bool:
    """Tell UTF-8 that was read as Latin-1 or its Windows sister."""
    if not _WESTERN.search(text):
        return False
    written = b"".join(map(_byte, text))
    foreign = sum(byte > 0x7F for byte in written)  # noqa: PLR2004 (beyond ASCII)
    read = written.decode(errors="ignore")
    return len(read.encode()) - sum(map(str.isascii, read)) >= _MOST * foreign


def _byte(letter: str) -> bytes:
    for encoding in ("cp1252", "latin-1"):
        try:
            return letter.encode(encoding)
        except UnicodeEncodeError:
            continue
    return b""


def _as_pairs(han: bytes) -> bool:
    """Tell UTF-8 that was read as GBK: what is not lost of it makes sense again."""
    if len(han) <= len("\u4e00".encode()) or not _PAIRS.fullmatch(han) or not _LEADS.match(han):
        return False
    read = "".join(_HAN.findall(han.decode(errors="ignore")))
    return len(read.encode()) >= _MOST * len(han)


def _example(cells: pa.Array, broken: np.ndarray) -> str:
    text = str(cells[int(np.flatnonzero(broken)[0])].as_py()).strip()
    return text if len(text) <= QUOTED else f"{excerpt(text, QUOTED)}\u2026"
