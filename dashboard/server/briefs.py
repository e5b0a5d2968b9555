"""`/brief`: a place and a period on one page, as a PDF."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from flask import request

from dashboard.access import live
from dashboard.place import LETTERS, from_query
from dashboard.server.identity import is_secure
from geodata.brief.asked import ask
from geodata.brief.making import make
from geodata.model.errors import RequestError
from geodata.model.periods import local

if TYPE_CHECKING:
    from flask import Flask, Response

    from dashboard.server.press import Press
    from geodata.brief.words import Lang

PATH: Final = "/brief"


def install(server: Flask, press: Press) -> None:
    """Answer the route."""
    server.add_url_rule(PATH, "brief", lambda: serve(press))


def serve(press: Press) -> Response:
    """The brief of the place of the query.

    Raises:
        RequestError: a part of the address makes no sense.
        BusyError: too many are being made.
    """
    here, place = live(), from_query(request.query_string.decode("ascii", "replace"))
    for name in place.dropped:
        message = f"{LETTERS.get(name, name)}: is not understood; correct it or leave it out"
        raise RequestError(message)
    scheme = "https" if is_secure() else "http"
    asked = ask(
        here.city, here.engine, at=place.at, period=place.period,
        lang=cast("Lang", place.language or here.city.profile.language),
        base=f"{scheme}://{request.host}",
    )  # fmt: skip
    name = f"yiping-brief-{local(asked.now, asked.zone):%Y%m%d-%H%M}.pdf"
    return press.answer(partial(make, asked), name)
