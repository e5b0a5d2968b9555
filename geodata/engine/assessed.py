"""What departments are assessed by, beyond the counts of a screen, by department.

Counted from cases that are alike, see `counted`; how long it took until somebody reported what had
happened is read apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.engine import handled
from geodata.engine.answer import held
from geodata.engine.cache import Recent
from geodata.engine.counted import COUNTED, Alike
from geodata.engine.lists import Lists
from geodata.engine.sql import FILTERS, between, known, pair, to_the_minute
from geodata.engine.statement import Statement
from geodata.model.overlay import nothing_live
from geodata.model.periods import DAY, Window
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.engine.answer import Columns
    from geodata.engine.city import CityData
    from geodata.engine.request import Request
    from geodata.model.overlay import Live

BYTES_KEPT: Final = 16_000_000  # of counts
RESPOND_S: Final = DAY
SPREADS: Final = ("discovery_n", "discovery_median_min", "discovery_p90_min")
ASSESSED: Final = ("came", *COUNTED, *SPREADS)

DISCOVERED: Final = f"""
    SELECT department, CASE WHEN reported >= occurred AND {to_the_minute("reported")}
        THEN {between("occurred", "reported")} END AS discovery_s
    FROM incidents
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND {FILTERS}
        AND {known("voided")} IS NULL AND duplicate_of < 0
"""  # noqa: S608 - constants only
DISCOVERY: Final = f"""
    SELECT department, discovery_s_n AS discovery_n, discovery_s[1] / 60 AS discovery_median_min,
        discovery_s[2] / 60 AS discovery_p90_min
    FROM (
        SELECT department, {pair("discovery_s")} FROM ({DISCOVERED}) AS discovered
        GROUP BY department
    ) AS spread
"""  # noqa: S608 - constants only
ALIKE: Final = Statement(handled.ALIKE)
STATEMENT: Final = Statement(DISCOVERY)


class Assessments(Lists):
    """Counts what schemes of evaluation and raw overtime rest on."""

    def __init__(
        self, city: CityData, *, grain_s: int | None = None, live: Live = nothing_live
    ) -> None:
        """Prepare to answer; see `Reader`."""
        super().__init__(city, grain_s=grain_s, live=live)
        self._counted: Recent[Alike] = Recent(BYTES_KEPT, Alike.weight)
        self._by_department: Recent[pd.DataFrame] = Recent(BYTES_KEPT, held)

    def assessed(self, request: Request) -> pd.DataFrame:
        """Count the period's cases by department (−1 = none yet), whichever are asked for.

        Returns:
            Columns of `ASSESSED`: counts, and minutes from occurrence to report (NaN = unknown).
        """
        return self._of_all("assessed", self._assessed, request)

    def _of_all(
        self, name: str, make: Callable[[Request], pd.DataFrame], asked: Request
    ) -> pd.DataFrame:
        """A table of all departments, which is the same whichever are asked for."""
        whole = replace(self._rounded(asked), departments=())
        found = self._steady(
            lambda version: self._by_department.get((name, whole, version), lambda: make(whole))
        )
        return found.copy(deep=False)

    def _assessed(self, whole: Request) -> pd.DataFrame:
        table = self._alike(whole).assessed(len(self._city.departments))
        spreads = self._discovered(whole).reindex(table.index)
        spreads["discovery_n"] = spreads["discovery_n"].fillna(0).astype(np.int64)
        return table.join(spreads)[list(ASSESSED)]

    def _alike(self, asked: Request) -> Alike:
        """The period's cases of all departments."""
        whole = replace(asked, departments=())
        return self._steady(
            lambda version: self._counted.get((whole, version), lambda: self._count(whole))
        )

    def _count(self, asked: Request) -> Alike:
        self._cells.known(BUILDING)
        window = seen(asked)
        values = self._values(asked, window) | {"respond_s": RESPOND_S}
        return Alike(self._columns(ALIKE, values, window))

    def _discovered(self, asked: Request) -> pd.DataFrame:
        """Minutes from occurrence to report: SPREADS by department."""
        window = seen(asked)
        return spread_by_department(self._columns(STATEMENT, self._values(asked, window), window))


def seen(request: Request) -> Window:
    """The period as far as it is over."""
    return Window(request.start, min(request.end, request.now + 1))


def spread_by_department(found: Columns) -> pd.DataFrame:
    """SPREADS from columns of them and of departments."""
    table = {name: found[name] for name in SPREADS}
    return pd.DataFrame(table, index=found["department"].astype(np.int64))
