"""The request answered by PostgreSQL, by the same statements that DuckDB is given.

The published cases lie in a warehouse that many machines ask; what arrived since is brought along.
As long as the warehouse has not been loaded, or does not answer, the files are asked as ever.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from geodata.engine.cells import is_drafted, layers
from geodata.engine.city import CityData
from geodata.engine.duck import Engine
from geodata.engine.files import ALWAYS
from geodata.engine.freshness import Freshness
from geodata.engine.late import Late
from geodata.engine.statement import Statement
from geodata.model.overlay import nothing_live
from geodata.warehouse import Warehouse, WarehouseError, load
from geodata.warehouse.tables import HAPPENED, LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from geodata.engine.answer import Columns
    from geodata.model.overlay import Live
    from geodata.model.periods import Window
    from geodata.warehouse import Rows

    Progress = Callable[[str, float], None]

LOG: Final = logging.getLogger(__name__)
REST_S: Final = 10.0  # after a failure, before the warehouse is asked again
# Of the published cases alone: what arrived is known without asking.
FIRST: Final = Statement("SELECT min(reported) AS at FROM published")
BY_SOURCE: Final = Statement("""
    SELECT source, (
        SELECT max(reported) FROM published
        WHERE published.source = codes.source AND reported <= $asof
    ) AS at
    FROM (SELECT unnest(CAST($sources AS SMALLINT[])) AS source) AS codes
""")
KNOWN: Final = ", ".join(f"max(CASE WHEN {m} <= $asof THEN {m} END)" for m in HAPPENED)
NEWEST: Final = Statement(f"SELECT greatest({KNOWN}) AS at FROM published WHERE {LAST} > $since")  # noqa: S608


class WarehouseCity(CityData, Protocol):
    """A city that a warehouse can be loaded with."""

    @property
    def id(self) -> str:
        """Snapshot id."""

    @property
    def divisions(self) -> Iterable[str]:
        """Keys of the divisions besides the administrative one."""


class TwinEngine(Engine):
    """Answers requests about one city from a warehouse; safe to share between threads.

    fault: why the warehouse did not answer the last question, "" = it did, or is being loaded.
    """

    def __init__(
        self,
        city: WarehouseCity,
        url: str,
        *,
        grain_s: int | None = None,
        live: Live = nothing_live,
    ) -> None:
        """Prepare to answer; see `Reader`.

        Raises:
            WarehouseError: the URL is none of a PostgreSQL.
        """
        super().__init__(city, grain_s=grain_s, live=live)
        self._warehouse = Warehouse(url, city.id)
        self._late = Late(city)
        self._rest_until = float("-inf")
        self.fault = ""

    def close(self) -> None:
        """Let go of the server; what is asked later opens it again."""
        self._warehouse.close()

    def freshness(self, now: int) -> Freshness:
        """How new the data of the whole city are, by what is not after `now`."""
        sources = len(self._city.sources)
        found = self._asked(BY_SOURCE, {"asof": now, "sources": list(range(sources))})
        if found is None:
            return super().freshness(now)
        by_source = {int(source): int(at) for source, at in found.rows if at is not None}
        newest = max(by_source.values(), default=0)
        later = self._asked(NEWEST, {"asof": now, "since": newest})
        if later is None:
            return super().freshness(now)
        known = Freshness(max(newest, later.rows[0][0] or 0), by_source)
        with self._arrivals.held() as live:
            late = self._late.with_live(live)
        return known if late is None else known.with_arrivals(late, now, sources)

    def _columns(self, statement: Statement, values: dict[str, Any], *windows: Window) -> Columns:
        found = self._asked(statement, values)
        return super()._columns(statement, values, *windows) if found is None else found.columns()

    def _frame(
        self, statement: Statement, values: dict[str, Any], *windows: Window
    ) -> pd.DataFrame:
        found = self._asked(statement, values)
        return super()._frame(statement, values, *windows) if found is None else found.frame()

    def _first(self, version: str) -> int:
        found = self._asked(FIRST, {})
        if found is None:
            return super()._first(version)
        with self._arrivals.held() as live:
            late = self._late.with_live(live)
        known = [found.rows[0][0], None if late is None else late.first()]
        return min((int(at) for at in known if at is not None), default=ALWAYS)

    def _asked(self, statement: Statement, values: dict[str, Any]) -> Rows | None:
        """What the warehouse says; None = ask the files."""
        if time.monotonic() < self._rest_until or _is_drafted(values):
            return None
        try:
            if not self._warehouse.loaded():
                return None
            with self._arrivals.held() as live:
                late = self._late.with_live(live)
            asked = statement.of(values)
            found = self._warehouse.ask(asked.formatted, asked.used(values), late)
        except WarehouseError as error:
            if str(error) != self.fault:
                LOG.exception("the warehouse does not answer; the files are asked")
            self.fault, self._rest_until = str(error), time.monotonic() + REST_S
            return None
        self.fault = ""
        return found


def _is_drafted(values: dict[str, Any]) -> bool:
    """Whether a draft plan is asked for, which is in no warehouse."""
    return any(is_drafted(str(values.get(name, ""))) for name in ("layer", "within"))


def fill(city: WarehouseCity, url: str, progress: Progress = lambda _, __: None) -> bool:
    """Load a city into a warehouse; False = it was there.

    Raises:
        WarehouseError: nothing was written.
    """
    return load(city, layers(city, sorted(city.divisions)), url, progress)


def fill_behind(city: WarehouseCity, url: str) -> threading.Thread:
    """Load a city while others already ask; a failure is logged."""

    def run() -> None:
        try:
            fill(city, url)
        except Exception:  # the city is served from its files; nothing is lost
            LOG.exception("%s could not be loaded into the warehouse", city.id)

    thread = threading.Thread(target=run, name="warehouse", daemon=True)
    thread.start()
    return thread
