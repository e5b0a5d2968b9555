"""Screens are made a few at once, so that walls, events and tiles do not wait behind all of them.

A screen is processor time, and many at once share it without any being sooner done. Who waits here
holds a thread and nothing else.
"""

from __future__ import annotations

import threading
from typing import Final

from flask import Flask, g, request

from dashboard.server.gate import UPDATE

AT_ONCE: Final = 2
PATIENCE_S: Final = 20.0  # then it is made all the same


class Turns:
    """Lets the callbacks of the city's screens in, so many at once."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        """Nobody is in yet."""
        self._free = threading.BoundedSemaphore(at_once)

    def install(self, server: Flask) -> None:
        """Stand behind the guard: what is refused waits for nothing."""
        server.before_request(self._wait)
        server.teardown_request(self._leave)

    def _wait(self) -> None:
        if request.url_rule is not None and request.url_rule.rule == UPDATE:
            g.in_turn = self._free.acquire(timeout=PATIENCE_S)

    def _leave(self, _error: BaseException | None) -> None:
        if g.pop("in_turn", False):
            self._free.release()
