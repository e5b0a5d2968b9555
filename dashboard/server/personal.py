"""`/personal`: who reported one case, masked; as it came for who has the right, with a reason."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, request

from dashboard.access import live
from dashboard.errors import Notice
from dashboard.i18n import TAGS, t, titled
from dashboard.place import THEMES, from_query
from dashboard.server.answers import language as spoken
from dashboard.server.answers import refuse, tell
from dashboard.server.first import head
from dashboard.server.route import UNMASK
from geodata.model.schemas import TOLD
from geodata.store.particulars import LEAST_REASON, MOST_REASON, unmasked

if TYPE_CHECKING:
    import pandas as pd
    from flask import Flask

    from dashboard.access import Live
    from dashboard.place import Place

PATH: Final = "/personal"
UNMASK_PATH: Final = f"{PATH}/unmask"
BACK: Final = ("/duplicates", "/")  # pages that lead here, by whether a case is looked at


def install(server: Flask, style: str) -> None:
    """Answer both routes; style: the tag of our style sheets."""
    server.add_url_rule(PATH, "personal", lambda: show(style))
    server.add_url_rule(UNMASK_PATH, "personal-unmask", lambda: show_clear(style), methods=["POST"])


def show(style: str) -> Response:
    """What everybody may see of who reported a case."""
    here, place = live(), from_query(request.query_string.decode("ascii", "replace"))
    found = here.city.told([int(place.case)]) if place.case else None
    if found is None or found.empty:
        return refuse(HTTPStatus.NOT_FOUND)
    return _answer(here, place, found.iloc[0], style)


def show_clear(style: str) -> Response:
    """What was told as it came, once, after a row of the audit that says to whom and why.

    A case has another number in every publication: a form of an earlier one opens nobody.
    """
    here, form = live(), request.form
    place = from_query(form["back"]).moved(case=form["case"])
    if form["snapshot"] != here.city.id:
        return tell(Notice(HTTPStatus.CONFLICT, t("personal.outdated", spoken()), "", ""))
    actor, number = here.actor.name, int(form["case"])
    told = unmasked(here.city, number, actor=actor, reason=form["reason"])
    return _answer(here, place, told, style, clear=True)


def _answer(
    here: Live, place: Place, told: pd.Series, style: str, *, clear: bool = False
) -> Response:
    language = place.language or here.city.profile.language
    theme, name = place.theme or THEMES[0], titled(here.city.profile, language)
    title = t("personal.title", language, case=place.case)
    rows = "".join(
        f"<div><dt>{_said(f'fact_{key}', language)}</dt><dd>{escape(str(told[key]))}</dd></div>"
        for key in TOLD
        if told[key]
    )
    lead = "clear" if clear else "masked"
    page = (
        f'<!doctype html><html lang="{TAGS[language]}" data-theme="{theme}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {escape(name)}</title>{style}</head><body>"
        f"{head(name, language, theme)}"
        f'<main class="first"><a href="{escape(_back(place))}">{_said("back", language)}</a>'
        f'<h1>{escape(title)}</h1><p class="lead">{_said(lead, language)}</p>'
        f'<section class="panel personal"><dl>{rows}</dl>'
        f"{'' if clear else _way(here, place, language)}</section></main></body></html>"
    )
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _way(here: Live, place: Place, language: str) -> str:
    """The form that asks for a reason; whoever lacks the right is told how to come by it."""
    if UNMASK not in here.actor.rights:
        return f'<p class="note">{_said("may_not", language)}</p>'
    reason = _said("reason", language)
    return (
        f'<form method="post" action="{UNMASK_PATH}" autocomplete="off">'
        f'<input type="hidden" name="snapshot" value="{escape(here.city.id)}">'
        f'<input type="hidden" name="case" value="{escape(place.case)}">'
        f'<input type="hidden" name="back" value="{escape(place.href())}">'
        f'<input type="text" name="reason" required minlength="{LEAST_REASON}" '
        f'maxlength="{MOST_REASON}" placeholder="{reason}" aria-label="{reason}">'
        f'<button class="button primary">{_said("unmask", language)}</button></form>'
        f'<p class="note">{_said("logged", language)}</p>'
    )


def _back(place: Place) -> str:
    """The page that the case was looked at on."""
    query = place.href(case="") if not place.arrangement else place.href()
    return BACK[bool(place.arrangement)] + ("" if query == "?" else query)


def _said(key: str, language: str) -> str:
    return escape(t(f"personal.{key}", language))
