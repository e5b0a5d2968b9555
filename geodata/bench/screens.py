"""Whole screens, never asked before and asked again, beside other engines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import duckdb

from geodata.bench import polars_peer
from geodata.bench.asking import screens
from geodata.bench.cities import moment
from geodata.bench.figures import median, p95, timed
from geodata.engine import Engine, Request, open_engine
from geodata.engine.numbers import TALLY
from geodata.model.periods import HOUR
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geodata.bench.asking import Screen
    from geodata.bench.figures import Figures, Limits
    from geodata.engine import Numbers
    from geodata.store.snapshots import City

    Open = Callable[[], Engine]

LATER_S: Final = 60
TABLES: Final = ("cells", "departments", "categories", "sources")
WAREHOUSE: Final = "postgresql"
SELDOM: Final = {WAREHOUSE: 4}  # of so many screens a slow peer is asked one


def run(city: City, limits: Limits) -> Figures:
    """Times of our engine, how many times as long others take, and how many answers differ.

    cold: by an engine that has answered nothing of the kind; warm: the same question again; later:
    the same of a minute later, when only whole months are still known.
    """
    now, asked = moment(city), screens(city, limits.requests)
    peers = [Peer("duckdb", partial(Engine, city))]
    if limits.warehouse:
        peers.append(Peer(WAREHOUSE, _warehouse(city, limits.warehouse)))
    ours = Ours(city)
    for number, screen in enumerate(asked):
        request = screen.request(now)
        found = ours.ask(request)
        for peer in peers:
            if number % SELDOM.get(peer.name, 1) == 0:
                peer.ask(city, request, ours.cold[-1], found)
    figures = ours.figures() | {"screen_unequal": sum(peer.unequal for peer in peers)}
    for peer in peers:
        figures |= against(peer.name, peer.times) | {f"screen_{peer.name}_failed": peer.failed}
    return figures | _polars(city, asked, ours.cold, now)


@dataclass
class Ours:
    """Our engine, opened anew for every question."""

    city: City
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)

    def ask(self, request: Request) -> Numbers:
        """Ask three times."""
        engine = _opened(open_engine(self.city), self.city, request)
        taken, found = timed(partial(engine.screen, request))
        self.cold.append(taken)
        self.warm.append(timed(partial(engine.screen, request))[0])
        start, end, now = (m + LATER_S for m in (request.start, request.end, request.now))
        later = replace(request, start=start, end=end, now=now)
        self.later.append(timed(partial(engine.screen, later))[0])
        return found

    def figures(self) -> Figures:
        """How long it took."""
        found: Figures = {"screen_requests": len(self.cold)}
        for name, times in (("cold", self.cold), ("warm", self.warm), ("later", self.later)):
            found |= {f"screen_{name}_p95_ms": p95(times), f"screen_{name}_ms": median(times)}
        return found


@dataclass
class Peer:
    """Another engine that is asked the same; times: ours, then its own, where it has an answer."""

    name: str
    open: Open
    times: list[tuple[float, float]] = field(default_factory=list)
    unequal: int = 0
    failed: int = 0

    def ask(self, city: City, request: Request, ours: float, found: Numbers) -> None:
        """Ask once, and compare."""
        engine = _opened(self.open(), city, request)
        try:
            taken, answer = timed(partial(engine.screen, request))
        except duckdb.Error:  # it has no room for the largest screens of a large city
            self.failed += 1
            return
        if getattr(engine, "fault", ""):  # then it was not the warehouse that answered
            self.failed += 1
            return
        self.times.append((ours, taken))
        self.unequal += not same(found, answer)


def same(one: Numbers, other: Numbers) -> bool:
    """Whether two answers count alike everywhere."""
    names = list(TALLY)
    return bool((one.total[names] == other.total[names]).all()) and all(
        getattr(one, table)[names].equals(getattr(other, table)[names]) for table in TABLES
    )


def against(name: str, times: Sequence[tuple[float, float]]) -> Figures:
    """How many times as long a peer takes: for all screens together, and for one of the middle."""
    ours, theirs = zip(*times, strict=True)
    ratios = [peer / own for own, peer in times]
    return {
        f"screen_vs_{name}": sum(theirs) / sum(ours),
        f"screen_vs_{name}_median": median(ratios),
        f"screen_vs_{name}_least": min(ratios),
        f"screen_{name}_p95_ms": p95(theirs),
    }


def _opened(engine: Engine, city: City, request: Request) -> Engine:
    """An engine with its files open, that has answered nothing which helps with this request."""
    level = city.tree.level_keys[-1] if request.level == BUILDING else request.level
    hour = Request(0, level, request.now - HOUR, request.now, request.now)
    engine.screen(replace(hour, sources=(0,), departments=(0,), categories=(0,)))
    return engine


def _polars(city: City, asked: Sequence[Screen], ours: Sequence[float], now: int) -> Figures:
    """Polars, where it is installed, with the counts and quantiles of the period alone."""
    if not polars_peer.INSTALLED:
        return {}
    times = [
        (own, timed(partial(polars_peer.counted, city, screen, now))[0])
        for own, screen in zip(ours, asked, strict=True)
    ]
    return against("polars", times)


def _warehouse(city: City, url: str) -> Open:
    from geodata.engine.twin import TwinEngine, fill  # noqa: PLC0415 - seldom wanted

    fill(city, url)
    return partial(TwinEngine, city, url)
