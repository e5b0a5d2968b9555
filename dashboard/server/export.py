"""`/export/<panel>.csv`: the table of a panel with its definitions, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pandas as pd
from flask import Response, request

from dashboard.access import Live, live
from dashboard.i18n import t
from dashboard.place import LANGUAGES, from_query
from dashboard.question import Question, ask, exact
from dashboard.server.answers import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask

# How a screen hands its panels over, by key. What belongs to the numbers stands in the table's
# attributes: `attrs["notes"]` as (name, words), `attrs["definitions"]` as sentences.
Tables = Mapping[str, Callable[[Question, Live], pd.DataFrame]]

BOM: Final = "\ufeff"  # without it a spreadsheet takes UTF-8 Chinese for something else
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def install(server: Flask, tables: Tables) -> None:
    """Answer the route from the panels of a screen."""
    server.add_url_rule("/export/<panel>.csv", "export", lambda panel: serve(panel, tables))


def serve(panel: str, tables: Tables) -> Response:
    """The panel at the place of the query as a file; 404 if there is no such panel."""
    if panel not in tables:
        return refuse(HTTPStatus.NOT_FOUND)
    here, place = live(), from_query(request.query_string.decode("ascii", "replace"))
    asked = exact(ask(place, here.city), place)  # a file does not tell what had to be mended
    frame = tables[panel](asked, here)
    moment = datetime.fromtimestamp(asked.request.now, ZoneInfo(here.city.profile.time_zone))
    language = place.language if place.language in LANGUAGES else here.city.profile.language
    label = t("server.export_definitions", language)
    notes = [(str(name), str(said)) for name, said in frame.attrs.get("notes", ())]
    notes += [(label, str(sentence)) for sentence in frame.attrs.get("definitions", ())]
    response = Response(to_csv(frame, notes), mimetype="text/csv")
    name = f"yiping-{panel}-{moment:%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def to_csv(frame: pd.DataFrame, notes: Iterable[tuple[str, str]]) -> str:
    """The table, an empty row, and one row a note; no cell is taken for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([harmless(name) for name in frame.columns])
    writer.writerows(_rows(frame))
    writer.writerow([])
    writer.writerows([harmless(cell) for cell in note] for note in notes)
    return BOM + file.getvalue()


def harmless(cell: object) -> object:
    """The cell as it may stand in a spreadsheet: text that would be computed gets an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA):
        return f"'{cell}"
    return cell


def _rows(frame: pd.DataFrame) -> Iterator[list[object]]:
    for row in frame.itertuples(index=False, name=None):
        yield ["" if pd.isna(cell) else harmless(cell) for cell in row]
