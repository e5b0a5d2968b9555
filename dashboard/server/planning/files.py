"""`/export/plan/…`: a plan as a file: for a GIS, as ledger and register, as sheets to print."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
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
from dashboard.server.planning.imports import said
from dashboard.server.planning.refusals import refused
from dashboard.server.planning.routes import guarded
from dashboard.server.planning.said import table
from dashboard.server.planning.scope import seen
from dashboard.server.planning.tables import Taken, ledger, notes, register
from geodata.model.errors import ImportRefusedError
from geodata.paper.typeset import pdf
from geodata.publish.drafted import draw
from geodata.scenarios import exports, writing
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
        """The overview under the plan as it stands."""
        scenario, city = self._desks.scenarios.opened(plan), live().city
        names = [t("planfile.draft", each, name=scenario.name) for each in ("zh", "en")]
        try:
            there = rebased(scenario.grounded, city)
        except ImportRefusedError as error:
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, "file", reason=said(error, language()))
        draw(city, there, scenario.plan, plan, (names[0], names[1]))
        at = request.args.get("at", "") or scenario.scope
        place = f"at={at}&" if city.tree.find(at) else ""
        asked = request.args.get("theme", "")
        theme = f"&theme={asked}" if asked in THEMES else ""
        to = f"/?{place}bv={drawings.asked_of(plan)}&lang={language()}{theme}"
        return redirect(to)  # type: ignore[return-value]

    def _figures(self, taken: Taken) -> list[dict[str, str]]:
        """What the desk's table says."""
        rows: list[dict[str, str]] = table(taken.scope, self._desks.reckoned(taken.scope))["rows"]
        return rows

    def _taken(self, plan: str) -> Taken:
        scenario, city = self._desks.scenarios.opened(plan), live().city
        scope = seen(scenario, request.args.get("at", ""), language())
        made = datetime.fromtimestamp(scenario.changed, ZoneInfo(city.profile.time_zone))
        return Taken(scope, city, made)


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
