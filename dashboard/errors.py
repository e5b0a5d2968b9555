"""Domain errors to HTTP answers and on-screen notices: one table for both."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from dashboard.i18n import t
from geodata.backup.errors import BackupError
from geodata.journal.errors import JournalError
from geodata.journal.generation import CompactionError
from geodata.model.errors import (
    AuditError,
    BusyError,
    DiskFullError,
    ImportRefusedError,
    NoCityError,
    NotAllowedError,
    NotYetError,
    ProfileError,
    RequestError,
    SnapshotError,
    UnknownPlaceError,
    YipingError,
)
from geodata.paper.errors import FontError, PaperError
from geodata.scenarios.state import NoScenarioError
from geodata.store.room import is_full
from geodata.warehouse.errors import WarehouseError

LOG: Final = logging.getLogger(__name__)

STATUS: Final[tuple[tuple[type[YipingError], HTTPStatus], ...]] = (
    (UnknownPlaceError, HTTPStatus.NOT_FOUND),
    (NoScenarioError, HTTPStatus.NOT_FOUND),
    (NotAllowedError, HTTPStatus.FORBIDDEN),
    (RequestError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ImportRefusedError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (BusyError, HTTPStatus.CONFLICT),
    (DiskFullError, HTTPStatus.INSUFFICIENT_STORAGE),
    (SnapshotError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ProfileError, HTTPStatus.SERVICE_UNAVAILABLE),
    (PaperError, HTTPStatus.SERVICE_UNAVAILABLE),
    (BackupError, HTTPStatus.SERVICE_UNAVAILABLE),
    (AuditError, HTTPStatus.SERVICE_UNAVAILABLE),
    (JournalError, HTTPStatus.SERVICE_UNAVAILABLE),
    (CompactionError, HTTPStatus.SERVICE_UNAVAILABLE),
    (WarehouseError, HTTPStatus.SERVICE_UNAVAILABLE),
)


@dataclass(frozen=True)
class Notice:
    """What a person is told about an error.

    text: in the reader's language, without a path or a traceback.
    detail: the error's own words where they are about the question, else "".
    reference: a short random id that stands beside the full error in the log, or "".
    """

    status: HTTPStatus
    text: str
    detail: str
    reference: str


def status_of(error: Exception) -> HTTPStatus:
    """The HTTP status of a domain error or a full disk; 500 for what else nobody raised."""
    if is_full(error):
        return HTTPStatus.INSUFFICIENT_STORAGE
    for family, status in STATUS:
        if isinstance(error, family):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def plain(status: HTTPStatus, language: str, detail: str = "") -> Notice:
    """The notice of a status, for refusals that are no exception."""
    return Notice(status, t(f"server.error_{status.value}", language), detail, "")


def notice(error: Exception, language: str) -> Notice:
    """What to tell about an error; what is our fault is logged in full under its reference."""
    status = status_of(error)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return plain(status, language, str(error))
    if isinstance(error, NoCityError | NotYetError):
        return plain(status, language)  # nothing failed: none is published, or it is being read
    if isinstance(error, FontError):
        return plain(status, language, str(error))  # whoever asks can say what to install
    reference = secrets.token_hex(4)
    LOG.error("error %s", reference, exc_info=error)
    return Notice(status, t(f"server.error_{status.value}", language), "", reference)
