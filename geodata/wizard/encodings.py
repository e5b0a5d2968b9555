"""The first rows of a text file under each encoding it may have, as a live sample."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

HEAD: Final = 1 << 16  # bytes that are decoded for a sample
SHOWN: Final = 6  # rows of a sample
TRIED: Final = ("utf-8", "gb18030", "big5", "cp1252")
_TEXT_KINDS: Final = {"csv", "txt", "tsv", "tab"}
_MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SAME: Final = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "cp950": "big5"}


@dataclass(frozen=True)
class Decoded:
    """The head of a file under one encoding.

    fits: every byte makes sense in it; plain: there are plain letters and digits only.
    """

    encoding: str
    fits: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain: bool = False


def decodings(path: Path, kind: str, chosen: str) -> tuple[Decoded, ...]:
    """Decode the head of a table of text in every likely way, the chosen one first."""
    if kind not in _TEXT_KINDS:
        return ()
    head = _head(path)
    if head[:2] in _MARKS:
        return (_decoded(head, _MARKS[head[:2]]),)
    first = canonical(chosen) or TRIED[0]
    if head.isascii():
        return (replace(_decoded(head, first), plain=True),)
    others = [encoding for encoding in TRIED if encoding != first]
    found = [_decoded(head, encoding) for encoding in (first, *others)]
    return tuple(each for each in found if each.fits or each.encoding == first)


def canonical(encoding: str) -> str:
    """Write an encoding as it is written here: GBK → gb18030, UTF-8-SIG → utf-8."""
    plain = encoding.strip().lower().replace("_", "-")
    return _SAME.get(plain, {"utf8": "utf-8", "ascii": "utf-8"}.get(plain, plain))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            head = file.read(HEAD)
    except (OSError, EOFError):
        return b""
    whole, end, _ = head.rpartition(b"\n")
    return whole if end and len(head) == HEAD else head


def _decoded(head: bytes, encoding: str) -> Decoded:
    try:
        text, fits = head.decode(encoding), True
    except UnicodeDecodeError:
        text, fits = head.decode(encoding, errors="replace"), False
    except LookupError:
        return Decoded(encoding, fits=False, columns=(), rows=())
    lines = text.lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    mark = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines[: SHOWN + 4])), delimiter=mark))
    except csv.Error:
        rows = [[line] for line in lines[: SHOWN + 1]]
    names, cells = (rows[0], rows[1 : SHOWN + 1]) if rows else ([], [])
    return Decoded(encoding, fits, tuple(names), tuple(tuple(row) for row in cells))
