"""What a city's cases ever know, so that nothing it does not keep reads as zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from geodata.engine.request import Request
from geodata.metrics.registry import METRICS
from geodata.model.periods import ROLLING

if TYPE_CHECKING:
    from dashboard.access import Live
    from geodata.engine.numbers import Numbers

OPTIONAL: Final = frozenset(
    ("due", "dispatched_done", "arrived", "arrival_n", "whistle_due", "asked",
     "settled_1", "settled_2", "settled_3", "settled_4")
)  # fmt: skip  # what not every city keeps
BY_DEADLINE: Final = frozenset(
    ("overdue_open", "backlog_overdue")
)  # metrics that nobody has without it
USUAL: Final = frozenset(("due", "arrival_n", "whistle_due", "asked", "settled_1"))
_OF_CITY: Final[WeakKeyDictionary[object, frozenset[str]]] = WeakKeyDictionary()  # by engine


def kept(live: Live, numbers: Numbers) -> frozenset[str]:
    """What the answer knows, else what the city's last 90 days know; asked once a city."""
    known = _known(numbers)
    if known >= USUAL:
        return known
    return known | learnt(live, numbers)


def learnt(live: Live, numbers: Numbers) -> frozenset[str]:
    """What the city's last 90 days know, read once; numbers: any of the city's."""
    if live.engine not in _OF_CITY:
        _OF_CITY[live.engine] = _of_city(live, numbers)
    return _OF_CITY[live.engine]


def _of_city(live: Live, numbers: Numbers) -> frozenset[str]:
    """What the last 90 days know, or a longer time if they hold no case; else nobody can tell."""
    newest = numbers.newest
    oldest = int(live.city.meta.get("first") or newest)
    # What was kept once is not kept now, so no further back than needed.
    for start in (newest - ROLLING["90d"], newest - ROLLING["365d"], oldest):
        whole = Request(
            place=0, level=live.city.tree.level(0), start=start, end=newest + 1,
            now=numbers.request.now,
        )  # fmt: skip
        found = live.engine.screen(whole)
        if found.total["reported"]:
            return _known(found)
    return OPTIONAL


def needed(metric: str) -> frozenset[str]:
    """Which of what not every city keeps a metric rests on."""
    if metric in BY_DEADLINE:
        return frozenset({"due"})
    return OPTIONAL.intersection(METRICS[metric].counted)


def _known(numbers: Numbers) -> frozenset[str]:
    return frozenset(column for column in OPTIONAL if numbers.total[column] > 0)
