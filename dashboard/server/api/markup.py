"""Plain values as XML, as Open311 writes it; data never become markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
# What a list holds is named by the name of the list.
ONE_OF: Final = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
# No XML may hold these, not even escaped.
FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(name: str, value: object) -> str:
    """One XML document whose outermost element has this name."""
    return HEAD + "".join(_element(name, value)) + "\n"


def _element(name: str, value: object) -> Iterator[str]:
    inner = "".join(_content(name, value))
    yield f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _content(name: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        parts: Mapping[str, Any] = value
        for key, part in parts.items():
            yield from _element(key, part)
    elif isinstance(value, list):
        for part in value:
            yield from _element(ONE_OF[name], part)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif value is not None:
        yield escape(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value)))
