"""Open311 GeoReport v2, for reading: services and service requests as JSON and as XML."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import orjson
from flask import Response, request

from dashboard.access import live
from dashboard.server.answers import language
from dashboard.server.api.events import intake
from dashboard.server.api.markup import document
from dashboard.server.api.services import Services
from geodata.journal.listing import Listing, Wanted
from geodata.model.errors import BusyError
from geodata.model.schemas import DEADLINES, MOMENTS

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd
    from flask import Flask

    from geodata.store.snapshots import City

ROOT: Final = "/open311/v2"
MOST: Final = 1_000  # requests in one answer
MOST_NUMBERS: Final = 200  # asked for by number
AGAIN_S: Final = 2  # until somebody asks again while what came is still being read
SPAN: Final = timedelta(days=90)
BETWEEN: Final = ":"  # the channel and the number that it gave the case
FORM: Final = "<any(json, xml):form>"
MIME: Final = {"json": "application/json", "xml": "text/xml"}
STATUSES: Final = ("open", "closed")
SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
DONE: Final = ("closed", "voided")


class QueryError(Exception):
    """A question that Open311 has an error for."""

    def __init__(self, status: HTTPStatus, description: str, wait_s: int = 0) -> None:
        """Keep them; wait_s: after which the same question may be put again, 0 = never."""
        super().__init__(description)
        self.status, self.description, self.wait_s = status, description, wait_s


@dataclass(frozen=True)
class Asked:
    """The city of one question with its cases, the moment it is asked about, and the language."""

    city: City
    listing: Listing
    now: int
    lang: str

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the city."""
        return ZoneInfo(self.city.profile.time_zone)

    @cached_property
    def services(self) -> Services:
        """Its services."""
        return Services(self.city, self.lang)


def install(server: Flask) -> None:
    """Answer the addresses of GeoReport v2 that read."""
    for path, name, answer in (
        ("discovery", "discovery", discovery),
        ("services", "services", services),
        ("services/<path:code>", "definition", definition),
        ("requests", "requests", requests),
        ("requests/<path:number>", "request", one_request),
        ("request/<path:number>", "request-v2", one_request),  # as some clients write it
    ):
        server.add_url_rule(f"{ROOT}/{path}.{FORM}", f"open311-{name}", _answering(answer))


def discovery(here: Asked) -> tuple[str, Any]:
    """Where the service is and what it speaks."""
    built = _written(int(here.city.meta["built"]), here.zone)
    endpoint = {
        "specification": SPECIFICATION,
        "url": request.host_url.rstrip("/") + ROOT,
        "changeset": built,
        "type": "production",
        "formats": list(MIME.values()),
    }
    told = {"changeset": built, "contact": None, "key_service": None, "endpoints": [endpoint]}
    return "discovery", told


def services(here: Asked) -> tuple[str, Any]:
    """Everything that can be reported."""
    return "services", [service.told() for service in here.services.every.values()]


def definition(here: Asked, code: str) -> tuple[str, Any]:
    """What is known of one service."""
    service = here.services.every.get(code)
    if service is None:
        raise QueryError(HTTPStatus.NOT_FOUND, f"service_code {code} was not found")
    return "service_definition", {"service_code": code, "attributes": service.attributes()}


def requests(here: Asked) -> tuple[str, Any]:
    """Cases by number, or those that fit the filters, the newest first."""
    given = request.args.get("service_request_id", "")
    if given:
        numbers = [number for number in given.split(",") if number][:MOST_NUMBERS]
        found = here.listing.numbered([_number(here.city, each) for each in numbers], here.now)
    else:
        found = here.listing.newest(_wanted(here), here.now)
    return "service_requests", _told(here, found)


def one_request(here: Asked, number: str) -> tuple[str, Any]:
    """One case by its number."""
    found = here.listing.numbered([_number(here.city, number)], here.now)
    if found.empty:
        description = f"Service request not found with id {number}"
        raise QueryError(HTTPStatus.NOT_FOUND, description)
    return "service_requests", _told(here, found)


def _answering(answer: Any) -> Any:  # noqa: ANN401 (views of Flask)
    """A view: the answer in the form asked for, errors as Open311 has them."""

    def view(form: str, **path: str) -> Response:
        status, wait_s = HTTPStatus.OK, 0
        try:
            here = _asked()
            name, told = answer(here, **path)
        except QueryError as error:
            status, wait_s = error.status, error.wait_s
            name, told = "errors", [{"code": status.value, "description": error.description}]
        text = orjson.dumps(told) if form == "json" else document(name, told)
        response = Response(text, status, content_type=f"{MIME[form]}; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        if wait_s:
            response.headers["Retry-After"] = str(wait_s)
        return response

    return view


def _asked() -> Asked:
    city = live().city
    wanted = request.args.get("jurisdiction_id", "")
    if wanted and wanted != city.profile.key:
        description = f"jurisdiction_id {wanted} was not found; this is {city.profile.key}"
        raise QueryError(HTTPStatus.NOT_FOUND, description)
    try:
        cases = intake().tail.cases(city)
    except BusyError as error:
        raise QueryError(HTTPStatus.SERVICE_UNAVAILABLE, str(error), AGAIN_S) from error
    # A clock that stands at the newest record goes on with the events.
    now = city.now() if city.profile.as_of == "now" else max(city.now(), cases.newest)
    return Asked(city, Listing(city, cases), now, language())


def _number(city: City, written: str) -> tuple[int, str]:
    """Row of the channel and the channel's own number; −1 where there is no such channel."""
    source, _, key = written.strip().partition(BETWEEN)
    rows = {str(name): row for row, name in enumerate(city.sources["key"])}
    return rows.get(source, -1), key


def _wanted(here: Asked) -> Wanted:
    start, end = _span(here)
    statuses = _listed("status")
    if strange := [status for status in statuses if status not in STATUSES]:
        raise QueryError(HTTPStatus.BAD_REQUEST, f"status {strange[0]}: is open or closed")
    codes = _listed("service_code")
    known = here.services.every
    if strange := [code for code in codes if code not in known]:
        raise QueryError(HTTPStatus.NOT_FOUND, f"service_code {strange[0]} was not found")
    kinds = [known[code] for code in codes]
    return Wanted(
        start=start,
        end=end,
        most=MOST,
        matters=tuple(kind.matter for kind in kinds if kind.matter >= 0) if kinds else None,
        categories=tuple(k.category for k in kinds if k.matter < 0) if kinds else None,
        open=not statuses or "open" in statuses,
        closed=not statuses or "closed" in statuses,
    )


def _listed(name: str) -> list[str]:
    parts = [each for given in request.args.getlist(name) for each in given.split(",")]
    return [part.strip() for part in parts if part.strip()]


def _span(here: Asked) -> tuple[int, int]:
    """First moment and the one after the last: 90 days that end now, if nothing is said."""
    start, end = _moment(here, "start_date"), _moment(here, "end_date")
    if start is None:
        end = end or datetime.fromtimestamp(here.now, UTC)
        start = end - SPAN
    elif end is None:
        end = start + SPAN
    if end < start:
        raise QueryError(HTTPStatus.BAD_REQUEST, "end_date is before start_date")
    if end - start > SPAN:
        description = f"start_date and end_date may span at most {SPAN.days} days"
        raise QueryError(HTTPStatus.BAD_REQUEST, description)
    return max(int(start.timestamp()), 0), max(int(end.timestamp()), 0) + 1


def _moment(here: Asked, name: str) -> datetime | None:
    written = request.args.get(name, "").strip()
    if not written:
        return None
    try:
        # In an address a plus that was not escaped arrives as a space.
        moment = datetime.fromisoformat(written.replace(" ", "+") if "T" in written else written)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=here.zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        description = f"{name} {written[:40]}: write it like 2026-11-21T00:00:00Z"
        raise QueryError(HTTPStatus.BAD_REQUEST, description) from error


def _told(here: Asked, found: pd.DataFrame) -> list[dict[str, Any]]:
    """Cases as Open311 writes them; there is nothing in them about a person."""
    sources = [str(key) for key in here.city.sources["key"]]
    units = here.city.sites["unit"].to_numpy()[found["site"].to_numpy(dtype=int)].tolist()
    names = here.city.places[f"name_{here.lang}"].to_numpy(dtype=object)
    told = []
    for row, unit in zip(found.to_dict("records"), units, strict=True):
        number = f"{sources[int(row['source'])]}{BETWEEN}{row['key']}"
        path = here.city.tree.path(unit)
        place = {
            "address": ", ".join(str(names[each]) for each in reversed(path)),
            "address_id": here.city.tree.codes[unit],
        }
        told.append({"service_request_id": number} | _case(here, row, place))
    return told


def _case(here: Asked, row: dict[Hashable, Any], place: dict[str, str]) -> dict[str, Any]:
    service = here.services.of_case(int(row["matter"]), int(row["category"]))
    ended = any(row[name] for name in DONE)
    lon, lat = float(row["lon"]), float(row["lat"])
    return {
        "status": STATUSES[ended],
        "status_notes": _notes(row),
        "service_name": service.name,
        "service_code": service.code,
        "description": None,
        "agency_responsible": here.services.departments[int(row["department"])] or None,
        "service_notice": None,
        "requested_datetime": _written(int(row["reported"]), here.zone),
        "updated_datetime": _written(_updated(row), here.zone),
        "expected_datetime": _written(int(row["due"]), here.zone) if row["due"] else None,
        **place,
        "zipcode": None,
        "lat": round(lat, 6) if math.isfinite(lat) else None,
        "long": round(lon, 6) if math.isfinite(lon) else None,
        "media_url": None,
    }


def _notes(row: dict[Hashable, Any]) -> str | None:
    if row["voided"]:
        return "Void."
    return "Duplicate request." if int(row["duplicate_of"]) >= 0 else None


def _updated(row: dict[Hashable, Any]) -> int:
    return max(int(row[name]) for name in MOMENTS if name not in {"occurred", *DEADLINES})


def _written(moment: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, zone).isoformat()
