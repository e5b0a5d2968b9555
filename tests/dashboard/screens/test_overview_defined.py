"""No number without its definition: every panel, card and legend says how its figures count."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from dash import html

from dashboard.access import NOBODY
from dashboard.i18n import LANGUAGES, t
from dashboard.place import DESK, GRIDS, Place
from dashboard.screens import BRIEF, DEPARTMENTS, DUPLICATES, EVALUATION, SCREENS
from dashboard.screens.overview.registered import definition
from dashboard.screens.overview.view import view
from geodata.engine.assessed import ASSESSED
from geodata.engine.counted import EVASIONS, FUNNEL_STAGES
from geodata.engine.handling import Handling
from geodata.metrics.registry import METRICS
from tests.dashboard.screens.conftest import FakeEngine, all_of, make_city, text_of
from tests.dashboard.screens.test_department import case, one_case, week

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = {
    "overview": Place(),
    "a street": Place(at="9901001"),
    "one category": Place(categories=("k0",)),
    "one department": Place(departments=("k0",)),
    "heat": Place(heat=True, period="24h"),
    "arrival": Place(measure="arrival"),
    "desk": Place(arrangement=DESK, departments=("k0",)),
    "case": Place(arrangement=DESK, departments=("k0",), case="7"),
    "comparison": Place(arrangement=DESK),
    "scheme": Place(arrangement=DESK, scheme="urban"),
    "building": Place(at="B008651"),
    "grids": Place(arrangement=GRIDS),
}
# Every other screen, and where its figures are looked at; a screen that is new has to be put here.
ELSEWHERE = {
    DUPLICATES: "pairs and shares of the page itself, each with its note: test_duplicates",
    BRIEF: "a sheet of paper with a foot that defines: tests/geodata/brief",
    "definitions": "is the definitions: tests/dashboard/server/test_definitions",
    "wall": "figures and heads of panels with their definition: test_wall_view",
    "planner": "every figure compared says what it counts: tests/dashboard/server/planning",
    "imports": "rows of files, no metric: test_imports_view",
}
WALKED = {"overview", DEPARTMENTS, EVALUATION}
# Panels whose digits are no figures of the registry, and why.
REGISTER = "from the register of the building, no count of cases"
EXCEPTED = {
    f"tile {t(f'drawer.{key}', language)}": REGISTER
    for key in ("people", "households", "key_people", "organisations")
    for language in LANGUAGES
}


ABOUT = {
    language: [
        definition(key, SimpleNamespace(language=language, city=make_city()))  # type: ignore[arg-type]
        for key in METRICS
    ]
    for language in LANGUAGES
}


class DeskEngine(FakeEngine):
    """The figures of the story, and those of the departments' own screens."""

    def handling(self, request: Any) -> Handling:  # noqa: ANN401
        busy = {f"d{day}_h{hour}": (40, 4) for day in range(7) for hour in range(24)}
        cases = pd.DataFrame([case(float(self.newest + 600), "accepted")])
        return Handling(request, cases, week(**busy), self.evasions(request))

    def evasions(self, _request: Any) -> pd.DataFrame:  # noqa: ANN401
        table = pd.DataFrame(100, index=range(-1, 6), columns=list(EVASIONS))
        return table.assign(came=1000, settled=1000, closed=1000, closed_at_building=1000)

    def assessed(self, _request: Any) -> pd.DataFrame:  # noqa: ANN401
        return pd.DataFrame(500.0, index=range(-1, 6), columns=list(ASSESSED))

    def called(self, _request: Any) -> pd.DataFrame:  # noqa: ANN401
        return pd.DataFrame([case(float(self.newest + 600), "accepted")])

    def funnel(self, _request: Any) -> pd.Series:  # noqa: ANN401
        reached = {f"reached_{stage}": 90 for stage in FUNNEL_STAGES}
        return pd.Series({"came": 100, "voided": 2, "duplicates": 3, **reached})

    def case(self, _number: int, _now: int) -> pd.DataFrame:
        return pd.DataFrame([one_case(due=self.newest - 600)])

    def near(self, case: pd.Series, _now: int) -> pd.DataFrame:
        return pd.DataFrame(
            {"id": [9], "matter": [-1], "metres": [12.4], "reported": case["reported"]}
        )


def page(place: Place, language: str) -> list[Any]:
    city = make_city()
    live = SimpleNamespace(city=city, engine=DeskEngine(city), actor=NOBODY)
    found = view(place.moved(language=language), live)  # type: ignore[arg-type]
    return [*found.frame, *found.body, *found.timeline]


def is_defined(text: object, language: str) -> bool:
    """Whether a text holds a definition of the registry."""
    return bool(text) and any(each in str(text) for each in ABOUT[language])


def every(node: Any) -> Iterator[Any]:  # noqa: ANN401
    """A component and all below it."""
    if isinstance(node, (list, tuple)):
        for each in node:
            yield from every(each)
    elif hasattr(node, "to_plotly_json"):
        yield node
        yield from every(getattr(node, "children", None))


def boxes(nodes: list[Any]) -> Iterator[tuple[str, Any]]:
    """Panels, cards and the legend, each with its name."""
    for node in every(nodes):
        words = str(getattr(node, "className", "") or "").split()
        if type(node).__name__ == "Section" and "panel" in words:
            yield next((word for word in words if word.startswith("panel-")), "panel"), node
        elif "kpi" in words:
            yield "card " + text_of(all_of(node, "H2")), node
        elif "tile" in words:
            yield "tile " + text_of(all_of(node, "H2")), node
        elif type(node).__name__ == "Section" and all_of(node, "Ul") and "panel-head" in str(node):
            yield "list " + text_of(all_of(node, "H2")), node
        elif getattr(node, "id", None) == "legend":
            yield "legend", node


def undefined(nodes: list[Any], language: str) -> list[str]:
    """Boxes that show a figure and nowhere say how it is counted."""
    about = {n.id: text_of(n) for n in every(nodes) if isinstance(getattr(n, "id", None), str)}

    def says(node: Any) -> bool:  # noqa: ANN401
        described = about.get(node.to_plotly_json()["props"].get("aria-describedby", ""))
        return is_defined(getattr(node, "title", ""), language) or is_defined(described, language)

    return [
        name
        for name, box in boxes(nodes)
        if name not in EXCEPTED
        and any(letter.isdigit() for letter in text_of(box))
        and not any(says(node) for node in every(box))
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PLACES)
def test_no_figure_without_its_definition(name: str, language: str) -> None:
    found = page(PLACES[name], language)
    assert list(boxes(found))
    # A panel that failed would have no figure to define.
    assert not [n for n in every(found) if "failed" in str(getattr(n, "className", "")).split()]
    assert undefined(found, language) == []


def test_every_screen_is_looked_at() -> None:
    assert {screen.key for screen in SCREENS} == WALKED | set(ELSEWHERE)


def test_a_definition_that_is_taken_away_is_missed() -> None:
    found = page(PLACES["overview"], "zh")
    name, box = next(boxes(found))
    for node in every(box):
        if hasattr(node, "title"):
            node.title = "?"
        if str(getattr(node, "id", "")).startswith("about-"):
            node.children = "?"
    assert undefined(found, "zh") == [name]
    assert undefined([html.Section(html.B("96.4"), className="panel panel-x")], "zh") == ["panel-x"]
