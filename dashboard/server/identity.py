"""Who asks: the operator at this machine, or the bearer of a named token; nobody else."""

from __future__ import annotations

import html
import ipaddress
import threading
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Response, request

from dashboard.access import NOBODY, Actor
from dashboard.i18n import t
from geodata.store import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.settings import Settings

COOKIE: Final = "yiping_token"
COOKIE_DAYS: Final = 180
REMEMBER_S: Final = 3.0
MAX_REMEMBERED: Final = 256
MAX_SECRET: Final = 256
OPERATOR: Final = Actor("local operator")
FORWARDING: Final = ("FORWARDED", "X_FORWARDED_", "X_REAL_IP", "VIA", "X_CLIENT_IP", "CF_")


class Doorkeeper:
    """Names the actor of a request; remembers tokens for a few seconds only."""

    def __init__(self, settings: Settings) -> None:
        """Take what the settings say about the local operator and where the tokens lie."""
        self._data_dir = settings.data_dir
        self._local = settings.local_operator
        self._known: dict[str, tuple[float, str | None]] = {}
        self._lock = threading.Lock()

    def actor(self) -> Actor:
        """The actor of the current request; `NOBODY` if it shows nothing that is accepted."""
        secret = _shown_secret()
        if secret:
            name = self._name(secret)
            if name:
                return Actor(name)
        return OPERATOR if self._local and is_local(request.environ) else NOBODY

    def exchange(self) -> Response | None:
        """Answer `?token=…` with a cookie and a step to the same page without the token.

        The step is made by our own page, because a browser sends no strict cookie along a redirect
        that another site began.
        """
        secret = request.args.get("token", "")
        if request.method != "GET" or not secret or not self._name(secret):
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
            secure=request.is_secure,
        )
        return response

    def _name(self, secret: str) -> str | None:
        """Whose token it is; the answer is kept for `REMEMBER_S` seconds."""
        if len(secret) > MAX_SECRET or not secret.isascii():
            return None
        now = time.monotonic()
        until, name = self._known.get(secret, (0.0, None))
        if until > now:
            return name
        name = tokens.holder(self._data_dir, secret)
        with self._lock:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[secret] = (now + REMEMBER_S, name)
        return name


def is_local(environ: Mapping[str, object]) -> bool:
    """Whether the request comes from this very machine and through no proxy."""
    forwarded = any(
        key.removeprefix("HTTP_").startswith(FORWARDING) for key in environ if key[:5] == "HTTP_"
    )
    try:
        address = ipaddress.ip_address(str(environ.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not forwarded and (mapped or address).is_loopback


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
