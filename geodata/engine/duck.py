"""The request answered by DuckDB over the Parquet files of incidents.

Nothing is held in memory but what one answer needs, so that a city of tens of millions of cases
opens at once; months that cannot matter are passed over by name, row groups by their statistics.
"""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd

from geodata.engine import sql
from geodata.engine.answer import (
    Listed,
    Raw,
    assemble,
    cell_table,
    columns,
    copied,
    held,
    weight,
)
from geodata.engine.arrivals import Arrivals
from geodata.engine.cache import Recent
from geodata.engine.cells import Cells
from geodata.engine.files import ALWAYS, Files
from geodata.engine.freshness import Records
from geodata.engine.plan import Plan, plan
from geodata.engine.request import Request
from geodata.engine.spare import discard, spare_folder
from geodata.engine.statement import Statement
from geodata.model.errors import RequestError
from geodata.model.overlay import nothing_live
from geodata.model.periods import DAY, WEEK, Window
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from geodata.engine.answer import Columns
    from geodata.engine.city import CityData
    from geodata.engine.freshness import Freshness
    from geodata.engine.numbers import Numbers
    from geodata.model.overlay import Live

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

T = TypeVar("T")
GRAIN_S: Final = 15  # moments are moved back to whole steps, so that neighbours share an answer
BYTES_KEPT: Final = 64_000_000  # of answers
ATTEMPTS: Final = 3
HELPERS: Final = 2
SETTINGS: Final = {"memory_limit": "1GB", "preserve_insertion_order": "false"}

KEEP_CASES = Statement(sql.KEEP_CASES)
TALLY_BY = Statement(sql.TALLY_BY)
SPREAD_BY = Statement(sql.SPREAD_BY)
BY_DAY = Statement(sql.BY_DAY)
LADDER = Statement(sql.LADDER)
BY_CELL = Statement(sql.BY_CELL)
ONE_WINDOW = Statement(sql.ONE_WINDOW)
PAST = Statement(sql.PAST)
NEWEST_FIRST = Statement(sql.NEWEST_FIRST)
POINTS = Statement(sql.POINTS)
MET = Statement(sql.MET)
BY_WEEK = Statement(sql.BY_WEEK)


class Engine:
    """Answers requests about one city; safe to share between threads."""

    def __init__(
        self, city: CityData, *, grain_s: int | None = None, live: Live = nothing_live
    ) -> None:
        """Prepare to answer.

        Args:
            city: whose tables and incident files are asked.
            live: gives what arrived since the publication.
            grain_s: moments of a request are moved back to whole steps of this many seconds;
                by default 15, or 1 where the clock stands at the newest record.
        """
        usual = GRAIN_S if city.profile.as_of == "now" else 1
        self._grain_s = usual if grain_s is None else grain_s
        self._city = city
        self._arrivals = Arrivals(live)
        self._zone = ZoneInfo(city.profile.time_zone)
        self._spare, lock = spare_folder()
        weakref.finalize(self, discard, self._spare, lock)
        self._files = Files(city, self._spare / "none.parquet")
        self._database = duckdb.connect(
            ":memory:", config={**SETTINGS, "temp_directory": str(self._spare / "spill")}
        )
        self._cells = Cells(city, self._database)
        self._records = Records(self._database)
        self._screens: Recent[Numbers] = Recent(BYTES_KEPT, weight)
        self._tables: Recent[pd.DataFrame] = Recent(BYTES_KEPT // 4, held)
        self._firsts: Recent[int] = Recent(1)
        self._helpers = ThreadPoolExecutor(HELPERS, thread_name_prefix="engine")

    def version(self) -> str:
        """Name the state of the data: changes whenever any record could have."""
        with self._arrivals.held() as live:
            return self._city.version() + (f"+{live.version}" if live else "")

    def screen(self, request: Request) -> Numbers:
        """Give all numbers of a screen from one consistent read."""
        asked = self._rounded(request)
        return copied(
            self._steady(
                lambda version: self._screens.get(
                    (asked, version), partial(self._answer, asked, version)
                )
            )
        )

    def cells(self, request: Request) -> pd.DataFrame:
        """Give the table `cells` of the screen alone, without its norm, for much less work."""
        asked = self._rounded(request)
        make = partial(self._cell_table, asked)
        found = self._steady(lambda version: self._tables.get((asked, version), make))
        return found.copy(deep=False)

    def incidents(self, request: Request, limit: int = 200, offset: int = 0) -> pd.DataFrame:
        """List the cases that `reported` counts, newest first, as they stood at `now`."""
        return self._listed(self._rounded(request), limit, offset)

    def building_cases(self, building: int, now: int, days: int = 90) -> pd.DataFrame:
        """List the cases of one building in the last days, newest first."""
        sites = self._city.sites
        found = sites.loc[sites["building"] == building, "site"]
        if found.empty:
            message = f"building {building} is not in this city; ask for a row of it"
            raise RequestError(message)
        site = int(found.iloc[0])
        return self._listed(self._days(now, days), -1, 0, sites=(site, site + 1))

    def building_weeks(self, buildings: Sequence[int], now: int, days: int = 90) -> Ints:
        """Count what `building_cases` lists: a row a building, a column a week back."""
        sites = self._city.sites
        known = sites.loc[sites["building"].isin(buildings), ["site", "building"]].astype(int)
        request = self._days(now, days)
        values = self._values(request, Window(request.start, request.end))
        found = self._columns(BY_WEEK, values | {"sites": known["site"].tolist()})
        building = known.set_index("site")["building"].reindex(found["site"]).to_numpy()
        weeks = np.zeros((len(buildings), -(-days * DAY // WEEK)), dtype=np.int64)
        rows, back = pd.Index(buildings).get_indexer(pd.Index(building)), found["back"].astype(int)
        np.add.at(weeks, (rows, back), found["n"].astype(int))
        return weeks

    def _days(self, now: int, days: int) -> Request:
        """The last days of the whole city by building."""
        last = now - now % self._grain_s
        return Request(0, BUILDING, last + 1 - days * DAY, last + 1, last)

    def points(self, request: Request) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of the cases that `reported` counts, where known."""
        request = self._rounded(request)
        window = Window(request.start, min(request.end, request.now + 1))
        found = self._columns(POINTS, self._values(request, window))
        # The database believes the statistics of a file, which know nothing of NaN.
        known = ~(np.isnan(found["lon"]) | np.isnan(found["lat"]))
        return found["lon"][known], found["lat"][known]

    def met(self, request: Request) -> tuple[Ints, Ints]:
        """Give cells and departments that have a case in common, as `reported` counts it."""
        request = self._rounded(request)
        window = Window(request.start, min(request.end, request.now + 1))
        found = self._columns(MET, self._values(request, window))
        return found["cell"].astype(np.int64), found["department"].astype(np.int64)

    def freshness(self, now: int) -> Freshness:
        """How new the data of the whole city are, by what is not after `now`."""
        sources = len(self._city.sources)
        known = self._records.freshness(self._city.incident_files(), now, sources)
        with self._arrivals.held() as live:
            return known if live is None else known.with_arrivals(live, now, sources)

    def _steady(self, read: Callable[[str], T]) -> T:
        """What is read of one state of the files; they may disagree when they change meanwhile."""
        with self._arrivals.held():
            for _ in range(ATTEMPTS):
                version = self.version()
                found = read(version)
                if self.version() == version:
                    break
            return found

    def _rounded(self, request: Request) -> Request:
        if request.start > request.end:
            message = "the period ends before it begins; swap the two moments"
            raise RequestError(message)
        grain = self._grain_s
        start, end, now = (m - m % grain for m in (request.start, request.end, request.now))
        return replace(request, start=start, end=max(start, end), now=now)

    def _answer(self, request: Request, version: str) -> Numbers:
        stretches = plan(request, self._first(version), self._zone)
        listed = Listed(
            cells=self._cells.index(request),
            departments=len(self._city.departments),
            categories=len(self._city.categories),
            sources=len(self._city.sources),
        )
        raw = self._read(request, stretches)
        fresh = self.freshness(request.now)
        numbers = assemble(request, stretches, raw, listed, self._zone)
        newest = pd.Series(fresh.by_source, dtype=np.float64).reindex(numbers.sources.index)
        sources = numbers.sources.assign(newest=newest)
        return replace(numbers, sources=sources, newest=fresh.newest, version=version)

    def _cell_table(self, request: Request) -> pd.DataFrame:
        window = Window(request.start, min(request.end, request.now + 1))
        found = self._columns(BY_CELL, self._values(request, window))
        return cell_table(found, self._cells.index(request))

    def _read(self, request: Request, stretches: Plan) -> Raw:
        time = stretches.values()
        present = self._values(request, stretches.present) | time
        past = self._values(request, stretches.past) | time
        past["files"] = self._files.covering(
            (stretches.past.start, stretches.past.end), (stretches.backlog_from, request.now + 1)
        )
        # Three reads of different stretches: side by side they take the time of the longest.
        counted = self._helpers.submit(self._columns, PAST, past)
        before = self._helpers.submit(self._one_window, self._before(request, stretches))
        with self._database.cursor() as cursor:
            KEEP_CASES.run(cursor, present)
            return Raw(
                tally=columns(TALLY_BY.run(cursor, present)),
                spread=columns(SPREAD_BY.run(cursor, present)),
                days=columns(BY_DAY.run(cursor, present)),
                ladder=columns(LADDER.run(cursor, present)),
                past=counted.result(),
                before=before.result(),
            )

    def _before(self, request: Request, stretches: Plan) -> dict[str, Any] | None:
        if stretches.before is None:
            return None
        return self._values(request, stretches.before) | {"asof": stretches.then}

    def _one_window(self, values: dict[str, Any] | None) -> Columns | None:
        return None if values is None else self._columns(ONE_WINDOW, values)

    def _columns(self, statement: Statement, values: dict[str, Any]) -> Columns:
        with self._database.cursor() as cursor:
            return columns(statement.run(cursor, values))

    def _values(self, request: Request, window: Window) -> dict[str, Any]:
        """Parameters that filter: place, time, codes, and how the city judges."""
        low, high = self._cells.sites(request.place)
        return {
            "files": self._files.covering((window.start, window.end)),
            "live": self._arrivals.file(self._spare),
            "lo": window.start,
            "hi": window.end,
            "asof": request.now,
            "site_from": low,
            "site_to": high,
            "categories": list(request.categories),
            "departments": list(request.departments),
            "sources": list(request.sources),
            "layer": self._cells.layer(request),
            "by_resolved": self._city.profile.deadline == "resolved",
            "whistle_s": round(self._city.profile.whistle_min * 60),
        }

    def _listed(
        self, request: Request, limit: int, offset: int, *, sites: tuple[int, int] | None = None
    ) -> pd.DataFrame:
        values = self._values(request, Window(request.start, min(request.end, request.now + 1)))
        values |= {"limit": ALWAYS if limit < 0 else limit, "offset": offset}
        if sites is not None:
            values["site_from"], values["site_to"] = sites
        with self._database.cursor() as cursor:
            return NEWEST_FIRST.run(cursor, values).df()

    def _first(self, version: str) -> int:
        """Give the moment at which the data begin; after all time where there are none."""

        def find() -> int:
            with self._database.cursor() as cursor:
                return min(self._files.first(cursor), self._arrivals.first())

        return self._firsts.get(version, find)
