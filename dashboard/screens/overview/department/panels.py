"""The panels round the map of a department, in the order in which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dash import html

from dashboard.components.marks import attributes
from dashboard.screens.overview import ladder, states
from dashboard.screens.overview.department import (
    case,
    evasions,
    hours,
    promptness,
    queue,
    ratings,
    returns,
    waiting,
    whistle,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk

Part = tuple[str, "Callable[[Desk], Node]"]

BELOW: Final[tuple[Part, ...]] = (
    (promptness.KEY, promptness.promptness),
    ("hours", hours.hours),
    (returns.KEY, lambda desk: returns.returns(desk.scene)),
    ("evasions", evasions.evasions),
    (whistle.KEY, whistle.whistles),
    (ratings.KEY, ratings.ratings),
)


def around(desk: Desk) -> list[Node]:
    """Left of the map where time goes, right what waits, below when and how cases are late."""
    scene = desk.scene
    left = states.guarded(ladder.ladder, ladder.KEY, scene)
    if desk.case is None:
        right = _guarded(desk, queue.KEY, queue.queue)
    else:
        right = _guarded(desk, case.KEY, case.case)
    below = [_guarded(desk, key, part) for key, part in BELOW]
    name = attributes({"aria-label": scene.t("panel.figures")})
    return [
        html.Aside([left], className="side steps", **name),
        html.Aside([right], className="side waiting"),
        html.Section(below, className="below"),
    ]


def told(desk: Desk) -> dict[str, Any]:
    """What the map is told besides the scene."""
    return {"waiting": waiting.sent(desk)}


def _guarded(desk: Desk, key: str, part: Callable[[Desk], Node]) -> Node:
    return states.guarded(lambda _: part(desk), key, desk.scene)
