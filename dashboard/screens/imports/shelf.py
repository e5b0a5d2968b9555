"""The left side: where files are dropped, which are here, the city's names, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dash import html

from dashboard.components.marks import Node, attributes, icon, link
from dashboard.i18n import t
from dashboard.screens.imports.fields import select, written
from dashboard.screens.imports.publishing import asking
from geodata.desk.parts import wholes

if TYPE_CHECKING:
    from dashboard.screens.imports.state import State
    from dashboard.screens.imports.where import Where

Json = dict[str, Any]
TEXTS: Final = ("name_zh", "name_en", "key", "time_zone")
LISTS: Final = {"language": ("zh", "en"), "as_of": ("now", "data")}


def shelf(where: Where, state: State, language: str) -> Node:
    """Everything on the left."""
    return html.Div(
        [
            _drop(language),
            _bar(state, language),
            _files(where, state, language) if state.files else None,
            _city(state, language) if state.board else None,
            _actions(state, language) if state.files else None,
        ],
        className="import-shelf",
    )


def _drop(language: str) -> Node:
    """Where files are dropped; a click opens the browser's own dialog, made by the script.

    Dash's own field, dcc.Upload, would hold whole files in the page's memory.
    """
    return html.Button(
        [
            icon("inbox"),
            html.B(t("imports.drop", language)),
            html.Small(t("imports.drop_kinds", language)),
            html.Small(t("imports.drop_limit", language)),
        ],
        type="button",
        className="import-drop",
        **attributes({"data-drop": "true"}),
    )


def _bar(state: State, language: str) -> Node:
    """How far the work is; the script fills it."""
    return html.Div(
        [
            html.Span(_doing(state, language), **attributes({"data-desk-step": "true"})),
            html.Span(**attributes({"data-desk-share": "true"})),
            html.Progress(max="1", value="0"),
            _button("stop", t("imports.stop", language)) if state.busy else None,
        ],
        className="import-bar",
        hidden=not state.busy,
        role="status",
        **attributes({"data-desk-bar": "true"}),
    )


def _doing(state: State, language: str) -> str:
    """What is going on, until the script knows which step of it."""
    if not state.busy:
        return ""
    return t(
        "imports.working_trial" if state.job.task == "trial" else "imports.working_look", language
    )


def _files(where: Where, state: State, language: str) -> Node:
    own = wholes(state.files)
    seen = state.board.get("files", [])
    known = {file["file"] for file in seen}
    rows = [_file(file, where, state, len(own.get(file["file"], ())), language) for file in seen]
    rows += [_waits(name, state, language) for name in own if name not in known]
    title = link(
        t("imports.files", language, n=len(own)),
        where.href(file=""),
        "whole",
        aria_current="true" if not where.file else "false",
    )
    return html.Section([html.H2(title), html.Ul(rows)], className="import-files")


def _file(file: Json, where: Where, state: State, count: int, language: str) -> Node:
    name = file["name"]
    doubts = sum(question["file"] == name for question in state.board["questions"])
    told = [t("imports.unreadable", language)]
    if not file["fault"]:
        told = [t(f"imports.role_{file['role']['value']}", language)]
        told.append(t("imports.rows", language, n=format(file["rows"], ",")))
    if count > 1:
        told.append(t("imports.parts", language, n=count))
    shown = [
        html.Span(name, className="name"),
        html.Small(" · ".join(told)),
        html.Small(t("imports.doubts", language, n=doubts), className="late") if doubts else None,
    ]
    here = {"aria_current": "true"} if where.file == name else {}
    return html.Li([link(shown, where.href(file=name), **here), _remove(file["file"], language)])


def _waits(name: str, state: State, language: str) -> Node:
    """A file that was not looked at, or is no data but corrects some."""
    mended = name in state.mended
    told = html.Small(t("imports.mended", language)) if mended else None
    shown = html.Span([html.Span(name, className="name"), told], className="beside")
    return html.Li([shown, _remove(name, language)])


def _remove(name: str, language: str) -> Node:
    word = t("imports.remove_file", language, file=name)
    return html.Button(
        icon("close"), type="button", title=word,
        **attributes({"data-act": "remove", "data-file": name, "aria-label": word}),
    )  # fmt: skip


def _city(state: State, language: str) -> Node:
    city = state.board["city"]
    fields = [
        _text(key, city[key], state.chosen("", key, city[key]["value"]), language) for key in TEXTS
    ]
    fields += [
        html.Label(
            [
                html.Span(t(f"imports.field_{key}", language)),
                select(
                    key,
                    "",
                    state.chosen("", key, city[key]["value"]),
                    [(value, t(f"imports.{key}_{value}", language)) for value in values],
                    t(f"imports.field_{key}", language),
                ),
            ]
        )
        for key, values in LISTS.items()
    ]
    return html.Section(
        [html.H2(t("imports.city", language)), html.Div(fields, className="import-fields")]
    )


def _text(key: str, guess: Json, value: str, language: str) -> Node:
    word = t(f"imports.field_{key}", language)
    return html.Label([html.Span(word), written(key, value, word, guess[language])])


def _actions(state: State, language: str) -> Node:
    if state.published:
        return None
    again = "try_again" if state.outcome else "try"
    tried = _button(
        "trial",
        t(f"imports.{again}", language),
        disabled=state.busy or state.unnamed or not state.board.get("ready"),
    )
    done = _button(
        "confirm",
        t("imports.confirm", language),
        ask=asking(state, language) if state.fresh else "",
        disabled=state.busy or state.unnamed or not state.fresh,
    )
    ask = t("imports.discard_ask", language)
    gone = _button("discard", t("imports.discard", language), ask=ask)
    (done if state.fresh else tried).className += " primary"
    note = html.P(t("imports.tried_none", language), className="note")
    return html.Div([tried, done, gone, note], className="import-actions")


def _button(act: str, words: str, *, ask: str = "", disabled: bool = False) -> Node:
    more = {"data-act": act} | ({"data-ask": ask} if ask else {})
    return html.Button(
        words, type="button", className="button", disabled=disabled, **attributes(more)
    )
