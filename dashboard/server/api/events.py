"""`POST /api/v1/events`: a batch of stage events, on the disk before it is acknowledged."""

from __future__ import annotations

import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Response, current_app, jsonify, request

from dashboard.access import actor, holder
from dashboard.server.answers import language
from dashboard.server.api.bodies import BodyError, lines_of
from dashboard.server.api.pace import Pace, TooManyError
from geodata.journal import reasons
from geodata.journal.codes import Codes
from geodata.journal.errors import JournalError, NotTheWriterError
from geodata.journal.events import Told, read
from geodata.journal.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flask import Flask

    from geodata.journal.events import Batch
    from geodata.journal.tables import Receipt
    from geodata.journal.tail import Tail
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
KEY: Final = "yiping-intake"
PATH: Final = "/api/v1/events"
AGAIN_S: Final = 10  # after which a journal that cannot be written is worth another try
TOO_MUCH: Final = {"body_too_large", "too_many_lines"}


class Intake:
    """Where events come in: the journal's writer, the pace of senders, and the city's codes.

    tail: the cases that the events have made so far.
    """

    def __init__(self, writer: Writer, tail: Tail, pace: Pace | None = None) -> None:
        """Take the writer and who reads after it."""
        self.writer, self.tail, self.pace = writer, tail, pace or Pace()
        self._codes: tuple[str, Codes] | None = None

    def codes(self, city: City) -> Codes:
        """The codes of a city, kept as long as it is the live one."""
        if self._codes is None or self._codes[0] != city.id:
            self._codes = city.id, Codes(city)
        return self._codes[1]


def install(server: Flask, data_dir: Path, url: str, place: str, tail: Tail) -> None:
    """Take events; `url` of another journal than the data directory's, `place` = our address."""
    server.extensions[KEY] = Intake(Writer(data_dir, url, place), tail)
    server.add_url_rule(PATH, "events", receive, methods=["POST"])


def intake() -> Intake:
    """The intake of the running application; needs an application context."""
    return cast("Intake", current_app.extensions[KEY])


def faults() -> list[str]:
    """What keeps events from being kept or read, by reason; needs an application context."""
    here = intake()
    reason = here.writer.reason or (JournalError.key if here.tail.fault else "")
    return [reason] if reason and reason != NotTheWriterError.key else []


def behind() -> bool:
    """Whether events from before the start are still being folded; needs an app context."""
    return intake().tail.behind


def receive() -> Response:
    """Take a batch: what is right of it is kept, what is wrong is told line by line."""
    here = intake()
    try:
        with here.pace.turn(actor().name):
            return _taken(here, lines_of(request))
    except TooManyError as error:
        return _no(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", wait_s=error.wait_s)
    except BodyError as error:
        much = error.reason in TOO_MUCH
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if much else HTTPStatus.UNPROCESSABLE_ENTITY
        return _no(status, error.reason)
    except NotTheWriterError as error:
        return _no(HTTPStatus.SERVICE_UNAVAILABLE, error.key, place=error.place)
    except JournalError as error:
        LOG.exception("a batch was not kept")
        return _no(HTTPStatus.SERVICE_UNAVAILABLE, error.key, wait_s=AGAIN_S)


def _taken(here: Intake, lines: list[bytes]) -> Response:
    city = holder().current().city
    batch = read(lines, here.codes(city), max(int(time.time()), city.now()))
    if not batch.events:
        reason = "nothing_usable" if batch.refused else "no_lines"
        return _no(HTTPStatus.UNPROCESSABLE_ENTITY, reason, rejected=_told(batch.refused))
    return _kept(batch, here.writer.append(batch.events, actor().name))


def _kept(batch: Batch, receipt: Receipt) -> Response:
    refused = batch.refused + [Told(line, "event_id_reused") for line in receipt.reused]
    refused.sort(key=lambda told: told.line)
    answer = jsonify(
        accepted=receipt.accepted,
        repeated=receipt.repeated,
        rejected=_told(refused),
        remarks=_told(batch.remarks),
        seq=receipt.last_seq,
    )
    if not receipt.accepted and not receipt.repeated:
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(told: Iterable[Told]) -> list[dict[str, Any]]:
    return [{"line": each.line, **_words(each.reason), "detail": each.detail} for each in told]


def _words(reason: str) -> dict[str, str]:
    lang = cast("reasons.Lang", language())
    return {
        "reason": reason,
        "text": reasons.text(reason, lang),
        "cure": reasons.cure(reason, lang),
    }


def _no(status: HTTPStatus, reason: str, *, wait_s: int = 0, **more: object) -> Response:
    answer = jsonify(accepted=0, repeated=0, **_words(reason), **more)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    if wait_s:
        answer.headers["Retry-After"] = str(wait_s)
    return answer
