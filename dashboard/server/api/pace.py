"""How much a sender may ask for, so that the screens are answered all the same."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE: Final = 3  # batches that are taken at the same time; the screens need threads too
MOST: Final = 400  # batches of one sender …
WITHIN_S: Final = 10.0  # … in this time
MOST_SENDERS: Final = 1_024
SOON_S: Final = 1


class TooManyError(Exception):
    """A sender has to wait; `wait_s` says how long."""

    def __init__(self, wait_s: int) -> None:
        """Keep the time."""
        super().__init__(f"wait {wait_s} s")
        self.wait_s = wait_s


class Pace:
    """Counts batches by sender and at once; safe for many threads."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST) -> None:
        """Take the bounds."""
        self._free = threading.BoundedSemaphore(at_once)
        self._most = most
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, sender: str) -> Iterator[None]:
        """Do something for a sender.

        Raises:
            TooManyError: it is too much just now.
        """
        self._count(sender)
        if not self._free.acquire(blocking=False):
            raise TooManyError(SOON_S)
        try:
            yield
        finally:
            self._free.release()

    def _count(self, sender: str) -> None:
        now = time.monotonic()
        with self._lock:
            sent = self._sent.setdefault(sender, deque(maxlen=self._most))
            self._sent.move_to_end(sender)
            if len(self._sent) > MOST_SENDERS:
                self._sent.popitem(last=False)
            wait_s = sent[0] + WITHIN_S - now if len(sent) == self._most else 0.0
            if wait_s > 0:
                raise TooManyError(math.ceil(wait_s))
            sent.append(now)
