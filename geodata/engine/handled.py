"""How departments handle their cases, beyond the counts of a screen, as statements.

The words and parameters of `geodata.engine.sql`; besides them `again_s`: how soon after the closing
a report of the same matter from the same building counts as the same trouble again; `end`: of the
period, where reports after it are read for that; `respond_s`: how soon after the dispatch a
department answers in time.
"""

from __future__ import annotations

from typing import Final

from geodata.engine.sql import (
    DONE,
    FILTERS,
    LATER,
    PLACES,
    as_seen,
    judged,
    known,
    late,
)
from geodata.model.periods import QUARTER
from geodata.model.schemas import INCIDENTS, STAGES

# Columns of a case that no count needs.
STOOD: Final = f"""
    SELECT id, key, site, category, matter, department, source, lon, lat, duplicate_of, due,
        coalesce(due_original, due) AS original, coalesce(first_department, -1) AS first_department,
        returned, reopened, extended, suspended_s, appealed, reported AS came,
        {", ".join(f"{known(m)} AS {m}" for m in LATER)}
    FROM incidents
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND {FILTERS}
"""  # noqa: S608 - constants only
VALID: Final = "voided IS NULL AND duplicate_of < 0"
OPEN: Final = f"""
    SELECT id, key, site, coalesce(cell, -1) AS cell, category, matter, department, source,
        CAST(lon AS DOUBLE PRECISION) AS lon, CAST(lat AS DOUBLE PRECISION) AS lat,
        came AS reported, due, accepted, dispatched, taken, arrived, resolved, verified,
        whistled, whistle_arrived,
        {DONE.format("resolved", "closed")} IS NOT NULL AS done,
        {late(DONE.format("resolved", "closed"), "$asof")} AS overdue
    FROM ({STOOD}) AS stood LEFT JOIN ({PLACES}) AS places USING (site)
    WHERE {VALID} AND closed IS NULL
    ORDER BY due NULLS LAST, came, id
"""  # noqa: S608 - constants only
# One case whatever became of it, and those near it in place and time.
LISTED: Final = f"SELECT {', '.join(map(as_seen, INCIDENTS))} FROM incidents"  # noqa: S608
CASE: Final = f"""
    SELECT {", ".join(map(as_seen, INCIDENTS))},
        {DONE.format(f"({known('resolved')})", f"({known('closed')})")} AS done
    FROM incidents
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND id = $id
"""  # noqa: S608 - constants only
NEAR: Final = f"""
    {LISTED} WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND id <> $id
        AND (voided IS NULL OR voided > $asof) AND category = $category
        AND lon BETWEEN $west AND $east AND lat BETWEEN $south AND $north
    ORDER BY reported DESC, id DESC
"""
HOURS: Final = f"""
    SELECT came - came % {QUARTER} AS at, count(*) FILTER (WHERE due) AS due,
        count(*) FILTER (WHERE due AND NOT closed_on_time) AS missed
    FROM ({judged()}) AS judged GROUP BY came - came % {QUARTER}
"""  # noqa: S608 - constants only
# What a grid has to deal with: the cases of its cells by matter.
WORKLOAD: Final = f"""
    SELECT coalesce(cell, -1) AS cell, matter, count(*) AS cases
    FROM ({STOOD}) AS stood LEFT JOIN ({PLACES}) AS places USING (site)
    WHERE {VALID} GROUP BY coalesce(cell, -1), matter
"""  # noqa: S608 - constants only
DONE_AT: Final = DONE.format("resolved", "closed")
ANSWERED: Final = "least(taken, arrived, resolved, closed)"
AT_BUILDING: Final = "site IN (SELECT site FROM cells WHERE layer = 'building')"
# What a case may have or not; the place in this order is its bit. See `counted`.
MARKS: Final = {
    **{stage: f"{stage} IS NOT NULL" for stage in (*STAGES[1:], "whistled", "voided")},
    "duplicate": "duplicate_of >= 0",
    "extended": "extended > 0",
    "suspended": "suspended_s > 0",
    "appealed": "appealed > 0",
    "reopened": "reopened > 0",
    "housed": f"matter >= 0 AND {AT_BUILDING}",
    "due": f"due IS NOT NULL AND ({DONE_AT} IS NOT NULL OR due < $asof)",
    "on_time": f"{DONE_AT} <= due",
    "raw_due": f"due IS NOT NULL AND ({DONE_AT} IS NOT NULL OR original < $asof)",
    "raw_on_time": f"due IS NOT NULL AND {DONE_AT} <= original",
    "response_due": "dispatched IS NOT NULL "
    f"AND ({ANSWERED} IS NOT NULL OR dispatched + $respond_s < $asof)",
    "responded_on_time": f"{ANSWERED} <= dispatched + $respond_s",
}
BITS: Final = " + ".join(
    f"CASE WHEN {text} THEN {1 << bit} ELSE 0 END" for bit, text in enumerate(MARKS.values())
)
# One that nobody sent back went to the right department first, whether or not its record names
# that; of one that came back only its record can tell.
SENT_TO: Final = """CASE WHEN first_department >= 0 THEN first_department
    WHEN returned = 0 THEN department ELSE -1 END"""
# Cases of a period, those alike together: far fewer counts than there are cases.
ALIKE: Final = f"""
    SELECT department, matter, sent_to, marks, count(*) AS cases
    FROM (
        SELECT department, matter, {SENT_TO} AS sent_to, {BITS} AS marks FROM ({STOOD}) AS stood
    ) AS each GROUP BY department, matter, sent_to, marks
"""  # noqa: S608 - constants only
HOUSED: Final = f"""
    SELECT site, matter, department, came, closed FROM ({STOOD}) AS stood
    WHERE {VALID} AND matter >= 0 AND {AT_BUILDING}
"""  # noqa: S608 - constants only
# Cases after whose closing the same matter was reported from the same building, to whomever.
AGAIN: Final = f"""
    SELECT department, count(*) AS again FROM ({HOUSED}) AS former
    WHERE came < $end AND EXISTS (
        SELECT 1 FROM ({HOUSED}) AS later
        WHERE later.site = former.site AND later.matter = former.matter
            AND later.came > former.closed AND later.came <= former.closed + $again_s
    ) GROUP BY department
"""  # noqa: S608 - constants only
