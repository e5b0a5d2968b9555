"""`POST /api/v1/alerts`: an alert of another system, on the disk before it is acknowledged."""

from __future__ import annotations

import json
import logging
import secrets
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, jsonify, request

from dashboard.access import actor, holder
from dashboard.server import checks
from dashboard.server.answers import refuse
from dashboard.server.api.pace import Pace, TooManyError
from geodata.journal.times import MomentError, epoch
from geodata.model.errors import NotAllowedError
from geodata.store import raised
from geodata.store.raised import NOWHERE, Raised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from flask import Flask

    from dashboard.access import Actor
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
PATH: Final = "/api/v1/alerts"
JSON: Final = "application/json"
ID_BYTES: Final = 8
AGAIN_S: Final = 10
AHEAD_S: Final = 60  # clocks of two machines may differ by so much
LONGEST: Final = {"title": 80, "reason": 400}
TEXTS: Final = ("title_zh", "title_en", "reason_zh", "reason_en")
PLACE: Final = ("unit", "lon", "lat")
PARTS: Final[Mapping[str, Callable[[object], bool]]] = {
    "id": checks.reference,
    "level": checks.whole(1, 4),
    "unit": checks.code,
    "lon": checks.within(-180, 180),
    "lat": checks.within(-90, 90),
    **{name: checks.words(LONGEST[name.partition("_")[0]]) for name in TEXTS},
    "raised": checks.anything,  # read as a moment, which says itself what is wrong
    "cleared": checks.anything,
}


class AlertError(Exception):
    """A body that is no alert; the message says which part and why."""


def install(server: Flask, data_dir: Path) -> None:
    """Take alerts."""
    pace = Pace()
    server.add_url_rule(PATH, "alerts", lambda: receive(data_dir, pace), methods=["POST"])


def receive(data_dir: Path, pace: Pace) -> Response:
    """Take one alert, or what one of that id has become."""
    if request.mimetype != JSON:
        return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, f"body: {JSON} is expected")
    try:
        with pace.turn(actor().name):
            return _taken(data_dir)
    except TooManyError as error:
        return _later(HTTPStatus.TOO_MANY_REQUESTS, error.wait_s)
    except (AlertError, NotAllowedError) as error:
        return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except OSError:
        LOG.exception("an alert was not kept")
        return _later(HTTPStatus.SERVICE_UNAVAILABLE, AGAIN_S)


def _taken(data_dir: Path) -> Response:
    given = read(request.get_data())
    city = holder().current().city
    name = str(given.get("id") or secrets.token_hex(ID_BYTES))
    who = actor()

    def tell(before: Raised | None) -> Raised:
        told = made(given, name, _sender(who, before), before, city.now())
        place(told, city)
        return told

    kept = raised.keep(data_dir, name, tell)
    told = kept.now
    answer = jsonify(
        id=name, kept=kept.is_new, unit=city.tree.codes[raised.unit_of(city, told)],
        raised=told.raised, cleared=told.cleared,
    )  # fmt: skip
    answer.status_code = HTTPStatus.CREATED if kept.before is None else HTTPStatus.OK
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sender(who: Actor, before: Raised | None) -> str:
    """Whose alert it is: who raised it; whoever publishes the city may change those of others.

    Raises:
        AlertError: it is another sender's.
    """
    if before is None or before.sender == who.name:
        return who.name
    if "import" not in who.rights:
        message = "id: an alert of another sender has it"
        raise AlertError(message)
    return before.sender


def read(data: bytes) -> dict[str, Any]:
    """The parts of a body, each as it may be.

    Raises:
        AlertError: naming the part that is not.
    """
    try:
        given = json.loads(data)
    except (ValueError, RecursionError) as error:
        message = "body: not JSON"
        raise AlertError(message) from error
    if not isinstance(given, dict):
        message = "body: not an object"
        raise AlertError(message)
    for name, value in given.items():
        if name not in PARTS or not PARTS[name](value):
            message = f"{name[:64]}: not a part of an alert, or not a value it can have"
            raise AlertError(message)
    return given


def made(
    given: Mapping[str, Any], name: str, sender: str, before: Raised | None, now: int
) -> Raised:
    """The alert: what is given, and for one that is known already what it was.

    Raises:
        AlertError: a part is missing, or a moment cannot be one.
    """
    known = {part: getattr(before, part) for part in (*TEXTS, *PLACE, "level")} if before else {}
    if any(part in given for part in PLACE):
        known |= {"unit": "", "lon": NOWHERE, "lat": NOWHERE}
    parts = {**known, **{part: given[part] for part in given if part != "id"}}
    _whole(parts)
    at = _moment(given, "raised", now) or (before.raised if before else now)
    cleared = _moment(given, "cleared", now) or 0
    if cleared and cleared < at:
        message = "cleared: before it was raised"
        raise AlertError(message)
    zh, en = str(parts.get("title_zh", "")), str(parts.get("title_en", ""))
    reasons = {part: str(parts.get(part, "")).strip() for part in ("reason_zh", "reason_en")}
    return Raised(
        id=name, level=int(parts["level"]), raised=at, cleared=cleared, sender=sender,
        title_zh=(zh or en).strip(), title_en=(en or zh).strip(), **reasons,
        unit=str(parts.get("unit", "")), lon=float(parts.get("lon", NOWHERE)),
        lat=float(parts.get("lat", NOWHERE)),
    )  # fmt: skip


def _whole(parts: Mapping[str, Any]) -> None:
    missing = [name for name in ("level",) if name not in parts]
    if not (str(parts.get("title_zh", "")).strip() or str(parts.get("title_en", "")).strip()):
        missing.append("title_zh or title_en")
    lon, lat = parts.get("lon", NOWHERE), parts.get("lat", NOWHERE)
    if (lon == NOWHERE) != (lat == NOWHERE):
        missing.append("lon and lat, both")
    elif lon == NOWHERE and not parts.get("unit"):
        missing.append("unit, or lon and lat")
    if missing:
        message = f"{'; '.join(missing)}: is missing"
        raise AlertError(message)


def _moment(given: Mapping[str, Any], name: str, now: int) -> int | None:
    if given.get(name) is None:
        return None
    try:
        at = epoch(given[name])
    except MomentError as error:
        message = f"{name}: {error.reason}; write 2026-11-21T14:30:00+08:00 or epoch seconds"
        raise AlertError(message) from error
    if at > max(now, time.time()) + AHEAD_S:
        message = f"{name}: lies ahead of the server's clock"
        raise AlertError(message)
    return min(at, now)  # of a clock that is ahead of ours: the alert is not kept back until then


def place(told: Raised, city: City) -> int:
    """The unit in which it lies.

    Raises:
        AlertError: the city has no unit of that code, or the point lies outside of it.
    """
    if told.unit:
        unit = city.tree.find(told.unit)
        if unit is None:
            message = "unit: no unit of this city has that code"
            raise AlertError(message)
        return int(unit)
    west, south, east, north = city.places.total_bounds
    if not (west <= told.lon <= east and south <= told.lat <= north):
        message = "lon, lat: outside of the city; they are degrees of WGS 84"
        raise AlertError(message)
    return raised.unit_at(city, told.lon, told.lat)


def _later(status: HTTPStatus, wait_s: int) -> Response:
    answer = refuse(status)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
