"""Refusals and errors as HTTP: plain text or JSON, never a traceback."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard.errors import Notice, notice, plain
from dashboard.i18n import LANGUAGES, t
from dashboard.place import THEMES
from dashboard.server.refusal import advice, page
from geodata.model.errors import NotYetError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

AGAIN_S: Final = 1  # after which what is being read is worth asking for again
CLIENT_ERRORS: Final = {400, 401, 403, 404, 405, 409, 413, 422}


def language() -> str:
    """The language of the answer: the URL's, else the browser's, else Chinese."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]


def refuse(status: HTTPStatus, detail: str = "") -> Response:
    """Answer a request that may not go on; a 401 says in both languages how to get in."""
    if status == HTTPStatus.UNAUTHORIZED:
        return _way_in()
    return tell(plain(status, language(), detail))


def tell(told: Notice) -> Response:
    """The notice as JSON for programs and as a page for people."""
    if _wants_page():
        spoken = language()
        lines = [told.detail, advice(told.status, spoken)]
        if told.reference:
            lines.append(t("server.error_reference", spoken, reference=told.reference))
        text = page(told, lines, spoken, _theme())
        response = Response(text, mimetype="text/html")
    else:
        response = jsonify(error=told.text, detail=told.detail, reference=told.reference)
    response.status_code = told.status
    response.headers["Cache-Control"] = "no-store"
    if told.status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "60"
    return response


def install(server: Flask) -> None:
    """Turn every error into such an answer."""
    server.register_error_handler(HTTPException, _http)
    # Dash raises it for a script that is none of its own.
    server.register_error_handler(DependencyException, lambda _: refuse(HTTPStatus.NOT_FOUND))
    server.register_error_handler(NotYetError, _not_yet)
    server.register_error_handler(Exception, lambda error: tell(notice(error, language())))


def _not_yet(error: NotYetError) -> Response:
    response = tell(notice(error, language()))
    response.headers["Retry-After"] = str(AGAIN_S)
    return response


def _http(error: HTTPException) -> AnyResponse:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect
    if code in CLIENT_ERRORS:
        return refuse(HTTPStatus(code))
    if code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return refuse(HTTPStatus.BAD_REQUEST)
    return tell(notice(error, language()))


def _way_in() -> Response:
    lines = [t("server.error_401", each, address=request.host_url) for each in LANGUAGES]
    status = HTTPStatus.UNAUTHORIZED
    if _wants_page():
        title = " · ".join(t("server.title_401", each) for each in LANGUAGES)
        text = page(Notice(status, title, "", ""), lines, language(), _theme())
        response = Response(text, status, mimetype="text/html")
    else:
        response = Response("\n".join(lines) + "\n", status, mimetype="text/plain")
    response.headers["WWW-Authenticate"] = "Bearer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_page() -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _theme() -> str:
    asked = request.args.get("theme", "")
    return asked if asked in THEMES else THEMES[0]
