"""Refusals and errors as HTTP: plain text or JSON, never a traceback."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard.errors import Notice, notice, plain
from dashboard.i18n import LANGUAGES, t

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

CLIENT_ERRORS: Final = {400, 401, 403, 404, 405, 413, 422}


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
    """The notice as JSON for programs and as text for people."""
    if _wants_text():
        lines = [told.text, told.detail]
        if told.reference:
            lines.append(t("server.error_reference", language(), reference=told.reference))
        response = Response("\n".join(filter(None, lines)) + "\n", mimetype="text/plain")
    else:
        response = jsonify(error=told.text, detail=told.detail, reference=told.reference)
    response.status_code = told.status
    response.headers["Cache-Control"] = "no-store"
    return response


def install(server: Flask) -> None:
    """Turn every error into such an answer."""
    server.register_error_handler(HTTPException, _http)
    # Dash raises it for a script that is none of its own.
    server.register_error_handler(DependencyException, lambda _: refuse(HTTPStatus.NOT_FOUND))
    server.register_error_handler(Exception, lambda error: tell(notice(error, language())))


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
    response = Response("\n".join(lines) + "\n", HTTPStatus.UNAUTHORIZED, mimetype="text/plain")
    response.headers["WWW-Authenticate"] = "Bearer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_text() -> bool:
    return "text/html" in request.headers.get("Accept", "")
