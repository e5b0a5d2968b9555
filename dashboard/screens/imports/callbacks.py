"""The import screen's wiring: one server callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Input, Output, no_update

from dashboard.access import house, live
from dashboard.errors import notice
from dashboard.i18n import LANGUAGES, t
from dashboard.ids import Import
from dashboard.screens.imports import state
from dashboard.screens.imports.head import head
from dashboard.screens.imports.view import failed, lost, view
from dashboard.screens.imports.where import read
from geodata.model.errors import ImportRefusedError, ProfileError, SnapshotError

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.components.marks import Node
    from dashboard.screens.imports.where import Where


def connect(app: Dash) -> None:
    """Connect the import screen's components."""
    app.callback(
        Output(Import.HEAD, "children"),
        Output(Import.MAIN, "children"),
        Input(Import.URL, "search"),
        Input(Import.CHANGED, "data"),
    )(show)


def show(search: str | None, _changed: object) -> tuple[Node, list[Node]]:
    """Answer one address; an import that is gone is told, with the way to begin anew."""
    where = read(search or "")
    try:
        return _answer(where)
    except Exception as error:  # noqa: BLE001 (without a word the page would look as before)
        language = where.language or LANGUAGES[0]
        return no_update, failed(where, notice(error, language), language)


def _answer(where: Where) -> tuple[Node, list[Node]]:
    here = house()
    language = where.language or here.language
    try:
        shown = view(where, state.read(here.data_dir, where.arrival, _standing()), language)
    except ImportRefusedError:
        shown = lost(where, t("imports.gone", language), language)
    return head(where, here, language), shown


def _standing() -> state.Standing | None:
    """The city on show, if one can be shown."""
    try:
        city = live().city
    except (SnapshotError, ProfileError):
        return None
    cases = int(city.meta["counts"]["incidents"])
    return state.Standing(city.profile.name_zh, city.profile.name_en, cases)
