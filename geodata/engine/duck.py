"""The request answered by DuckDB over the Parquet files of incidents.

Nothing is held in memory but what one answer needs, so that a city of tens of millions of cases
opens at once; months that cannot matter are passed over by name, row groups by their statistics.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.engine import sql
from geodata.engine.answer import (
    Listed,
    assemble,
    cell_table,
    copied,
    held,
    weight,
)
from geodata.engine.cache import Recent
from geodata.engine.freshness import Records
from geodata.engine.handling import Departments
from geodata.engine.plan import plan
from geodata.engine.screen import SCREEN as SCREEN_TEXT
from geodata.engine.screen import raw
from geodata.engine.statement import Statement
from geodata.model.overlay import nothing_live
from geodata.model.periods import Window

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.engine.answer import Raw
    from geodata.engine.city import CityData
    from geodata.engine.freshness import Freshness
    from geodata.engine.numbers import Numbers
    from geodata.engine.plan import Plan
    from geodata.engine.request import Request
    from geodata.model.overlay import Live

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

BYTES_KEPT: Final = 64_000_000  # of answers

SCREEN = Statement(SCREEN_TEXT)
BY_CELL = Statement(sql.BY_CELL)


class Engine(Departments):
    """Answers requests about one city; safe to share between threads."""

    def __init__(
        self, city: CityData, *, grain_s: int | None = None, live: Live = nothing_live
    ) -> None:
        """Prepare to answer; see `Reader`."""
        super().__init__(city, grain_s=grain_s, live=live)
        self._records = Records(self._database)
        self._screens: Recent[Numbers] = Recent(BYTES_KEPT, weight)
        self._tables: Recent[pd.DataFrame] = Recent(BYTES_KEPT // 4, held)
        self._firsts: Recent[int] = Recent(1)

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

    def freshness(self, now: int) -> Freshness:
        """How new the data of the whole city are, by what is not after `now`."""
        sources = len(self._city.sources)
        with self._arrivals.held() as live:
            files = [*self._city.incident_files(), *self._arrivals.months()]
            known = self._records.freshness(files, now, sources)
            return known if live is None else known.with_arrivals(live, now, sources)

    def _answer(self, request: Request, version: str) -> Numbers:
        stretches = plan(request, self._first(version), self._zone)
        listed = Listed(
            cells=self._cells.index(request),
            departments=len(self._city.departments),
            categories=len(self._city.categories),
            sources=len(self._city.sources),
        )
        found = self._read(request, stretches)
        fresh = self.freshness(request.now)
        numbers = assemble(request, stretches, found, listed, self._zone)
        newest = pd.Series(fresh.by_source, dtype=np.float64).reindex(numbers.sources.index)
        sources = numbers.sources.assign(newest=newest)
        return replace(numbers, sources=sources, newest=fresh.newest, version=version)

    def _cell_table(self, request: Request) -> pd.DataFrame:
        window = Window(request.start, min(request.end, request.now + 1))
        found = self._columns(BY_CELL, self._values(request, window), window)
        return cell_table(found, self._cells.index(request))

    def _read(self, request: Request, stretches: Plan) -> Raw:
        values = self._values(request, stretches.present) | stretches.values()
        found = self._columns(SCREEN, values, *stretches.windows)
        return raw(found, before=stretches.before is not None)

    def _first(self, version: str) -> int:
        """Give the moment at which the data begin; after all time where there are none."""

        def find() -> int:
            with self._database.cursor() as cursor:
                return min(self._files.first(cursor), self._arrivals.first())

        return self._firsts.get(version, find)
