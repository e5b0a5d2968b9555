"""What both pages of the planner have: document, header, and the words their scripts need."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from dash import html

from dashboard.components.marks import attributes
from dashboard.components.shell import Header, Source, header, help_text
from dashboard.components.written import written
from dashboard.i18n import LANGUAGES, TAGS, catalogue, t
from dashboard.place import THEMES
from dashboard.screens import PLANNER, tabs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.components.marks import Node

PATH: Final = "/plan"
ROOM: Final = "planner"
HELP_ROOM: Final = "planner_keys"
SCRIPTED: Final = "js_"  # what the keys of texts begin with that a script writes
HELP_KEYS: Final = (
    "select", "draw", "split", "merge", "node", "transfer", "measure", "undo", "redo", "walk",
    "enter", "next", "type", "back", "close", "swipe", "snap", "wider", "help",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Whom a page is for, and what stands around it.

    title: of the city's screen; age: the moment the data reach to, "" without data.
    path: of this page; asked: its arguments, of which language and theme are changed by the header.
    style, script: tags of the files; build: name of the running version.
    """

    language: str
    theme: str
    title: str
    rights: frozenset[str]
    age: str
    sources: Sequence[Source]
    path: str
    asked: Mapping[str, str]
    style: str
    script: str
    build: str

    def t(self, key: str, **values: object) -> str:
        """A text of the planner in the language of the page."""
        return t(f"{ROOM}.{key}", self.language, **values)

    def href(self, path: str = "", **changed: str) -> str:
        """An address that keeps language and theme; of this page also its other arguments."""
        kept = dict(self.asked) if not path else self.kept
        kept |= changed
        query = "&".join(f"{name}={value}" for name, value in kept.items() if value)
        return (path or self.path) + (f"?{query}" if query else "")

    @property
    def kept(self) -> dict[str, str]:
        """What every screen takes over: language and theme, where they were asked for."""
        return {name: self.asked[name] for name in ("lang", "theme") if self.asked.get(name)}


def document(shown: Shown, name: str, body: Node, *, screen: str) -> str:
    """The whole page; name: of what it shows; screen: tells style sheets which page this is."""
    title = escape(f"{name} · {shown.title}")
    return (
        f'<!doctype html><html lang="{TAGS[shown.language]}" data-theme="{shown.theme}" '
        f'data-screen="{screen}" data-build="{escape(shown.build)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title>{shown.style}{shown.script}</head><body>{written(body)}</body></html>"
    )


def head(shown: Shown) -> Node:
    """The header every screen has, with the way to the others, and the text of the help."""
    other = THEMES[1 - THEMES.index(shown.theme)]
    kept = "?" + "&".join(f"{name}={value}" for name, value in shown.kept.items())
    made = Header(
        title=shown.title,
        home=shown.href("/"),
        tabs=[
            (t(f"screens.{screen.key}", shown.language), path, screen.key == PLANNER)
            for screen, path in tabs(shown.rights, kept)
        ],
        age=shown.age,
        sources=shown.sources,
        languages={each: shown.href(lang=each) for each in LANGUAGES},
        language=shown.language,
        other_theme=shown.href(theme=other),
        theme=shown.theme,
    )
    skip = html.A(t("screens.skip", shown.language), href="#main", className="skip")
    help_ = help_text(shown.language, HELP_KEYS, HELP_ROOM)
    return [skip, header(made), help_, html.Dialog(id="help")]


def scripted(language: str) -> dict[str, str]:
    """What the scripts say, by key without its beginning."""
    begin = f"{ROOM}.{SCRIPTED}"
    return {
        key.removeprefix(begin): t_raw(key, language)
        for key in catalogue()
        if key.startswith(begin)
    }


def t_raw(key: str, language: str) -> str:
    """A text with its placeholders still in it, for a script to fill in."""
    return catalogue()[key][language]


def told(shown: Shown, **more: str) -> dict[str, Any]:
    """Attributes of a page's root: its language, its words, and more."""
    words = json.dumps(scripted(shown.language), ensure_ascii=False, separators=(",", ":"))
    data = {"lang": shown.language, "texts": words, **more}
    return attributes({f"data-{name}": value for name, value in data.items()})
