"""The request answered by one fused scan over memory-mapped columns.

The same questions and the same answers as `geodata.engine.duck`, which gives the lists, and answers
as long as a month has no columns yet.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import pandas as pd

from geodata.columns import Columns
from geodata.columns.folder import CityFiles, rules_of
from geodata.engine import worked
from geodata.engine.answer import Raw, cell_table
from geodata.engine.assessed import seen, spread_by_department
from geodata.engine.cache import Recent
from geodata.engine.city import CityData
from geodata.engine.duck import Engine
from geodata.engine.files import ALWAYS
from geodata.engine.freshness import Freshness
from geodata.engine.handling import by_hour, looked_on
from geodata.engine.kept import Kept
from geodata.engine.pasts import past_columns
from geodata.engine.scan import (
    Tallied,
    cell_columns,
    day_columns,
    ladder_columns,
    tally_tables,
    window_columns,
)
from geodata.engine.shares import Question, listed
from geodata.kernels import alike
from geodata.kernels.judge import NEVER, frozen
from geodata.kernels.tally import Asked
from geodata.model.overlay import nothing_live
from geodata.model.periods import Window

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.columns import Book
    from geodata.engine.answer import Columns as Table
    from geodata.engine.counted import Alike
    from geodata.engine.plan import Plan
    from geodata.engine.request import Request
    from geodata.model.overlay import Live

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

LOOKUPS_KEPT: Final = 64_000_000  # bytes
LATEST: Final = NEVER - 1
HELPERS: Final = 2
MOMENTS_KEPT: Final = 8  # of which it is known how new the data were
ELSEWHERE: Final = -1  # of a site: not of the place that is asked about


class ColumnCity(CityData, CityFiles, Protocol):
    """A city with files, tables and columns."""


class FusedEngine(Engine):
    """Answers requests about one city from its columns; safe to share between threads."""

    def __init__(
        self, city: ColumnCity, *, grain_s: int | None = None, live: Live = nothing_live
    ) -> None:
        """Prepare to answer; see `Engine`."""
        super().__init__(city, grain_s=grain_s, live=live)
        self.columns = Columns(city)
        self._rules = rules_of(city.profile)
        self._kept = Kept()
        self._fresh: Recent[Freshness] = Recent(MOMENTS_KEPT)
        self._helpers = ThreadPoolExecutor(HELPERS, thread_name_prefix="engine")
        self._lookups: Recent[npt.NDArray[np.int32]] = Recent(LOOKUPS_KEPT, lambda a: a.nbytes)

    def _read(self, request: Request, stretches: Plan) -> Raw:
        book = self._book()
        if book is None:
            return super()._read(request, stretches)
        question = self._question(request, book)
        # The past and the window before are read meanwhile: kernels let other threads go on.
        past = self._helpers.submit(past_columns, question, book, stretches, self._kept)
        before = self._helpers.submit(_before, question, book, stretches, self._kept)
        edges = np.array(stretches.days, np.int64)
        found = Tallied(question, book, stretches.window, edges, self._kept)
        tally, spread = tally_tables(found)
        return Raw(
            tally=tally,
            spread=spread,
            days=day_columns(found),
            ladder=ladder_columns(found),
            past=past.result(),
            before=before.result(),
        )

    def _cell_table(self, request: Request) -> pd.DataFrame:
        book = self._book()
        if book is None:
            return super()._cell_table(request)
        window = Window(request.start, min(request.end, request.now + 1))
        question = self._question(request, book)
        found = Tallied(question, book, window, kept=self._kept)
        return cell_table(cell_columns(found), question.cells)

    def points(self, request: Request) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of the cases that `reported` counts, where known."""
        book = self._book()
        if book is None:
            return super().points(request)
        asked = self._rounded(request)
        found = listed(self._question(asked, book), book, asked.start, asked.end)
        lon, lat = (
            np.concatenate([np.empty(0), *(getattr(s, name)[rows] for s, rows in found)])
            for name in ("lon", "lat")
        )
        known = ~(np.isnan(lon) | np.isnan(lat))
        return lon[known], lat[known]

    def traits(self, request: Request, limit: int) -> pd.DataFrame:
        """Site, matter and category of the cases that `reported` counts, at most `limit`."""
        book = self._book()
        if book is None:
            return super().traits(request, limit)
        asked = self._rounded(request)
        found = listed(self._question(asked, book), book, asked.start, asked.end)
        table: dict[str, list[npt.NDArray[np.integer]]] = {
            "site": [segment.rows.site[rows] for segment, rows in found],
            "matter": [segment.matter[rows] for segment, rows in found],
            "category": [segment.rows.category[rows] for segment, rows in found],
        }
        none = np.empty(0, np.int64)
        whole = {name: np.concatenate([none, *parts]) for name, parts in table.items()}
        return pd.DataFrame(whole).iloc[:limit]

    def met(self, request: Request) -> tuple[Ints, Ints]:
        """Give cells and departments that have a case in common, as `reported` counts it."""
        book = self._book()
        if book is None:
            return super().met(request)
        asked = self._rounded(request)
        question = self._question(asked, book)
        pairs = np.zeros((len(question.cells) + 1, len(self._city.departments) + 1), np.bool_)
        for segment, rows in listed(question, book, asked.start, asked.end):
            site = segment.rows.site[rows] - question.asked.first_site
            pairs[question.asked.cells[site], segment.rows.department[rows] + 1] = True
        cells, departments = np.nonzero(pairs[1:])
        return question.cells[cells].astype(np.int64), departments - 1

    def freshness(self, now: int) -> Freshness:
        """How new the data of the whole city are, by what is not after `now`."""
        if self._book() is None:
            return super().freshness(now)
        return self._steady(
            lambda version: self._fresh.get((now, version), partial(self._newest, now))
        )

    def _newest(self, now: int) -> Freshness:
        book = self._book()
        if book is None:
            return super().freshness(now)
        newest = max((each.newest(now) for each in book.segments), default=0)
        by_source = {
            source: max(each.newest_of(source, now) for each in book.segments)
            for source in range(len(self._city.sources) if book.segments else 0)
        }
        return Freshness(newest, {source: at for source, at in by_source.items() if at})

    def workload(self, request: Request) -> pd.DataFrame:
        """Count cases by cell (−1 = in none) and matter (−1 = none)."""
        book = self._book()
        if book is None:
            return super().workload(request)
        asked = self._rounded(request)
        return worked.workload(self._question(asked, book), book, seen(asked))

    def called(self, request: Request) -> pd.DataFrame:
        """List open cases of 90 days to which somebody was called and nobody has come."""
        book = self._book()
        if book is None:
            return super().called(request)
        question = self._question(self._rounded(request), book)
        return worked.called(question, book, self._kept)

    def _waiting(self, asked: Request) -> pd.DataFrame:
        book = self._book()
        if book is None:
            return super()._waiting(asked)
        return worked.waiting(self._question(asked, book), book, self._kept)

    def _hours(self, request: Request) -> pd.DataFrame:
        book = self._book()
        if book is None:
            return super()._hours(request)
        found = worked.quarters(self._question(request, book), book, seen(request), self._kept)
        return by_hour(found, self._zone)

    def _count(self, asked: Request) -> Alike:
        book = self._book()
        if book is None or len(self._city.departments) >= alike.MOST_CODES:
            return super()._count(asked)
        return worked.alike(self._question(asked, book), book, seen(asked), self._built)

    def _discovered(self, asked: Request) -> pd.DataFrame:
        book = self._book()
        if book is None:
            return super()._discovered(asked)
        departments = len(self._city.departments)
        found = worked.discovered(self._question(asked, book), book, seen(asked), departments)
        return spread_by_department(found)

    def _again(self, asked: Request) -> pd.Series:
        book = self._book()
        if book is None:
            return super()._again(asked)
        period, until = looked_on(asked)
        question = self._question(replace(asked, departments=()), book)
        return worked.again(question, book, period, until, self._built)

    @cached_property
    def _built(self) -> npt.NDArray[np.bool_]:
        """Whether a site is a building."""
        return frozen(self._city.sites["building"].to_numpy() >= 0)

    def _first(self, version: str) -> int:
        book = self._book()
        if book is None:
            return super()._first(version)
        return min((each.first for each in book.segments), default=ALWAYS)

    def _book(self) -> Book | None:
        return self._arrivals.once(self.columns, self.columns.book)

    def _question(self, request: Request, book: Book) -> Question:
        low, high = self._cells.sites(request)
        cells = self._cells.index(request)
        key = (request.place, request.level, request.division)
        asked = Asked(
            asof=min(request.now, LATEST),
            categories=_wanted(request.categories, len(self._city.categories)),
            departments=_wanted(request.departments, len(self._city.departments)),
            sources=_wanted(request.sources, len(self._city.sources)),
            first_site=low,
            cells=self._lookups.get(key, partial(self._lookup, request, cells, low, high)),
            by_resolved=self._rules.by_resolved,
            whistle_s=self._rules.whistle_s,
        )
        filters = (request.categories, request.departments, request.sources)
        return Question(asked, (low, high), cells, (*key, *filters), book.masks)

    def _lookup(
        self, request: Request, cells: npt.NDArray[np.int32], low: int, high: int
    ) -> npt.NDArray[np.int32]:
        """Place of the cell in `cells`, + 1, by site; 0 = none, −1 = not of the place."""
        found = np.zeros(high - low, np.int32)
        by_site = self._cells.by_site(request)[max(low, 0) : high]
        order = np.argsort(cells)
        places = np.searchsorted(cells, by_site, sorter=order).clip(max=max(len(cells) - 1, 0))
        if len(cells):
            known = cells[order[places]] == by_site
            found[len(found) - len(by_site) :][known] = order[places[known]] + 1
        if (inside := self._cells.inside(request)) is not None:
            found[~inside] = ELSEWHERE
        return found


def _before(question: Question, book: Book, plan: Plan, kept: Kept) -> Table | None:
    if plan.before is None:
        return None
    found = Tallied(question.asof(plan.then), book, plan.before, kept=kept, lean=True)
    return window_columns(found)


def _wanted(codes: tuple[int, ...], count: int) -> npt.NDArray[np.bool_]:
    """Which codes (+ 1) are asked for: those named, or every one."""
    found = np.full(count + 1, not codes)
    found[np.array(codes, dtype=np.int64) + 1] = True
    return found
