"""`/duplicates`: reports that likely repeat others, side by side, to confirm or to decline."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, redirect, request

from dashboard.access import live
from dashboard.place import LANGUAGES, from_query
from dashboard.question import ask
from dashboard.server.api.events import intake
from dashboard.server.cities import held
from dashboard.server.duplicates import files, matrix
from dashboard.server.duplicates.deciding import decide
from dashboard.server.duplicates.page import page
from dashboard.server.duplicates.searches import Searches, Sought
from dashboard.server.duplicates.shown import DECIDE_PATH, PATH, Shown
from geodata.model.errors import BusyError
from geodata.store import decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flask import Flask

    from dashboard.place import Place
    from dashboard.question import Question
    from geodata.proposed import Proposed

    Tabs = Callable[[frozenset[str], Place, str], Sequence[tuple[str, str, bool]]]

KEY: Final = "yiping-duplicates"
WAIT_S: Final = 20.0  # a file waits so long for a search that is under way
GONE: Final = "gone"  # somebody has decided before
NO_FILE: Final = "duplicates are still being searched; ask again in a moment"


class Desk:
    """Answers the routes; searches: what is kept between requests."""

    def __init__(self, data_dir: Path, style: str, tabs: Tabs) -> None:
        """Take where decisions are kept, the tag of our styles, and the way to other screens."""
        self._data_dir, self._style, self._tabs = data_dir, style, tabs
        self.searches = Searches()

    def show(self) -> Response:
        """The page at the place of the query."""
        place = from_query(request.query_string.decode("ascii", "replace"))
        shown = self._shown(_asked(place))
        tabs = self._tabs(shown.live.actor.rights, shown.asked.place, shown.language)
        response = Response(page(shown, self._style, tabs), mimetype="text/html")
        response.headers["Cache-Control"] = "no-store"
        return response

    def decide(self) -> Any:  # noqa: ANN401 (a redirect of Flask)
        """Keep a decision and step back to the page it was made on."""
        form = request.form
        back = form["back"] if form["back"].startswith("?") else ""
        asked = _asked(from_query(back))
        done = form["do"]
        try:
            decide(
                done,
                (form["source"], form["number"]),
                (form["first_source"], form["first_number"]),
                actor=live().actor.name,
                asked=asked,
                found=self._ready(asked),
                intake=intake(),
                data_dir=self._data_dir,
            )
        except BusyError:
            if "text/html" not in request.headers.get("Accept", ""):
                raise
            done = GONE  # a person is shown how it stands now
        query = asked.place.href()
        query = "?" if query == "?" else f"{query}&"
        return redirect(f"{PATH}{query}done={done}", HTTPStatus.SEE_OTHER)

    def file(self, panel: str) -> Response:
        """The pairs, or the matrix, as CSV.

        Raises:
            BusyError: nothing was found yet.
        """
        asked = _asked(from_query(request.query_string.decode("ascii", "replace")))
        found = self._ready(asked)
        if found is None:
            raise BusyError(NO_FILE)
        language = asked.place.language or asked.city.profile.language
        if panel == "overlap":
            frame = matrix.table(asked, found, language)
        else:
            frame = files.pairs(asked, found, decisions.read(self._data_dir), language)
        return files.answer(frame, panel, found.until, asked.city.profile.time_zone, language)

    def _ready(self, asked: Question) -> Proposed | None:
        """What was found, where need be after a short wait; None = nothing yet."""
        key = (held().city.id, _period(asked))
        sought = self._sought(asked)
        if sought.found is None and sought.busy:
            self.searches.settle(WAIT_S, key)
            sought = self._sought(asked)
        return sought.found

    def _sought(self, asked: Question) -> Sought:
        return self.searches.sought(held(), _period(asked), asked.span)

    def _shown(self, asked: Question) -> Shown:
        given = request.args
        profile = asked.city.profile
        language = asked.place.language if asked.place.language in LANGUAGES else profile.language
        return Shown(
            asked=asked,
            live=live(),
            sought=self._sought(asked),
            decided=decisions.read(self._data_dir),
            language=language,
            page=int(given.get("page", 1)),
            done=given.get("done", ""),
        )


def install(server: Flask, data_dir: Path, style: str, tabs: Tabs) -> None:
    """Answer the routes; style: the tag of our style sheets; tabs: the way to other screens."""
    desk = server.extensions[KEY] = Desk(data_dir, style, tabs)
    server.add_url_rule(PATH, "duplicates", desk.show)
    server.add_url_rule(DECIDE_PATH, "duplicates-decide", desk.decide, methods=["POST"])
    server.add_url_rule(f"{PATH}/<panel>.csv", "duplicates-file", desk.file)


def _period(asked: Question) -> str:
    return asked.place.period or asked.city.profile.default_period


def _asked(place: Place) -> Question:
    """The question of a place under the boundaries in force; nothing is played here."""
    return ask(place.moved(division="", heat=False, play="", arrangement=""), live().city)
