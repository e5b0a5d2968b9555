"""Pages as PDF for a browser: a few are set at once, and none is kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from flask import Response

from geodata.model.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PDF: Final = "application/pdf"
# A browser shows a PDF by a plug-in of its own, which the policy of the screens forbids.
POLICY: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
AT_ONCE: Final = 2  # each is a process of its own for a moment
PATIENCE_S: Final = 20.0


class Press:
    """Where every page of this server is set."""

    def __init__(self, fonts: Path | None) -> None:
        """Take the folder of fonts that the setting names."""
        self._fonts = fonts
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def answer(self, make: Callable[[Path | None], bytes], name: str) -> Response:
        """The page under a file name; make: from the folder of fonts to the bytes of a PDF.

        Raises:
            BusyError: too many are being made.
        """
        if not self._turns.acquire(timeout=PATIENCE_S):
            message = "other pages are being made; ask again in a moment"
            raise BusyError(message)
        try:
            response = Response(make(self._fonts), mimetype=PDF)
        finally:
            self._turns.release()
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = POLICY
        return response
