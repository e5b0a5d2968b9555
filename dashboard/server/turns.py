"""Screens are made few at once, so that walls, events and tiles do not wait behind all of them.

A screen is processor time, and many at once share it without any being sooner done. Who waits here
holds a thread and nothing else. While the numbers of a wall are read no further screen begins.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from flask import Flask, g, request

from dashboard.server.gate import UPDATE

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE: Final = max(1, (os.cpu_count() or 2) - 1)  # one processor is left to what must not wait
PATIENCE_S: Final = 20.0  # then it is made all the same


class Turns:
    """Lets the callbacks of the city's screens in, so many at once."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        """Nobody is in yet."""
        self._at_once = at_once
        self._inside = self._first = 0
        self._changed = threading.Condition()

    def install(self, server: Flask) -> None:
        """Stand behind the guard: what is refused waits for nothing."""
        server.before_request(self._enter)
        server.teardown_request(self._leave)

    @contextmanager
    def before_others(self) -> Iterator[None]:
        """What must not wait is done; screens that have begun go on, and no further one begins."""
        self._count(first=1)
        try:
            yield
        finally:
            self._count(first=-1)

    def _has_room(self) -> bool:
        return not self._first and self._inside < self._at_once

    def _enter(self) -> None:
        if request.url_rule is None or request.url_rule.rule != UPDATE:
            return
        with self._changed:
            self._changed.wait_for(self._has_room, PATIENCE_S)
            self._inside += 1
        g.in_turn = True

    def _leave(self, _error: BaseException | None) -> None:
        if g.pop("in_turn", False):
            self._count(inside=-1)

    def _count(self, inside: int = 0, first: int = 0) -> None:
        with self._changed:
            self._inside += inside
            self._first += first
            self._changed.notify_all()
