"""What every question needs: the database, the files that matter, filters, one state of all."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import duckdb

from geodata.engine.answer import columns
from geodata.engine.arrivals import Arrivals
from geodata.engine.cells import Cells
from geodata.engine.files import Files
from geodata.engine.spare import discard, spare_folder
from geodata.model.errors import RequestError
from geodata.model.overlay import nothing_live

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from geodata.engine.answer import Columns
    from geodata.engine.city import CityData
    from geodata.engine.request import Request
    from geodata.engine.statement import Statement
    from geodata.model.overlay import Live
    from geodata.model.periods import Window

T = TypeVar("T")
ATTEMPTS: Final = 3
GRAIN_S: Final = 15  # moments are moved back to whole steps, so that neighbours share an answer
SETTINGS: Final = {"memory_limit": "1GB", "preserve_insertion_order": "false"}


class Reader:
    """Runs statements over the files of one city; safe to share between threads."""

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

    def version(self) -> str:
        """Name the state of the data: changes whenever any record could have."""
        with self._arrivals.held() as live:
            return self._city.version() + ("" if live is None else f"+{live.version}")

    def _steady(self, read: Callable[[str], T]) -> T:
        """What is read of one state of the files; they may disagree when they change meanwhile."""
        with self._arrivals.held():
            for _ in range(ATTEMPTS):
                version = self.version()
                found = read(version)
                if self.version() == version:
                    break
                self._arrivals.anew()
            return found

    def _rounded(self, request: Request) -> Request:
        if request.start > request.end:
            message = "the period ends before it begins; swap the two moments"
            raise RequestError(message)
        grain = request.grain_s or self._grain_s
        start, end, now = (m - m % grain for m in (request.start, request.end, request.now))
        return replace(request, start=start, end=max(start, end), now=now)

    def _columns(self, statement: Statement, values: dict[str, Any], *windows: Window) -> Columns:
        """Numbers that a statement gives; `windows`: stretches of `reported` that it asks about."""
        with self._database.cursor() as cursor:
            return columns(statement.of(values).run(cursor, values | self._files_of(windows)))

    def _frame(
        self, statement: Statement, values: dict[str, Any], *windows: Window
    ) -> pd.DataFrame:
        """Rows that a statement gives."""
        with self._database.cursor() as cursor:
            return statement.of(values).run(cursor, values | self._files_of(windows)).df()

    def _files_of(self, windows: Sequence[Window]) -> dict[str, list[str]]:
        stretches = [(each.start, each.end) for each in windows]
        published = {"files": self._files.covering(*stretches)}
        return published | self._arrivals.files(self._spare, *stretches)

    def _values(self, request: Request, window: Window) -> dict[str, Any]:
        """Parameters that filter: place, time, codes, and how the city judges."""
        low, high = self._cells.sites(request)
        return {
            "lo": window.start,
            "hi": window.end,
            "asof": request.now,
            "site_from": low,
            "site_to": high,
            **self._cells.within(request),
            "any_category": not request.categories,
            "categories": list(request.categories),
            "any_department": not request.departments,
            "departments": list(request.departments),
            "any_source": not request.sources,
            "sources": list(request.sources),
            "layer": self._cells.layer(request),
            "by_resolved": self._city.profile.deadline == "resolved",
            "whistle_s": round(self._city.profile.whistle_min * 60),
        }
