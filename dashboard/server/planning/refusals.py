"""Why something was refused, as JSON that the desk can show: why, text, grids, atoms."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, jsonify

from dashboard.errors import notice
from dashboard.i18n import catalogue, t
from dashboard.server.answers import language, tell
from dashboard.server.planning import wished
from dashboard.server.planning.bodies import BodyError
from dashboard.server.planning.jobs import NoJobError
from geodata.model.errors import BusyError, RequestError, UnknownPlaceError, YipingError
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.sizes import SizeRefusedError
from geodata.scenarios.asked import AskedError
from geodata.scenarios.named import called
from geodata.scenarios.scenario import CarriedError, NoScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOM: Final = "planner.why_"
CONFLICTS: Final = (Why.CHANGED_MEANWHILE, Why.OTHER_GROUND)
KINDS: Final = (
    (BodyError, HTTPStatus.UNPROCESSABLE_ENTITY, "body"),
    (AskedError, HTTPStatus.UNPROCESSABLE_ENTITY, "operation"),
    (NoJobError, HTTPStatus.NOT_FOUND, "no_job"),
    (NoScenarioError, HTTPStatus.NOT_FOUND, "no_scenario"),
    (UnknownPlaceError, HTTPStatus.NOT_FOUND, "place"),
    (BusyError, HTTPStatus.CONFLICT, "busy"),
    (RequestError, HTTPStatus.UNPROCESSABLE_ENTITY, "other"),
)
MOST_NAMED: Final = 4
MOST_ATOMS: Final = 2_000


def plain(code: str) -> str:
    """A grid by its code, where nobody knows its name."""
    return code


def answer(error: Exception, name: Callable[[str], str] = plain) -> Response:
    """The answer to what cannot be done; name: gives that of a grid by its code."""
    if isinstance(error, PlanRefusedError):
        status = HTTPStatus.CONFLICT if error.why in CONFLICTS else HTTPStatus.UNPROCESSABLE_ENTITY
        told = said(error, language(), name)
        return _json(status, error.why.name.lower(), told, error.grids, error.atoms)
    if isinstance(error, SizeRefusedError):
        why = f"size_{error.why.name.lower()}"
        said_so = wished.refusal(error, language())
        return _json(HTTPStatus.UNPROCESSABLE_ENTITY, why, said_so, (), ())
    if isinstance(error, CarriedError):
        names = t("planner.between", language()).join(called(n, language()) for n in error.names)
        return refused(HTTPStatus.CONFLICT, "carried_already", name=names)
    for family, status, why in KINDS:
        if isinstance(error, family):
            return refused(status, why, reason=_reason(error), keys=_keys(error))
    return tell(notice(error, language()))


def _reason(error: Exception) -> str:
    """What is wrong: of a body in the language of the page, else in the error's own words."""
    if not isinstance(error, BodyError):
        return str(error)
    fields = ", ".join(error.fields)
    return t(f"planner.body_{error.fault.name.lower()}", language(), fields=fields)


def _keys(error: Exception) -> str:
    """The keys of an operation that make no sense."""
    return ", ".join(error.keys) if isinstance(error, AskedError) else ""


def refused(status: HTTPStatus, why: str, **values: object) -> Response:
    """A refusal that concerns no grid."""
    return _json(status, why, t(f"{ROOM}{why}", language(), **values), (), ())


def said(error: PlanRefusedError, spoken: str, name: Callable[[str], str] = plain) -> str:
    """The reason in words, with grids by their names."""
    key = f"{ROOM}{error.why.name.lower()}"
    if not error.grids and f"{key}_all" in catalogue():
        key += "_all"
    grids = t("planner.between", spoken).join(name(code) for code in error.grids[:MOST_NAMED])
    if len(error.grids) > MOST_NAMED:
        grids = t("planner.check_names", spoken, name=grids, n=len(error.grids))
    return t(key, spoken, grids=grids)


def told(error: YipingError, spoken: str, name: Callable[[str], str] = plain) -> dict[str, object]:
    """The same as a part of an answer that is none itself."""
    if isinstance(error, PlanRefusedError):
        return {
            "why": error.why.name.lower(), "text": said(error, spoken, name),
            "grids": list(error.grids), "atoms": list(error.atoms[:MOST_ATOMS]),
        }  # fmt: skip
    text = t(f"{ROOM}other", spoken, reason=str(error))
    return {"why": "other", "text": text, "grids": [], "atoms": []}


def _json(
    status: HTTPStatus, why: str, text: str, grids: Iterable[str], atoms: Iterable[int]
) -> Response:
    response = jsonify(why=why, text=text, grids=list(grids), atoms=list(atoms)[:MOST_ATOMS])
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
