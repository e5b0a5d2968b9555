"""The page in place of the overview while no city was ever published: two ways to the first one."""

from __future__ import annotations

import shlex
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Response

from dashboard.i18n import LANGUAGES, TAGS, t
from dashboard.place import THEMES
from dashboard.server.route import IMPORT

if TYPE_CHECKING:
    from dashboard.access import House

STEPS: Final = ("files", "check", "trial", "publish")
DEFAULT: Final = Path("data")  # where `make demo` puts a city by itself


def answer(here: House, style: str, language: str, theme: str) -> Response:
    """The page; style: the tag of our style sheets."""
    return Response(page(here, style, language, theme), mimetype="text/html")


def page(here: House, style: str, language: str, theme: str) -> str:
    """The page for who may import, or for who has to wait until somebody does."""
    name, title = t("screens.product", language), t("first.title", language)
    owner = IMPORT in here.actor.rights
    lead = t("first.lead" if owner else "first.wait", language)
    rest = _ways(here.data_dir, language, theme) if owner else _again(language, theme)
    return (
        f'<!doctype html><html lang="{TAGS[language]}" data-theme="{theme}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {escape(name)}</title>{style}</head><body>"
        f"{head(name, language, theme)}"
        f'<main class="first"><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>'
        f"{rest}</main></body></html>"
    )


def demo(data_dir: Path) -> str:
    """The command that makes the demo city in a folder."""
    return "make demo" + _option(" YIPING_DATA_DIR=", data_dir)


def head(name: str, language: str, theme: str, path: str = "/") -> str:
    """Name, languages and theme, as in the header of every screen; path: of this page."""
    switch = "/".join(
        f'<a href="{_there(path, each, theme)}" lang="{TAGS[each]}"'
        f"{' aria-current=true' if each == language else ''}>"
        f"{escape(t('shell.own_name', each))}</a>"
        for each in LANGUAGES
    )
    other = THEMES[1 - THEMES.index(theme)]
    word = escape(t(f"shell.to_{other}", language))
    sign = "sun" if other == "light" else "moon"
    return (
        f'<div class="first-head"><header class="header"><span class="brand">{escape(name)}</span>'
        f'<div class="header-end"><span class="switch">{switch}</span>'
        f'<a class="look" href="{_there(path, language, other)}" aria-label="{word}">'
        f'<span class="icon icon-{sign}"></span><span class="look-word">{word}</span></a>'
        "</div></header></div>"
    )


def _ways(data_dir: Path, language: str, theme: str) -> str:
    profile = ".venv/bin/python -m geodata profile FOLDER --out PROFILE.toml"
    imported = f".venv/bin/python -m geodata import PROFILE.toml{_option(' --data-dir ', data_dir)}"
    steps = "".join(f"<li>{_said(f'imports.step_{step}', language)}</li>" for step in STEPS)
    return (
        f'<div class="first-ways"><section class="panel"><h2>{_said("first.files", language)}</h2>'
        f'<p>{_said("first.files_lead", language)}</p><ol class="import-steps">{steps}</ol>'
        f'<a class="button primary" href="{_there("/import", language, theme)}">'
        f"{_said('first.files_go', language)}</a>"
        f'<p class="note">{_said("first.files_command", language)}</p>'
        f"{_code(profile)}{_code(imported)}</section>"
        f'<section class="panel"><h2>{_said("first.demo", language)}</h2>'
        f"<p>{_said('first.demo_lead', language)}</p>"
        f"{_code(demo(data_dir))}"
        f'<p class="note">{_said("first.demo_then", language)}</p>{_again(language, theme)}'
        f"</section></div>{_foot(data_dir, language)}"
    )


def _again(language: str, theme: str) -> str:
    there = _there("/", language, theme)
    return f'<a class="button" href="{there}">{_said("first.again", language)}</a>'


def _foot(data_dir: Path, language: str) -> str:
    return f'<p class="note">{escape(t("first.folder", language, folder=data_dir.resolve()))}</p>'


def _option(name: str, data_dir: Path) -> str:
    """How to name the folder to a command, where it is not the one the command would take."""
    there = data_dir.resolve()
    return "" if there == DEFAULT.resolve() else name + shlex.quote(str(there))


def _code(command: str) -> str:
    return f"<pre><code>{escape(command)}</code></pre>"


def _said(key: str, language: str) -> str:
    return escape(t(key, language))


def _there(path: str, language: str, theme: str) -> str:
    return escape(f"{path}?{urlencode({'lang': language, 'theme': theme})}")
