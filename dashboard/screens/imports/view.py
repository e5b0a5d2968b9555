"""The import screen for one address: files on the left, what was found on the right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import attributes, link
from dashboard.i18n import LANGUAGES, t
from dashboard.screens.imports.checks import asked, check
from dashboard.screens.imports.downloads import downloads
from dashboard.screens.imports.names import names
from dashboard.screens.imports.outcome import outcome
from dashboard.screens.imports.past import past
from dashboard.screens.imports.shelf import shelf
from dashboard.screens.imports.state import State
from dashboard.screens.imports.unfinished import unfinished

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.errors import Notice
    from dashboard.screens.imports.where import Where

STEPS: Final = ("files", "check", "trial", "publish")
PHASES: Final = (
    "boundaries", "buildings", "basemap", "incidents", "places", "tiles", "switch", "quarantine",
)  # fmt: skip
NAMED: Final = ("failed", "stopped", "interrupted", "outdated")


def view(where: Where, state: State, language: str) -> list[Node]:
    """Everything below the header."""
    file = None if state.published else state.file(where.file)
    right = check(file, state, language) if file else _whole(where, state, language)
    return [
        _head(state, language),
        html.Div(
            [
                html.Div([shelf(where, state, language)], className="import-left"),
                html.Div([_fault(state, language), right], className="import-right"),
            ],
            className="import-body",
            **attributes(_desk(state, language)),
        ),
    ]


def _desk(state: State, language: str) -> dict[str, str]:
    """What the script must know: whether to ask how far the work is, and the names of its steps."""
    told = {step: t(f"imports.phase_{step}", language) for step in PHASES}
    busy = {"data-busy": state.job.task} if state.busy else {}
    failed = t("imports.failed_with", language, reference="{reference}")
    steps = json.dumps(told, ensure_ascii=False)
    return {"data-desk": "true", "data-steps": steps, "data-failed": failed, **busy}


def _head(state: State, language: str) -> Node:
    now = STEPS.index(state.step)
    steps = [
        html.Li(
            t(f"imports.step_{key}", language),
            className="done" if place < now else "",
            **attributes({"aria-current": "step"} if place == now else {}),
        )
        for place, key in enumerate(STEPS)
    ]
    name = {"aria-label": t("imports.steps", language)}
    return html.Div(
        [
            html.Div([html.H1(t("imports.title", language)), html.P(t("imports.lead", language))]),
            html.Ol(steps, className="import-steps", **attributes(name)),
        ],
        className="import-head",
    )


def _fault(state: State, language: str) -> Node:
    """What went wrong last; the script writes here too, what a request was refused for."""
    fault, own = state.job.fault, state.job.fault_zh if language == "zh" else ""
    words = t(f"imports.fault_{fault}", language) if fault in NAMED else own or fault
    said = t("imports.fault", language, fault=words) if fault else ""
    return html.P(
        said, hidden=not said, className="import-fault", role="alert",
        **attributes({"data-desk-said": "true"}),
    )  # fmt: skip


def _whole(where: Where, state: State, language: str) -> Node:
    if not state.id:
        return html.Div([unfinished(where, state, language), past(state, language)])
    if state.published:
        return _published(state, language)
    tried = outcome(state, language) if state.outcome else None
    found = [_city(where, state, language), names(state, language)] if state.board else []
    return html.Div([tried, *found])


def _published(state: State, language: str) -> Node:
    to_overview = html.A(t("imports.open", language), href="/", className="button primary")
    return html.Section(
        [
            html.H2(t("imports.published", language)),
            html.P(t("imports.published_note", language)),
            to_overview,
            downloads(state, language),
        ],
        className="panel import-done",
    )


def _city(where: Where, state: State, language: str) -> Node:
    """What concerns the city as a whole: levels found, and what a person must decide."""
    levels = [
        t("imports.level", language, name=level[f"name_{language}"], n=f"{level['units']:,}")
        for level in state.board["levels"]
    ]
    unnamed = {lang: t("imports.unnamed", lang) for lang in LANGUAGES}
    first = [{"file": "", "must": True, **unnamed}] if state.unnamed else []
    questions = (
        first
        + state.board["questions"]
        + [
            {"file": "", "must": True, "zh": fault["zh"], "en": fault["en"]}
            for fault in state.board["faults"]
        ]
    )
    title = "questions" if any(question["must"] for question in questions) else "looked"
    return html.Section(
        [
            html.Div(html.H2(t(f"imports.{title}", language)), className="panel-head"),
            html.P(
                [t("imports.levels", language), html.B(" › ".join(levels))],
                className="import-levels",
            ),
            asked(questions, language, where),
        ],
        className="panel import-city",
    )


def lost(where: Where, words: str, language: str) -> list[Node]:
    """What stands there when the import of the address is gone."""
    anew = link(t("imports.drop", language), where.href(arrival="", file=""), "button")
    told = html.P(words, className="import-fault", role="alert")
    return [_head(State(), language), html.Div([told, anew], className="panel import-done")]


def failed(where: Where, told: Notice, language: str) -> list[Node]:
    """What stands there when the page could not be made: nothing handed in is lost by it."""
    lines = [told.text, told.detail]
    if told.reference:
        lines.append(t("imports.failed_with", language, reference=told.reference))
    anew = link(t("imports.reload", language), where.href(), "button primary", data_retry="true")
    words = [html.P(line) for line in lines if line]
    panel = html.Div([*words, anew], className="panel import-done import-fault", role="alert")
    return [panel]
