"""The order in which a request is looked at before anything answers it."""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from dashboard.access import NOBODY, Actor
from dashboard.place import from_query
from dashboard.server import audit
from dashboard.server.answers import refuse
from dashboard.server.callbacks import BodyRefusedError, check_body, read_body
from dashboard.server.gate import CALLBACKS, CATCH_ALL, MAX_BODY, ROUTES, UPDATE
from dashboard.server.identity import Doorkeeper
from dashboard.server.route import OPEN, WALL, Listed, Route, fault_of_arguments, fault_of_form
from dashboard.server.wall.pin import REMOTE, is_known
from dashboard.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
JSON: Final = "application/json"
UNWATCHED: Final = {"/", "/wall/state"}  # told by its callback; never shows a building
ENTRANCES: Final = {"/", "/wall"}  # pages that take a token out of their address


class Guard:
    """Lets a request through, or answers it: host, origin, list, actor, arguments, body."""

    def __init__(
        self,
        settings: Settings,
        routes: Iterable[Route] = ROUTES,
        callbacks: Iterable[Listed] = CALLBACKS,
    ) -> None:
        """Take the lists; everything that is not on them is refused."""
        self._settings = settings
        self._views = audit.Views()
        self._doorkeeper = Doorkeeper(settings)
        self._routes = {route.rule: route for route in routes}
        self._callbacks = {listed.output: listed for listed in callbacks}

    def install(self, server: Flask) -> None:
        """Look at every request of the application first."""
        server.config["MAX_CONTENT_LENGTH"] = MAX_BODY
        server.before_request(self.look)

    def look(self) -> Response | None:
        """The refusal of the current request, or None to go on."""
        g.actor = NOBODY
        if not self._host_known(request.host) or not self._own_origin():
            return refuse(HTTPStatus.FORBIDDEN)
        if request.url_rule is None:
            return None  # Flask's own 404 or 405
        route = self._routes.get(request.url_rule.rule)
        if route is None or request.method not in route.methods:
            return refuse(HTTPStatus.FORBIDDEN, "not listed")
        if route.rule == CATCH_ALL:
            return refuse(HTTPStatus.NOT_FOUND)
        return self._look_at_actor(route) or self._look_at_arguments(route)

    def _look_at_actor(self, route: Route) -> Response | None:
        if route.rule in ENTRANCES and (entered := self._doorkeeper.exchange()):
            return entered
        if route.right == OPEN:
            return None
        actor = self._doorkeeper.actor()
        g.actor = actor
        if route.opens_to(actor.rights) or self._is_remote(route):
            return None
        if actor != NOBODY:
            return refuse(HTTPStatus.FORBIDDEN)
        shut = self._doorkeeper.is_shut()
        return refuse(HTTPStatus.TOO_MANY_REQUESTS if shut else HTTPStatus.UNAUTHORIZED)

    def _is_remote(self, route: Route) -> bool:
        """Whether a phone that knows the PIN may do this; it has the name of the remote then."""
        if route.right != WALL or not is_known():
            return False
        g.actor = REMOTE
        return True

    def _look_at_arguments(self, route: Route) -> Response | None:
        fault = fault_of_arguments(route, request.view_args or {}, request.args.items(multi=True))
        if fault:
            return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, fault)
        if route.rule.endswith(UPDATE):
            return self._look_at_body(g.actor)
        if route.form and request.method not in SAFE:
            fault = fault_of_form(route, request.form.items(multi=True))
            return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, fault) if fault else None
        if "at" in route.query and route.rule not in UNWATCHED:
            # Read as the answer will read it: of a repeated argument the last one counts.
            at = from_query(request.query_string.decode("ascii", "replace")).at
            audit.watch(self._settings.data_dir, g.actor, at, route.rule)
        return None

    def _look_at_body(self, actor: Actor) -> Response | None:
        if request.mimetype != JSON:
            return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, f"body: {JSON} is expected")
        try:
            body = read_body(request.get_data())
            listed = self._callbacks.get(body["output"])
            if listed is None or listed.right not in actor.rights:
                return refuse(HTTPStatus.FORBIDDEN, "not listed")
            values = check_body(body, listed)
        except BodyRefusedError as error:
            return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        self._watch(values)
        return None

    def _watch(self, values: dict[str, object]) -> None:
        """Note which building a callback shows; a refresh of the same view is no new view."""
        for name, value in values.items():
            if not name.endswith(".search") or not isinstance(value, str):
                continue
            code = from_query(value).at
            if self._views.begins(g.actor.name, code):
                audit.watch(self._settings.data_dir, g.actor, code, "/")

    def _host_known(self, host: str) -> bool:
        """Whether a browser may call us by this name; a foreign name means DNS rebinding."""
        name = _host_of(f"//{host}")
        if name in LOOPBACK or name in self._settings.trusted_hosts or name == self._settings.host:
            return True
        return self._settings.on_network and _is_address(name)

    def _own_origin(self) -> bool:
        """Whether a request that may change something comes from our own pages."""
        if request.method in SAFE:
            return True
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = request.headers.get("Origin") or request.headers.get("Referer")
        return origin is None or _netloc_of(origin) == request.host.lower()


def _host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _netloc_of(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Whether the host is a bare IP address, which no DNS answer can redirect."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
