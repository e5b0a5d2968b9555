"""`/export/plan/…`: a plan as a file: for a GIS, as ledger and register, as sheets to print."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, redirect, request

from dashboard.access import live
from dashboard.i18n import t
from dashboard.place import THEMES
from dashboard.server import workbook
from dashboard.server.answers import language, refuse
from dashboard.server.export import to_csv
from dashboard.server.planning import sheets
from dashboard.server.planning.filenames import called
from dashboard.server.planning.routes import guarded
from dashboard.server.planning.said import table
from dashboard.server.planning.scope import seen
from dashboard.server.planning.tables import Taken, ledger, notes, register
from geodata.paper.typeset import pdf
from geodata.publish.drafted import draw
from geodata.scenarios import exports, named, writing
from geodata.scenarios.rebased import rebased
from geodata.store import drawings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from dashboard.server.planning.desks import Desks
    from dashboard.server.press import Press

SHAPES: Final[dict[str, tuple[str, Callable[..., bytes]]]] = {
    "gpkg": ("application/geopackage+sqlite3", writing.to_gpkg),
    "geojson": ("application/geo+json", writing.to_geojson),
    "parquet": ("application/vnd.apache.parquet", writing.to_parquet),
}
ZIP: Final = "application/zip"
CSV: Final = "text/csv"
KINDS: Final = (*SHAPES, "shp", "xlsx", "csv", "pdf")
SHEETS: Final = ("walk.pdf", "register.xlsx")


class Files:
    """Hands plans out as files."""

    def __init__(self, desks: Desks, press: Press) -> None:
        """Take what holds the scenarios, and what sets pages."""
        self._desks, self._press = desks, press

    def install(self, server: Flask) -> None:
        """Answer the addresses."""
        add = server.add_url_rule
        add("/export/plan/<plan>.<kind>", "plan_file", guarded(self.whole))
        add("/export/plan/<plan>/<sheet>", "plan_sheet", guarded(self.sheet))
        add("/plan/<plan>/shown", "plan_shown", guarded(self.shown))

    def whole(self, plan: str, kind: str) -> Response:
        """The plan, or a place of it, as one kind of file."""
        if kind not in KINDS:
            return refuse(HTTPStatus.NOT_FOUND)
        taken = self._taken(plan)
        if kind == "pdf":
            made = partial(pdf, sheets.compared(taken, self._figures(taken)))
            return self._page(made, taken, "compared")
        if kind == "xlsx":
            return _workbook(taken, "ledger")
        if kind == "csv":
            frame = register(taken)
            content = to_csv(frame, notes(taken, frame.attrs["columns"]))
            return called(_file(content, CSV), taken, "register", kind)
        frame = exports.grids(taken.moved, taken.mark)
        said = notes(taken, ())
        if kind == "shp":
            encoding = request.args.get("encoding", writing.ENCODINGS[0])
            packed = _file(writing.to_shp(frame, said, encoding), ZIP)
            return called(packed, taken, "grids", "zip", encoding)
        media, write = SHAPES[kind]
        return called(_file(write(frame, said), media), taken, "grids", kind)

    def sheet(self, plan: str, sheet: str) -> Response:
        """A sheet to walk the borders of a community with, or the register as a workbook."""
        if sheet not in SHEETS:
            return refuse(HTTPStatus.NOT_FOUND)
        taken = self._taken(plan)
        if sheet == "register.xlsx":
            return _workbook(taken, "register")
        made = partial(pdf, sheets.walked(taken))
        return self._page(made, taken, "walk")

    def _page(self, made: Callable[[Path | None], bytes], taken: Taken, what: str) -> Response:
        return called(self._press.answer(made, what), taken, what, "pdf", how="inline")

    def shown(self, plan: str) -> Response:
        """The overview under the plan as it stands; under today's grids once it is in force."""
        scenario, city = self._desks.scenarios.opened(plan), live().city
        if self._desks.in_force(plan):
            return _away("/", scenario.scope)
        names = [
            t("planfile.draft", each, name=named.called(scenario.name, each))
            for each in ("zh", "en")
        ]
        if self._desks.overtaken(scenario):
            return _away(f"/plan/{plan}", scenario.scope)  # where it is told, with the way on
        there = rebased(scenario.grounded, city)
        draw(city, there, scenario.plan, plan, (names[0], names[1]))
        return _away("/", scenario.scope, drawings.asked_of(plan))

    def _figures(self, taken: Taken) -> list[dict[str, str]]:
        """What the desk's table says."""
        rows: list[dict[str, str]] = table(taken.scope, self._desks.reckoned(taken.scope))["rows"]
        return rows

    def _taken(self, plan: str) -> Taken:
        scenario, city = self._desks.scenarios.opened(plan), live().city
        scope = seen(scenario, request.args.get("at", ""), language())
        made = datetime.fromtimestamp(scenario.changed, ZoneInfo(city.profile.time_zone))
        return Taken(scope, city, made)


def _away(to: str, scope: str, version: str = "") -> Response:
    """The way to a screen of a place; version: of the boundaries, "" = today's."""
    at, asked = request.args.get("at", "") or scope, request.args.get("theme", "")
    given = {
        "at": at if live().city.tree.find(at) is not None else "", "bv": version,
        "lang": language(), "theme": asked if asked in THEMES else "",
    }  # fmt: skip
    query = urlencode({name: value for name, value in given.items() if value})
    return redirect(f"{to}?{query}")  # type: ignore[return-value]


def _workbook(taken: Taken, which: str) -> Response:
    frame = ledger(taken) if which == "ledger" else register(taken)
    said = notes(taken, frame.attrs["columns"])
    names = t(f"planfile.{which}", taken.spoken), t("export.sheet_notes", taken.spoken)
    content = workbook.to_xlsx(frame, said, names, taken.made)
    return called(_file(content, workbook.MIMETYPE), taken, which, "xlsx")


def _file(content: bytes | str, media: str) -> Response:
    response = Response(content, mimetype=media)
    response.headers["Cache-Control"] = "no-store"
    return response
