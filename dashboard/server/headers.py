"""What every answer tells the browser not to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask, Response

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
WALL: Final = "/wall"  # its next page is loaded over it, by itself, before it is shown
YEAR_S: Final = 31_536_000
ETERNAL: Final = f"private, max-age={YEAR_S}, immutable"


def policy(script_hashes: Iterable[str], ancestors: str = "'none'") -> str:
    """The content security policy; inline scripts only by their hash."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        )
    )


def install(server: Flask, script_hashes: Iterable[str]) -> None:
    """Set the headers on every answer, errors included."""
    hashes = tuple(script_hashes)
    usual, framed = policy(hashes), policy(hashes, "'self'")

    def dress(response: Response) -> Response:
        own = request.path == WALL
        if own:
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", framed if own else usual)
        dated = request.path.startswith("/assets/") and "m" in request.args
        if dated and response.status_code == HTTPStatus.OK:
            response.headers["Cache-Control"] = ETERNAL  # the address names the file's age
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    server.after_request(dress)
