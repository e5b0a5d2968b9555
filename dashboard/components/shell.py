"""The header every screen has: title, screens that exist, age of the data, language, theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, icon, link
from dashboard.i18n import LANGUAGES, t

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_TABS: Final = 2
MOST_TABS: Final = 7  # side by side; where there are more …
FIRST_TABS: Final = 6  # … so many are, and the rest is in a menu
SECONDS: Final = 2  # colons of a clock that tells them
DOT: Final = " · "
HELP_KEYS: Final = (
    "search", "walk", "enter", "up", "measures", "period", "legend", "full", "print", "theme",
    "menu", "compare", "close", "clear", "help",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One source in the list behind the age: when it last spoke, and whether that is late."""

    key: str
    name: str
    newest: str
    late: bool


@dataclass(frozen=True)
class Header:
    """What stands in the header.

    tabs: (name, address, is this one); age: the moment the data reach to, as text, "" without data,
    None where it is no matter of this screen;
    languages, themes: address by language and theme.
    """

    title: str
    home: str
    tabs: Sequence[tuple[str, str, bool]]
    age: str | None
    sources: Sequence[Source]
    languages: dict[str, str]
    language: str
    other_theme: str
    theme: str


def _screens(tabs: Sequence[Node], language: str) -> Node:
    """The way to the other screens; nothing while there is only one."""
    if len(tabs) < LEAST_TABS:
        return None
    name = attributes({"aria-label": t("screens.nav", language)})
    if len(tabs) <= MOST_TABS:
        return html.Nav(tabs, className="tabs", **name)
    more = html.Details(
        [
            html.Summary(t("screens.more", language)),
            html.Div(tabs[FIRST_TABS:], className="menu left"),
        ],
        className="menu-box more-tabs",
        **attributes({"data-menu": "screens"}),
    )
    return html.Nav([*tabs[:FIRST_TABS], more], className="tabs", **name)


def _brand(title: str) -> Node:
    """The title; what follows its dot is left away where there is no room."""
    first, dot, rest = title.partition(DOT)
    return [first, html.Span(dot + rest, className="brand-rest")] if rest else title


def header(shown: Header) -> Node:
    """The header as a landmark."""
    language = shown.language
    tabs = [
        html.A(name, href=href, **attributes({"aria-current": "page"} if here else {}))
        for name, href, here in shown.tabs
    ]
    end = [_age(shown), _languages(shown), _theme(shown), _help_button(language)]
    return html.Header(
        [
            link(_brand(shown.title), shown.home, "brand"),
            _screens(tabs, language),
            html.Div(end, className="header-end"),
        ],
        className="header",
    )


def _age(shown: Header) -> Node:
    language = shown.language
    if shown.age is None:
        return None
    if not shown.age:
        return html.Span(t("shell.no_data", language), className="age")
    late = [source for source in shown.sources if source.late]
    if late:
        verdict: Node = html.Span(t("shell.late", language, n=len(late)), className="late")
    else:
        verdict = html.B(t("shell.fine", language, n=len(shown.sources)))
    rows = [
        html.Div(
            [
                html.Span(source.name),
                html.Span(source.newest, className="late" if source.late else ""),
            ],
            className="row",
            **attributes({"data-live-source": source.key}),
        )
        for source in shown.sources
    ]
    said = html.Span(
        [
            html.Span(t("shell.as_of", language), className="age-word"),
            html.Span(t("shell.as_of_short", language), className="age-short"),
            *_clock(shown.age),
        ]
    )
    live = html.Div(html.Span(**attributes({"data-live": "age"})), className="note")
    return html.Details(
        [
            html.Summary([said, verdict], className="tells-late" if late else ""),
            html.Div([live, *rows], className="menu"),
        ],
        className="menu-box age",
        **attributes({"data-menu": "age"}),
    )


def _clock(age: str) -> list[Node]:
    """The moment, its seconds apart: a phone has no room for them."""
    minutes, colon, seconds = age.rpartition(":")
    if age.count(":") < SECONDS:
        return [html.Span(age)]
    return [html.Span(minutes), html.Span(colon + seconds, className="age-seconds")]


def _languages(shown: Header) -> Node:
    links: list[Node] = []
    for language in LANGUAGES:
        chosen = {"aria_current": "true"} if language == shown.language else {}
        word = t("shell.own_name", language)
        links += [link(word, shown.languages[language], lang=language, **chosen), "/"]
    return html.Span(links[:-1], className="switch")


def _theme(shown: Header) -> Node:
    dark = shown.theme == "dark"
    word = t("shell.to_light" if dark else "shell.to_dark", shown.language)
    face = [icon("sun" if dark else "moon"), html.Span(word, className="look-word")]
    return link(face, shown.other_theme, "look", aria_label=word)


def _help_button(language: str) -> Node:
    word = t("help.title", language)
    return html.Button(
        "?", type="button", className="help-open", title=word,
        **attributes({"data-help": "true", "aria-label": word, "aria-haspopup": "dialog"}),
    )  # fmt: skip


def help_text(language: str, keys: Sequence[str] = HELP_KEYS, room: str = "help") -> Node:
    """What the help dialog says; `assets/screens/help.js` puts a copy of it into the dialog.

    keys: of what can be pressed; room: where their texts lie.
    """
    rows: list[Node] = []
    for key in keys:
        rows += [
            html.Dt(html.Kbd(t(f"{room}.{key}_key", language))),
            html.Dd(t(f"{room}.{key}", language)),
        ]
    switch = html.Button(
        t("help.single", language),
        type="button",
        role="switch",
        className="toggle",
        **attributes({"data-single-keys": "true", "aria-checked": "true"}),
    )
    done = html.Button(
        t("help.done", language), type="button", className="button",
        **attributes({"data-close": "true"}),
    )  # fmt: skip
    note = html.P(t("help.single_note", language), className="note")
    parts = [html.H2(t("help.title", language)), html.Dl(rows), switch, note, done]
    return html.Div(parts, className="help-text", hidden=True)
