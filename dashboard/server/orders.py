"""`/order`: the supervision order of one case, or of a department's overdue ones, as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from flask import request

from dashboard.access import Live, live
from dashboard.place import from_query
from dashboard.question import Question, ask, exact
from geodata.paper.typeset import Sheet, pdf

if TYPE_CHECKING:
    from flask import Flask, Response

    from dashboard.server.press import Press

PATH: Final = "/order"
Sheets = Callable[[Question, Live], Sheet]  # how a screen words what an address asks


def install(server: Flask, press: Press, sheet: Sheets) -> None:
    """Answer the route from the words of a screen."""
    server.add_url_rule(PATH, "order", lambda: serve(press, sheet))


def serve(press: Press, sheet: Sheets) -> Response:
    """The order of the department, and of the case if one is named."""
    here, place = live(), from_query(request.query_string.decode("ascii", "replace"))
    asked = exact(ask(place, here.city), place)  # paper does not tell what had to be mended
    made = sheet(asked, here)
    moment = datetime.fromtimestamp(made.stamp, ZoneInfo(here.city.profile.time_zone))
    return press.answer(partial(pdf, made), f"yiping-order-{moment:%Y%m%d-%H%M}.pdf")
