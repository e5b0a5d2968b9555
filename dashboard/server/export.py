"""`/export/…`: what a panel or the map shows as a file, with its definitions."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
from flask import Response, request

from dashboard.access import Live, live
from dashboard.i18n import t
from dashboard.place import LANGUAGES, from_query
from dashboard.question import Question, ask, exact
from dashboard.server import outlines, workbook
from dashboard.server.answers import refuse
from geodata.metrics.schemes import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask

# How a screen hands its panels over, by key. What belongs to the numbers stands in the table's
# attributes: `attrs["notes"]` as (name, words), `attrs["definitions"]` as sentences.
Table = Callable[[Question, Live], pd.DataFrame]
Tables = Mapping[str, Table]
Frame = TypeVar("Frame", bound=pd.DataFrame)
Shapes = Callable[[Question, Live], gpd.GeoDataFrame]

BOM: Final = "\ufeff"  # without it a spreadsheet takes UTF-8 Chinese for something else
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SHAPES: Final = {  # ending → media type and writer
    "geojson": ("application/geo+json", outlines.to_geojson),
    "gpkg": ("application/geopackage+sqlite3", outlines.to_gpkg),
}


def install(server: Flask, tables: Tables, shapes: Shapes) -> None:
    """Answer the routes from the panels and the map of a screen."""
    for form in ("csv", "xlsx"):
        server.add_url_rule(
            f"/export/<panel>.{form}", f"export-{form}",
            lambda panel, form=form: serve(panel, form, tables),
        )  # fmt: skip
    for form in SHAPES:
        server.add_url_rule(
            f"/export/map.{form}", f"export-{form}", lambda form=form: serve_shapes(form, shapes)
        )


def serve(panel: str, form: str, tables: Tables) -> Response:
    """The panel at the place of the query as a table; 404 if there is no such panel."""
    if panel not in tables:
        return refuse(HTTPStatus.NOT_FOUND)
    frame, notes, made, language = _read(tables[panel])
    if form == "csv":
        return _file(to_csv(frame, notes), "text/csv", panel, form, made)
    sheets = t("export.sheet_table", language), t("export.sheet_notes", language)
    content = workbook.to_xlsx(frame, notes, sheets, made)
    return _file(content, workbook.MIMETYPE, panel, form, made)


def serve_shapes(form: str, shapes: Shapes) -> Response:
    """The cells of the map at the place of the query with their outlines."""
    cells, notes, made, _ = _read(shapes)
    media, write = SHAPES[form]
    return _file(write(cells, notes), media, "map", form, made)


def _read(
    read: Callable[[Question, Live], Frame],
) -> tuple[Frame, list[tuple[str, str]], datetime, str]:
    """What the address asks for, what must stand beside it, as of when, and in which language."""
    here, place = live(), from_query(request.query_string.decode("ascii", "replace"))
    asked = exact(ask(place, here.city), place)  # a file does not tell what had to be mended
    frame = read(asked, here)
    language = place.language if place.language in LANGUAGES else here.city.profile.language
    made = datetime.fromtimestamp(asked.request.now, ZoneInfo(here.city.profile.time_zone))
    label = t("server.export_definitions", language)
    notes = [(str(name), str(said)) for name, said in frame.attrs.get("notes", ())]
    notes.append((t("export.snapshot", language), here.city.id))
    notes.append((t("export.registry", language), version_of(here.city.profile.schemes)))
    notes += [(label, str(sentence)) for sentence in frame.attrs.get("definitions", ())]
    return frame, notes, made, language


def _file(content: bytes | str, media: str, panel: str, form: str, made: datetime) -> Response:
    response = Response(content, mimetype=media)
    name = f"yiping-{panel}-{made:%Y%m%d-%H%M}.{form}"
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
        yield ["" if pd.isna(cell) else _written(cell) for cell in row]


def _written(cell: object) -> object:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, pd.Timestamp) else harmless(cell)
