"""XML read safely: no document type, no entities, no depth that only an attacker needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from geodata.formats import texts
from geodata.formats.sheet import MIB, FileRefusedError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element, TreeBuilder

    from geodata.formats.source import Source

DEPTH: Final = 64
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_DECLARATION: Final = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)


class _Depth:
    """Builds nothing; counts how deep elements lie in one another."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        """Enter an element."""
        self.depth += 1
        if self.depth > DEPTH:
            detail = f"nests elements deeper than {DEPTH}"
            raise FileRefusedError(reason="too_deep", detail=detail, cure="export it again")

    def end(self, _tag: str) -> None:
        """Leave an element."""
        self.depth -= 1

    def data(self, _text: str) -> None:
        """Pass over text."""

    def close(self) -> None:
        """Finish."""


def guarded(source: Source) -> tuple[bytes, str]:
    """Give the file as UTF-8 that was parsed once and found harmless, and its encoding.

    Raises:
        FileRefusedError: it declares a document type or entities, or is no XML.
    """
    content = source.content()
    declared = _DECLARED.match(content[:MIB])
    named = source.encoding or (declared[1].decode() if declared else "")
    if named.lower().replace("_", "-") == "utf-16":
        named = ""  # its byte order mark says which
    text, encoding = texts.decode(content, named)
    text = _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1).lstrip()
    safe = text.encode(errors="replace")
    _parse(safe, _Depth())
    return safe, encoding


def root_of(safe: bytes) -> Element:
    """Build the tree of a guarded file."""
    root: Element = _parse(safe, None)
    return root


def _parse(safe: bytes, target: _Depth | TreeBuilder | None) -> Element:
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        for start in range(0, len(safe), MIB):
            parser.feed(safe[start : start + MIB])
        found: Element = parser.close()
    except DefusedXmlException as error:
        detail = "declares a document type, with which XML can reach other files"
        raise FileRefusedError(
            reason="document_type", detail=detail, cure="export it without one"
        ) from error
    except ParseError as error:
        detail = f"breaks off being XML ({error})"
        raise FileRefusedError(reason="damaged", detail=detail, cure="export it again") from error
    return found


def local(tag: object) -> str:
    """Give the name of an element without its namespace."""
    return str(tag).rpartition("}")[2]


def text_of(element: Element | None) -> str:
    """Give the trimmed text of an element; "" if there is none."""
    return (element.text or "").strip() if element is not None else ""
