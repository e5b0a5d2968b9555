"""`/wall/state`: what every wall shows; `/wall/command`: what is told to all of them."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from flask import Response, current_app, request

from dashboard.place import THEMES
from dashboard.server.answers import refuse
from dashboard.server.checks import day, key, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from dashboard.server.checks import Check

KEY: Final = "yiping-wall"
JSON: Final = "application/json"
MOST_BYTES: Final = 1_024
TOPICS: Final = ("density", "arrival", "on_time")
# Every command with what it may name and what it must.
COMMANDS: Final[Mapping[str, Mapping[str, Check]]] = {
    "previous": {},
    "next": {},
    "pause": {},
    "resume": {},
    "freeze": {},
    "thaw": {},
    "live": {},
    "theme": {"theme": one_of(THEMES)},
    "topic": {"topic": one_of(TOPICS)},
    "acknowledge": {"alert": key},
    "replay": {"day": day},
}
NEEDED: Final = {"acknowledge": {"alert"}, "replay": {"day"}}


class Answer(Protocol):
    """A state as it is sent; `tag` changes with its content."""

    @property
    def body(self) -> bytes:
        """As JSON."""

    @property
    def tag(self) -> str:
        """Its name."""


class Walls(Protocol):
    """Whatever knows what the walls show."""

    def answer(self, *, language: str, theme: str, at: str, replay: str) -> Answer:
        """The state of a wall."""

    def told(self, do: str, **more: str) -> None:
        """Carry out a command.

        Raises:
            ValueError: what it names is not there.
        """

    def status(self, language: str) -> Mapping[str, Any]:
        """What the remote says of the walls."""

    def secret(self, make: Callable[[], str]) -> str:
        """What cookies of the remote are signed with."""


def install(server: Flask, walls: Walls) -> None:
    """Answer both routes."""
    server.extensions[KEY] = walls
    server.add_url_rule("/wall/state", "wall_state", serve)
    server.add_url_rule("/wall/command", "wall_command", take, methods=["POST"])


def walls() -> Walls:
    """Those of the running application; needs an application context."""
    return cast("Walls", current_app.extensions[KEY])


def serve() -> Response:
    """The state, unless the wall has it already (304)."""
    asked = {name: request.args.get(name, "") for name in ("theme", "at", "replay")}
    answer = walls().answer(language=request.args.get("lang", ""), **asked)
    response = Response(answer.body, mimetype=JSON)
    response.set_etag(answer.tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Yiping-Now"] = f"{time.time():.2f}"  # also told with a 304
    response.make_conditional(request)
    return response


def take() -> Response:
    """Carry out one command."""
    if request.mimetype != JSON:
        return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, f"body: {JSON} is expected")
    given, fault = read(request.get_data())
    if fault:
        return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, fault)
    try:
        walls().told(given.pop("do"), **given)
    except ValueError as error:
        return refuse(HTTPStatus.CONFLICT, str(error))
    response = Response(status=HTTPStatus.NO_CONTENT)
    response.headers["Cache-Control"] = "no-store"
    return response


def read(data: bytes) -> tuple[dict[str, str], str]:
    """A command and what it names, or what is wrong with it."""
    try:
        given = json.loads(data) if len(data) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return {}, "body: not JSON"
    if not isinstance(given, dict):
        return {}, "body: not an object with do"
    return checked(given)


def checked(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    """The command if all of it is as it may be, else what is not."""
    do = given.get("do")
    if not isinstance(do, str) or do not in COMMANDS:
        return {}, f"do: none of {', '.join(COMMANDS)}"
    checks = COMMANDS[do]
    for name, value in given.items():
        if name != "do" and name not in checks:
            return {}, f"{name[:64]}: no such part of {do}"
        if name != "do" and not checks[name](value):
            return {}, f"{name}: not a value it can have"
    if missing := NEEDED.get(do, set()) - set(given):
        return {}, f"{', '.join(sorted(missing))}: is missing"
    return dict(given), ""
