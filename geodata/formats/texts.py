"""Bytes as text, and in which encoding they were written."""

from __future__ import annotations

import codecs
import re
from typing import Final

from geodata.formats.sheet import FileRefusedError

UTF8: Final = "utf-8"
GB18030: Final = "gb18030"
WESTERN: Final = "cp1252"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What .cpg files and code pages say, where Python says it otherwise.
_ALIASES: Final = {
    "936": GB18030, "gbk": GB18030, "gb2312": GB18030, "cp936": GB18030, "ansi 936": GB18030,
    "950": "big5hkscs", "big5": "big5hkscs", "ansi 950": "big5hkscs", "949": "cp949",
    "big-5": "big5hkscs", "932": "cp932", "874": "cp874", "65001": UTF8, "utf8": UTF8,
    "koi8r": "koi8-r", "koi8u": "koi8-u", "88591": "latin-1", "88592": "iso8859-2",
}  # fmt: skip
_NO_TEXT: Final = frozenset(
    {"idna", "punycode", "undefined", "raw-unicode-escape", "unicode-escape"}
)
_MOSTLY: Final = 0.9  # of all bytes above 127, those that make sense as UTF-8


def known(name: str) -> str:
    """Write the name of an encoding as Python does; a number is a Windows code page."""
    plain = name.strip().strip('"').lower()
    plain = _ALIASES.get(plain, plain)
    for candidate in (plain, f"cp{plain}", plain.replace("ansi ", "cp"), f"iso{plain}"):
        try:
            found = codecs.lookup(candidate).name
        except LookupError:
            continue
        if found in {"gbk", "gb2312"}:
            return GB18030
        if found not in _NO_TEXT and codecs.lookup(found)._is_text_encoding:  # noqa: SLF001
            return found
    return ""


def demand(name: str) -> str:
    """Understand an encoding that a profile names.

    Raises:
        FileRefusedError: it is not known.
    """
    if found := known(name):
        return found
    detail = f"is to be read as {name}, an encoding that is not known"
    raise FileRefusedError(
        reason="unknown_encoding", detail=detail, cure="name it like utf-8 or gb18030"
    )


def detect(content: bytes) -> str:
    """Find the encoding of text: its mark, else strict UTF-8, else GB18030.

    A text that is UTF-8 apart from a few broken bytes is UTF-8: read otherwise, all of it breaks.
    Bytes above 127 that stand alone are letters with accents: Chinese comes in pairs.

    Raises:
        FileRefusedError: it is neither.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if _decodes(content, UTF8):
        return UTF8
    if _mostly_utf8(content):
        return UTF8
    if not _in_pairs(content):
        return WESTERN
    if _decodes(content, GB18030):
        return GB18030
    detail = "is neither UTF-8 nor GB18030"
    cure = "name its encoding as `encoding` in the profile, or save it as UTF-8"
    raise FileRefusedError(reason="unknown_encoding", detail=detail, cure=cure)


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """Decode text and name its encoding; what cannot be decoded becomes U+FFFD.

    Raises:
        FileRefusedError: the encoding is not known, or cannot be found.
    """
    found = demand(encoding) if encoding else detect(content)
    if found == UTF8 and content.startswith(codecs.BOM_UTF8):
        found = "utf-8-sig"
    return content.decode(found, errors="replace"), found


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(content: bytes) -> bool:
    """Say whether nearly all that is not ASCII makes sense as UTF-8."""
    foreign = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", content))
    understood = content.decode(UTF8, errors="ignore").encode()
    kept = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", understood))
    return kept >= _MOSTLY * foreign


def _in_pairs(content: bytes) -> bool:
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
    return sum(run for run in runs if run > 1) * 2 >= sum(runs)
