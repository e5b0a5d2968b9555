"""Who asks: the operator at this machine, or the bearer of a named token; nobody else."""

from __future__ import annotations

import hashlib
import html
import ipaddress
import logging
import threading
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Response, request

from dashboard.access import NOBODY, Actor
from dashboard.i18n import t
from geodata.model.errors import NotAllowedError
from geodata.store import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.settings import Settings

LOG: Final = logging.getLogger(__name__)
COOKIE: Final = "yiping_token"
COOKIE_DAYS: Final = 180
REMEMBER_S: Final = 3.0
REMEMBER_WRONG_S: Final = 60.0  # a page that shows an old secret asks again and again
MOST_MISSES: Final = 10  # different wrong secrets of one address …
MISSES_S: Final = 60.0  # … in this time
MAX_ADDRESSES: Final = 4_096
MAX_REMEMBERED: Final = 256
MAX_SECRET: Final = 256
# Nobody's name: personal data are unmasked for the bearer of a named token only.
OPERATOR: Final = Actor(
    "local operator",
    frozenset({"view", "import", "ingest", "decide", "plan", "approve", "wall"}),
)
FORWARDING: Final = (
    "FORWARDED", "X_FORWARDED", "X_REAL_IP", "VIA", "X_CLIENT_IP", "X_ORIGINAL", "TRUE_CLIENT_IP",
    "CF_",
)  # fmt: skip


class Doorkeeper:
    """Names the actor of a request; remembers tokens for a short while only."""

    def __init__(self, settings: Settings) -> None:
        """Take what the settings say about the local operator and where the tokens lie."""
        self._data_dir = settings.data_dir
        # A name of our own means that others come by it, and perhaps through a proxy here.
        self._proxied = bool(settings.trusted_hosts)
        self._local = settings.local_operator and not self._proxied
        self._known: dict[str, tuple[float, Actor | None]] = {}
        self._welcome: set[bytes] = set()  # digests of secrets that were once accepted
        self._misses = Misses()
        self._damage = ""
        self._lock = threading.Lock()
        self._trying = threading.Lock()  # who is not known tries alone, so that each try counts

    def actor(self) -> Actor:
        """The actor of the current request; `NOBODY` if it shows nothing that is accepted."""
        secret = _shown_secret()
        bearer = self._bearer(secret) if secret else None
        if bearer:
            return bearer
        return OPERATOR if self._local and is_local(request.environ) else NOBODY

    def is_shut(self) -> bool:
        """Whether the current request shows a secret that is not looked at any more."""
        shown = _shown_secret() or request.args.get("token")
        return bool(shown) and self._misses.too_many(self._address())

    def exchange(self) -> Response | None:
        """Answer `?token=…` with a cookie and a step to the same page without the token.

        The step is made by our own page, because a browser sends no strict cookie along a redirect
        that another site began.
        """
        secret = request.args.get("token", "")
        if request.method != "GET" or not secret or not self._bearer(secret):
            return None
        rest = [(key, value) for key, value in request.args.items(multi=True) if key != "token"]
        address = request.path + (f"?{urlencode(rest, safe=',:')}" if rest else "")
        response = Response(_step(address), mimetype="text/html")
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(
            COOKIE,
            secret,
            max_age=COOKIE_DAYS * 86_400,
            httponly=True,
            samesite="Strict",
            secure=is_secure(),
        )
        return response

    def _bearer(self, secret: str) -> Actor | None:
        """Whose token it is; a right one is asked about anew after `REMEMBER_S` seconds."""
        if len(secret) > MAX_SECRET or not secret.isascii():
            return None
        now = time.monotonic()
        until, bearer = self._known.get(secret, (0.0, None))
        if until > now:
            return bearer
        digest = hashlib.sha256(secret.encode()).digest()
        return self._looked_up(secret, now) if digest in self._welcome else self._tried(secret, now)

    def _tried(self, secret: str, now: float) -> Actor | None:
        """Ask about a secret that was never right, unless its address has been wrong too often."""
        address = self._address()
        with self._trying:
            until, bearer = self._known.get(secret, (0.0, None))  # another thread may have asked
            if until > now:
                return bearer
            if self._misses.too_many(address):
                return None
            bearer = self._looked_up(secret, now)
            if bearer is None and secret in self._known:
                self._misses.add(address)
            return bearer

    def _looked_up(self, secret: str, now: float) -> Actor | None:
        """Ask the store, which takes its time over a name it knows, and remember the answer."""
        try:
            token = tokens.bearer(self._data_dir, secret)
        except (NotAllowedError, OSError) as error:
            self._tell(str(error))
            return None
        bearer = Actor(token.name, frozenset(token.rights)) if token else None
        digest = hashlib.sha256(secret.encode()).digest()
        with self._lock:
            self._damage = ""
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[secret] = (now + (REMEMBER_S if bearer else REMEMBER_WRONG_S), bearer)
            (self._welcome.add if bearer else self._welcome.discard)(digest)
        return bearer

    def _address(self) -> str:
        """Where a try comes from: behind a named proxy, what that says of its client."""
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return (last if self._proxied else "") or request.remote_addr or ""

    def _tell(self, damage: str) -> None:
        """Log once what is wrong with the tokens; whoever asks is not told."""
        with self._lock:
            news, self._damage = damage != self._damage, damage
        if news:
            LOG.error("tokens cannot be read, so that no bearer is let in: %s", damage)


class Misses:
    """Wrong secrets of the last minute by address, so that nobody can try them without end."""

    def __init__(self) -> None:
        """Nobody has tried anything yet."""
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def too_many(self, address: str) -> bool:
        """Whether an address has used up its tries for now."""
        with self._lock:
            tries = self._tries.get(address, deque())
            return len(tries) >= MOST_MISSES and time.monotonic() - tries[0] < MISSES_S

    def add(self, address: str) -> None:
        """Count one wrong secret."""
        with self._lock:
            tries = self._tries.setdefault(address, deque(maxlen=MOST_MISSES))
            tries.append(time.monotonic())
            self._tries.move_to_end(address)
            if len(self._tries) > MAX_ADDRESSES:
                self._tries.popitem(last=False)


def is_local(environ: Mapping[str, object]) -> bool:
    """Whether the request comes from this very machine and through no proxy.

    A proxy that tells nothing about itself mostly speaks HTTP/1.0, which no browser does.
    """
    forwarded = any(
        key.removeprefix("HTTP_").startswith(FORWARDING) for key in environ if key[:5] == "HTTP_"
    )
    try:
        address = ipaddress.ip_address(str(environ.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    proxied = forwarded or environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
    return not proxied and (mapped or address).is_loopback


def is_secure() -> bool:
    """Whether the browser speaks TLS, to us or to the proxy in front."""
    first = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip()
    return request.is_secure or first.lower() == "https"


def _shown_secret() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return secret.strip()
    return request.cookies.get(COOKIE, "")


def _step(address: str) -> str:
    """A page that goes on to the address at once."""
    there = html.escape(address, quote=True)
    lines = "<br>".join(
        html.escape(t("server.token_welcome", language)) for language in ("zh", "en")
    )
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="0;url={there}"><title>Yiping</title>'
        f'<a href="{there}">{lines}</a></html>'
    )
