"""What stands on the screen until the first answer: the shape of the page, without its numbers."""

from __future__ import annotations

from html import escape
from typing import Final

from dashboard.i18n import t

ENTRY: Final = '<div id="react-entry-point"></div>'  # where Dash builds the page
FIGURES: Final = 6
ROWS: Final = 12  # of a panel; the style sheet shows those that fit
PANELS: Final = ("departments", "categories", "settlement")
BONE: Final = '<i class="bone"></i>'


def shaped(title: str, language: str) -> str:
    """The overview to be: every part at its final place and size."""
    figures = f'<li class="kpi">{BONE * 3}</li>' * FIGURES
    frame = (
        f'<div class="frame">{_header(title)}<div class="path-row">{BONE * 4}</div>'
        f'<p class="headline">{BONE}</p>'
        f'<div class="figures"><ul class="kpis">{figures}</ul></div></div>'
    )
    ground = (
        f'<div class="panel map-panel"><div class="map-bones">{BONE * 6}{_word(language)}</div>'
        "</div>"
    )
    side = "".join(_panel(key) for key in PANELS)
    timeline = f'<div class="panel timeline"><div>{BONE * 2}</div><div class="trend"></div></div>'
    page = f'{frame}{ground}<div class="side cells">{side}</div>{timeline}'
    return _opening(f'<div class="page">{page}</div>', language)


def bare(title: str, language: str) -> str:
    """The header of another screen, and that it is on its way."""
    frame = f'<div class="frame">{_header(title)}</div>'
    return _opening(f"{frame}{_word(language)}", language)


def _opening(inside: str, language: str) -> str:
    """Before the place of Dash; `assets/screens/opening.js` takes it away."""
    none = escape(t("shell.none_yet", language))
    return f'<div id="opening" class="opening" data-none="{none}">{inside}</div>{ENTRY}'


def _header(title: str) -> str:
    return (
        f'<div class="header"><span class="brand">{escape(title)}</span>'
        f'<span class="header-end">{BONE * 2}</span></div>'
    )


def _panel(key: str) -> str:
    row = f'<div class="bar-row">{BONE * 3}</div>'
    return (
        f'<div class="panel panel-{key} loading" aria-busy="true">'
        f'<div class="panel-head">{BONE * 2}</div>'
        f'<div class="bones">{row * ROWS}</div></div>'
    )


def _word(language: str) -> str:
    return f'<p class="opening-word" role="status">{escape(t("panel.computing", language))}</p>'
