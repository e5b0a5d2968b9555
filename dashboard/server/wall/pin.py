"""The PIN of the wall's remote: a few tries, then a signed cookie; a new PIN ends every cookie."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from typing import TYPE_CHECKING, Final, cast

from flask import current_app, request

from dashboard.access import Actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

KEY: Final = "yiping-wall-pin"
COOKIE: Final = "yiping_wall"
REMOTE: Final = Actor("wall remote", frozenset({"wall"}))
GOOD_S: Final = 12 * 3_600  # a shift
MOST_MISSES: Final = 5  # from anywhere: a PIN is short, and addresses are cheap
SHUT_S: Final = 900.0
SALT_BYTES: Final = 32
MOMENT: Final = re.compile(r"[0-9]{1,12}")


class Pin:
    """Knows the PIN, and who has told it."""

    def __init__(
        self, pin: str, secret: Callable[[], str], clock: Callable[[], float] = time.time
    ) -> None:
        """Take the PIN, "" = the remote is shut, and what gives the secret of the cookies."""
        self._pin, self._secret, self._clock = pin, secret, clock
        self._misses = 0
        self._shut_until = 0.0
        self._lock = threading.Lock()

    @property
    def is_set(self) -> bool:
        """Whether the remote can be used at all."""
        return bool(self._pin)

    def is_shut(self) -> bool:
        """Whether no PIN is looked at for now."""
        return self._clock() < self._shut_until

    def enter(self, given: str) -> str | None:
        """The cookie for a right PIN; None for a wrong one, or while it is shut."""
        with self._lock:
            if not self._pin or self.is_shut():
                return None
            if hmac.compare_digest(given.encode(), self._pin.encode()):
                self._misses = 0
                return self._signed(int(self._clock()) + GOOD_S)
            self._misses += 1
            if self._misses >= MOST_MISSES:
                self._misses, self._shut_until = 0, self._clock() + SHUT_S
            return None

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is ours, of this PIN, and still good."""
        until = cookie.partition(".")[0]
        if not self._pin or not MOMENT.fullmatch(until) or not cookie.isascii():
            return False
        signed = hmac.compare_digest(self._signed(int(until)).encode(), cookie.encode())
        return signed and self._clock() < int(until)

    def _signed(self, until: int) -> str:
        key = f"{self._secret()} {self._pin}".encode()
        return f"{until}.{hmac.new(key, str(until).encode(), hashlib.sha256).hexdigest()}"


def install(server: Flask, pin: Pin) -> None:
    """Let the gate ask for it."""
    server.extensions[KEY] = pin


def pin() -> Pin:
    """That of the running application; needs an application context."""
    return cast("Pin", current_app.extensions[KEY])


def is_known() -> bool:
    """Whether the current request comes from a phone that has told the PIN."""
    here = current_app.extensions.get(KEY)
    return isinstance(here, Pin) and here.knows(request.cookies.get(COOKIE, ""))


def made() -> str:
    """A new secret for the cookies."""
    return secrets.token_hex(SALT_BYTES)
