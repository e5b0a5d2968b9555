"""A step of a scenario: what was done becomes a line of its file."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geodata.scenarios.begun import SAID
from geodata.scenarios.written import cut_told, step_told

if TYPE_CHECKING:
    from geodata.scenarios.book import Book
    from geodata.scenarios.operations import Done
    from geodata.scenarios.state import Scenario

CARRY: Final = "carry"  # takes over what another scenario changed, whose name is the reason


@dataclass(frozen=True)
class By:
    """What a step is called, who does it and why."""

    name: str
    actor: str
    reason: str


def stepped(book: Book, scenario: Scenario, made: Done, by: By) -> Scenario:
    """Write what was done, unless it changes nothing; only within `Book.alone`."""
    now = int(time.time())
    after = scenario.with_cuts(made.cuts, made.there)
    if made.plan.key == after.plan.key:
        return scenario
    history = after.history.done(made.plan, by.name, by.actor, by.reason[:SAID], now)
    line = {
        "kind": "step", "at": now, "cuts": [cut_told(cut) for cut in made.cuts],
        "step": step_told(history.steps[history.head]), "grids": len(made.plan.living),
    }  # fmt: skip
    return book.append(line, replace(after, history=history))
