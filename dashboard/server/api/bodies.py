"""The body of a batch: read within bounds, unpacked within bounds, cut into lines."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import RequestEntityTooLarge

if TYPE_CHECKING:
    from flask import Request

MOST_BYTES: Final = 4 << 20  # as they come
MOST_UNPACKED: Final = 32 << 20
MOST_LINES: Final = 10_000
GZIP: Final = zlib.MAX_WBITS | 16
PLAIN: Final = {"", "identity"}


class BodyError(Exception):
    """A body that is not taken; `reason` is a key of the journal's `reasons.toml`."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def lines_of(request: Request) -> list[bytes]:
    """The lines of a request's body.

    Raises:
        BodyError: it is too large, or cannot be unpacked.
    """
    request.max_content_length = MOST_BYTES
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise BodyError(reason="body_too_large") from error
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in {"gzip", "x-gzip"}:
        data = unpacked(data)
    elif encoding not in PLAIN:
        raise BodyError(reason="not_gzip")
    if data.count(b"\n") > MOST_LINES:
        raise BodyError(reason="too_many_lines")
    return data.split(b"\n")


def unpacked(data: bytes) -> bytes:
    """What gzip packed, several members after each other too.

    Raises:
        BodyError: it is damaged, breaks off, or unpacks to more than anybody sends.
    """
    parts: list[bytes] = []
    room = MOST_UNPACKED
    while data:
        member = zlib.decompressobj(GZIP)
        try:
            part = member.decompress(data, room + 1)
        except zlib.error as error:
            raise BodyError(reason="not_gzip") from error
        room -= len(part)
        if room < 0 or member.unconsumed_tail:
            raise BodyError(reason="body_too_large")
        if not member.eof:
            raise BodyError(reason="not_gzip")
        parts.append(part)
        data = member.unused_data
    return b"".join(parts)
