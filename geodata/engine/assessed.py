"""What departments are assessed by, beyond the counts of a screen, by department.

The words and parameters of `geodata.engine.sql`; besides them `respond_s`: how soon after the
dispatch a department answers in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.engine.lists import Lists
from geodata.engine.sql import (
    DONE,
    FILTERS,
    FLAGS,
    LATER,
    SETTLED,
    between,
    known,
    pair,
    to_the_minute,
)
from geodata.engine.statement import Statement
from geodata.model.periods import DAY, Window

if TYPE_CHECKING:
    from geodata.engine.request import Request

RESPOND_S: Final = DAY
EXEMPT: Final = "settled IS NOT NULL AND appealed > 0"  # how an appeal ended is not kept
COUNTED: Final = {  # column → which cases, of those neither void nor duplicate
    "settled": "settled IS NOT NULL",
    "reopened": "settled IS NOT NULL AND reopened > 0",
    "verified": "closed IS NOT NULL AND verified IS NOT NULL",
    "accepted": "accepted IS NOT NULL",
    "raw_due": "due IS NOT NULL AND (done IS NOT NULL OR original < $asof)",
    "raw_on_time": "due IS NOT NULL AND done <= original",
    "unappealed_due": f"({FLAGS['due']}) AND NOT ({EXEMPT})",
    "unappealed_on_time": f"({FLAGS['closed_on_time']}) AND NOT ({EXEMPT})",
    "response_due": "dispatched IS NOT NULL "
    "AND (answered IS NOT NULL OR dispatched + $respond_s < $asof)",
    "responded_on_time": "dispatched IS NOT NULL AND answered <= dispatched + $respond_s",
}
SPREADS: Final = ("discovery_n", "discovery_median_min", "discovery_p90_min")
ASSESSED: Final = ("came", *COUNTED, *SPREADS)

STOOD: Final = f"""
    SELECT department, voided, duplicate_of, due, coalesce(due_original, due) AS original, by_day,
        occurred, reported, reopened, appealed,
        {", ".join(f"{known(m)} AS seen_{m}" for m in LATER)}
    FROM incidents
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND {FILTERS}
"""  # noqa: S608 - constants only
SEEN: Final = f"""
    SELECT department, due, original, by_day, occurred, reported, reopened, appealed,
        {", ".join(f"seen_{m} AS {m}" for m in LATER if m != "voided")},
        {DONE.format("seen_resolved", "seen_closed")} AS done,
        {SETTLED.format("seen_resolved", "seen_closed")} AS settled,
        least(seen_taken, seen_arrived, seen_resolved, seen_closed) AS answered,
        seen_voided IS NULL AND duplicate_of < 0 AS valid
    FROM ({STOOD}) AS stood
"""  # noqa: S608 - constants only
COUNTS: Final = ", ".join(
    f"count(*) FILTER (WHERE valid AND {text}) AS {name}" for name, text in COUNTED.items()
)
DISCOVERY: Final = f"""CASE WHEN valid AND reported >= occurred AND {to_the_minute("reported")}
    THEN {between("occurred", "reported")} END"""
BY_DEPARTMENT: Final = f"""
    SELECT department, came, {", ".join(COUNTED)}, discovery_s_n AS discovery_n,
        discovery_s[1] / 60 AS discovery_median_min, discovery_s[2] / 60 AS discovery_p90_min
    FROM (
        SELECT department, count(*) AS came, {COUNTS}, {pair("discovery_s")}
        FROM (SELECT *, {DISCOVERY} AS discovery_s FROM ({SEEN}) AS seen) AS timed
        GROUP BY department
    ) AS counted
"""  # noqa: S608 - constants only
STATEMENT: Final = Statement(BY_DEPARTMENT)


class Assessments(Lists):
    """Counts what schemes of evaluation and raw overtime rest on."""

    def assessed(self, request: Request) -> pd.DataFrame:
        """Count the period's cases by department (−1 = none yet), whichever are asked for.

        Returns:
            Columns of `ASSESSED`: counts, and minutes from occurrence to report (NaN = unknown).
        """
        asked = self._rounded(request)
        window = Window(asked.start, min(asked.end, asked.now + 1))
        values = self._values(asked, window) | {"respond_s": RESPOND_S}
        values |= {"any_department": True, "departments": []}
        found = self._columns(STATEMENT, values, window)
        table = pd.DataFrame({name: found[name] for name in ASSESSED})
        listed = np.arange(-1, len(self._city.departments))
        table = table.set_index(found["department"].astype(np.int64)).reindex(listed)
        whole = [name for name in ASSESSED if not name.endswith("_min")]
        return table.fillna(dict.fromkeys(whole, 0)).astype(dict.fromkeys(whole, np.int64))
