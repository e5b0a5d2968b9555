"""`/healthz`: is the process up. `/readyz`: can it serve the city."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from flask import Response, jsonify

from dashboard.access import holder
from dashboard.server import backups, warnings
from dashboard.server.api import events
from dashboard.server.cities import held
from geodata.model.errors import NoCityError, YipingError
from geodata.store.room import has_room

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from dashboard.server.cities import Cities

NOTHING: Final = "no_city_published"
UNREADABLE: Final = "published_city_unreadable"
BEHIND: Final = "journal_behind"
ROBOTS: Final = "User-agent: *\nDisallow: /\n"


def install(server: Flask, data_dir: Path) -> None:
    """Answer the three routes that anybody may ask."""
    server.add_url_rule("/healthz", "healthz", lambda: jsonify(up=True))
    server.add_url_rule("/readyz", "readyz", lambda: serve_ready(data_dir))
    server.add_url_rule("/robots.txt", "robots", lambda: Response(ROBOTS, mimetype="text/plain"))


def serve_ready(data_dir: Path) -> Response:
    """Tell whether the city can be read and the audit be written; 503 if not.

    After a start it is 503 too until every event is in the figures. A newly published city that
    cannot be opened is a finding: the old one is still served.
    """
    fault = _fault()
    checked = {"city": fault is None, "disk": has_room(data_dir), BEHIND: not events.behind()}
    faults = [name for name, fine in checked.items() if not fine]
    findings = [UNREADABLE] if cast("Cities", holder()).unopened else []
    if isinstance(fault, NoCityError):
        findings = [NOTHING]
    findings += events.faults() + backups.faults() + warnings.faults()
    response = jsonify(ready=not faults, faults=faults, findings=findings)
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE if faults else HTTPStatus.OK
    return response


def _fault() -> YipingError | None:
    """Why there is no city to serve; looks for what has arrived."""
    try:
        held().live()
    except YipingError as error:
        return error
    return None
