"""The page when its numbers could not be read: what happened, what to do, two ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html, no_update

from dashboard.components.marks import attributes, link
from dashboard.components.panels import state
from dashboard.errors import notice
from dashboard.i18n import LANGUAGES, named, t, titled
from dashboard.place import Place

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from geodata.model.profile import Profile


def broken(
    error: Exception, place: Place, profile: Profile | None
) -> tuple[list[Node], list[Node], list[Node], Node]:
    """The four outputs of the page; one card stands over map and panels.

    profile: of the city, None where not even that could be read.
    """
    language = place.language or (profile.language if profile else LANGUAGES[0])
    told = notice(error, language)
    # What is our fault may pass; what was asked wrongly will not.
    city = named(profile, language) if profile else t("failed.start", language)
    advice = t("failed.later" if told.reference else "failed.elsewhere", language, city=city)
    lines = [told.text, told.detail, advice]
    if told.reference:
        lines.append(t("server.error_reference", language, reference=told.reference))
    title = t("failed.title", language)
    card = html.Section(
        state("warning", title, lines, _ways(place, language, city)),
        className="panel failed whole", **attributes({"aria-label": title}),
    )  # fmt: skip
    return [_header(profile, place, language)], [card], [], no_update


def _header(profile: Profile | None, place: Place, language: str) -> Node:
    words = titled(profile, language) if profile else t("failed.brand", language)
    heading = html.H1(link(words, _home(place), "brand"))
    return html.Header(heading, className="header")


def _ways(place: Place, language: str, city: str) -> Node:
    again = link(t("panel.retry", language), place.href(), "button primary", data_retry="true")
    home = link(t("failed.overview", language, city=city), _home(place), "button")
    return html.Div([again, home], className="ways")


def _home(place: Place) -> str:
    """The whole city, in the same language and theme."""
    return Place(language=place.language, theme=place.theme).href()
