"""The statements of the engine; every text is made of constants, every value is a parameter.

Cases are judged as of a moment: a stage that lies later has not happened. Named parameters:
files, lo, hi (reported, half-open), asof, site_from, site_to, categories, departments, sources,
layer (of `cells`), by_resolved, whistle_s, day_0 … day_14 (edges of the days of the small lines).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from geodata.engine.numbers import TALLY
from geodata.model.periods import NORM_WEEKS, WEEK
from geodata.model.schemas import DAY_BITS, INCIDENTS, MOMENTS, STAGES

SPARK_DAYS: Final = 14
QUARTER: Final = 900  # seconds; every local clock on earth is a whole number of them from UTC
IN_TIME_S: Final = 1_800  # of `arrived_in_30`
BACKLOG_S: Final = 90 * 86_400
STEPS: Final = tuple(pairwise(STAGES))

CREATE_CELLS: Final = "CREATE TABLE cells (layer SMALLINT, site INTEGER, cell INTEGER)"
FILL_CELLS: Final = "INSERT INTO cells SELECT $layer::SMALLINT, site, cell FROM filling"

FILTERS: Final = """
    site >= $site_from AND site < $site_to
    AND (len($categories::INTEGER[]) = 0
         OR list_contains($categories::INTEGER[], category::INTEGER))
    AND (len($departments::INTEGER[]) = 0
         OR list_contains($departments::INTEGER[], department::INTEGER))
    AND (len($sources::INTEGER[]) = 0 OR list_contains($sources::INTEGER[], source::INTEGER))
"""
LATER: Final = tuple(m for m in MOMENTS if m not in {"occurred", "reported", "due"})


def known(stage: str, moment: str = "$asof") -> str:
    """A stage as it stood at a moment; a later one has not happened."""
    return f"if({stage} <= {moment}, {stage}, NULL)"


# The stage that ends the work, and the one that meets the deadline; `profile.deadline` names it.
SETTLED: Final = "coalesce({0}, {1})"
DONE: Final = f"if($by_resolved, {SETTLED}, {{1}})"


def late(done: str, moment: str) -> str:
    """Whether a case is past its deadline and not done."""
    return f"{done} IS NULL AND coalesce(due < {moment}, false)"


AS_OF: Final = ", ".join(f"{known(m)} AS {m}" for m in LATER)

# Files of an older snapshot do not say which stages are known by the day only: none is.
CASES: Final = """
    (SELECT NULL::SMALLINT AS by_day WHERE false
    UNION ALL BY NAME SELECT * FROM read_parquet($files))
"""


def to_the_minute(*stages: str) -> str:
    """Whether stages are known with their time of day, so that minutes between them mean much."""
    return f"coalesce(by_day, 0) & {sum(DAY_BITS[stage] for stage in stages)} = 0"


# Cases as they stood: moments later than $asof are null.
SEEN: Final = f"""
    SELECT site, category, department, source, settled_at, returned, satisfaction, duplicate_of,
        reported AS came, due, by_day, {AS_OF}
    FROM {CASES}
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND {FILTERS}
"""  # noqa: S608 - constants only
DEEDS: Final = f"""
    SELECT *, voided IS NULL AND duplicate_of < 0 AS valid,
        {SETTLED.format("resolved", "closed")} AS settled,
        {DONE.format("resolved", "closed")} AS done,
        if({to_the_minute("reported", "arrived")}, CAST(arrived AS BIGINT) - came, NULL)
            AS to_arrival,
        if(if(resolved IS NULL, {to_the_minute("reported", "closed")},
            {to_the_minute("reported", "resolved")}), CAST(settled AS BIGINT) - came, NULL)
            AS to_settled
    FROM ({SEEN})
"""  # noqa: S608 - constants only

FLAGS: Final[dict[str, str]] = {
    "reported": "true",
    "open": "closed IS NULL",
    "due": "due IS NOT NULL AND (done IS NOT NULL OR due < $asof)",
    "closed": "closed IS NOT NULL",
    "closed_due": "due IS NOT NULL AND done IS NOT NULL",
    "closed_on_time": "done <= due",
    "overdue_open": late("done", "$asof"),
    "no_limit": "due IS NULL",
    "resolved": "settled IS NOT NULL",
    "resolved_local": "settled IS NOT NULL AND settled_at IN (1, 2)",
    "settled_1": "settled IS NOT NULL AND settled_at = 1",
    "settled_2": "settled IS NOT NULL AND settled_at = 2",
    "settled_3": "settled IS NOT NULL AND settled_at = 3",
    "settled_4": "settled IS NOT NULL AND settled_at = 4",
    "whistled": "whistled IS NOT NULL",
    "whistle_due": "whistled IS NOT NULL "
    "AND (whistle_arrived IS NOT NULL OR whistled + $whistle_s < $asof)",
    "whistled_on_time": "whistle_arrived <= whistled + $whistle_s",
    "arrived": "to_arrival >= 0",
    "arrived_in_30": f"to_arrival BETWEEN 0 AND {IN_TIME_S}",
    "asked": "settled IS NOT NULL AND satisfaction > 0",
    "satisfied": "settled IS NOT NULL AND satisfaction >= 4",
    "returned": "dispatched IS NOT NULL AND settled IS NOT NULL AND returned > 0",
    "dispatched_done": "dispatched IS NOT NULL AND settled IS NOT NULL",
}
MARKS: Final = ", ".join(
    f"coalesce(valid AND ({FLAGS[name]}), false) AS {name}" for name in TALLY if name in FLAGS
)
STEP_SECONDS: Final = ", ".join(
    f"if(valid AND {b} >= {a} AND {exact}, CAST({b} AS BIGINT) - {a}, NULL)::INTEGER"
    f" AS step_{number}"
    for number, (a, b, exact) in enumerate(
        (f if f != "reported" else "came", t, to_the_minute(f, t)) for f, t in STEPS
    )
)
DAY_OF: Final = (
    "CASE WHEN came < $day_0 THEN NULL "
    + " ".join(f"WHEN came < $day_{n + 1} THEN {n}" for n in range(SPARK_DAYS))
    + " END"
)
# One row a case: a yes or no for every count, seconds for every duration.
JUDGED: Final = f"""
    SELECT coalesce(cell, -1) AS cell, category, department, source, came,
        {MARKS}, voided IS NOT NULL AS voided, voided IS NULL AND duplicate_of >= 0 AS duplicates,
        if(valid AND to_arrival >= 0, to_arrival, NULL)::INTEGER AS arrival_s,
        if(valid AND to_settled >= 0, to_settled, NULL)::INTEGER AS resolution_s
"""
CASES_FROM: Final = f"""
    FROM ({DEEDS}) AS deeds
    LEFT JOIN (SELECT site, cell FROM cells WHERE layer = $layer) AS places USING (site)
"""  # noqa: S608 - constants only
KEEP_CASES: Final = (
    f"CREATE TEMP TABLE judged AS {JUDGED}, {STEP_SECONDS}, {DAY_OF} AS day {CASES_FROM}"
)

COUNTS: Final = ", ".join(f"count_if({name}) AS {name}" for name in TALLY)
PAIRS: Final = """
    count(arrival_s) AS arrival_n, quantile_cont(arrival_s, [0.5, 0.9]) AS arrival,
    count(resolution_s) AS resolution_n, quantile_cont(resolution_s, [0.5, 0.9]) AS resolution
"""  # one list for both quantiles: the values are kept and sorted once
MINUTES: Final = """* EXCLUDE (arrival, resolution),
    arrival[1] / 60 AS arrival_median_min, arrival[2] / 60 AS arrival_p90_min,
    resolution[1] / 60 AS resolution_median_min, resolution[2] / 60 AS resolution_p90_min
"""
IN_WINDOW: Final = "FROM judged WHERE came >= $start AND came < $end"
# `kind` tells the grouping sets apart: a bit for every column that a row is NOT grouped by.
TALLY_BY: Final = f"""
    SELECT grouping(cell, department, category, source) AS kind,
        coalesce(cell, department, category, source, 0)::INTEGER AS key, {COUNTS}
    {IN_WINDOW} GROUP BY GROUPING SETS ((), (cell), (department), (category), (source))
"""
SPREAD_BY: Final = f"""
    SELECT {MINUTES} FROM (
        SELECT grouping(cell, department) AS kind, coalesce(cell, department, 0)::INTEGER AS key,
            {PAIRS}
        {IN_WINDOW} GROUP BY GROUPING SETS ((), (cell), (department))
    )
"""  # noqa: S608 - constants only
BY_DAY: Final = f"""
    SELECT {MINUTES} FROM (
        SELECT day, {COUNTS}, {PAIRS} FROM judged WHERE day IS NOT NULL GROUP BY day
    )
"""  # noqa: S608 - constants only
LADDER: Final = (
    "SELECT "
    + ", ".join(
        f"count(step_{n}) AS n_{n}, quantile_cont(step_{n}, 0.5) / 60 AS median_{n}, "
        f"quantile_cont(step_{n}, 0.9) / 60 AS p90_{n}"
        for n in range(len(STEPS))
    )
    + f" {IN_WINDOW}"
)
ONE_WINDOW: Final = f"""
    SELECT {MINUTES} FROM (SELECT {COUNTS}, {PAIRS} FROM ({JUDGED} {CASES_FROM}))
"""  # noqa: S608 - constants only
# Cells of one level and nothing else, for names over a finer map.
BY_CELL: Final = f"""
    SELECT {MINUTES} FROM (
        SELECT cell AS key, {COUNTS}, {PAIRS} FROM ({JUDGED} {CASES_FROM}) GROUP BY cell
    )
"""  # noqa: S608 - constants only

EARLIER: Final = (
    "CASE "
    + " ".join(f"WHEN came >= $from_{n} AND came < $to_{n} THEN {n}" for n in range(NORM_WEEKS))
    + " ELSE -1 END"
)
# Plain counts over a long stretch: the norm, the trend and what is still open.
PAST: Final = f"""
    WITH seen AS (
        SELECT reported AS came, site, category, department, due,
            voided IS NULL OR voided > $asof AS valid,
            {DONE.format(known("resolved"), known("closed"))} AS done, closed,
            {DONE.format(known("resolved", "$then"), known("closed", "$then"))} AS done_then,
            reported > $asof - {BACKLOG_S} AND valid AS held,
            reported > $then - {BACKLOG_S} AND reported <= $then
                AND (voided IS NULL OR voided > $then) AS held_then
        FROM read_parquet($files)
        WHERE ((reported >= $lo AND reported < $hi) OR reported >= $backlog_from)
            AND reported <= $asof AND duplicate_of < 0 AND {FILTERS}
    ), marked AS (
        SELECT if(came >= $lo AND came < $hi, came // {QUARTER}, -1) AS quarter,
            {EARLIER} AS earlier, coalesce(cell, -1) AS cell, category, department, valid,
            held AND coalesce(closed > $asof, true) AS open_now,
            held AND {late("done", "$asof")} AS late_now,
            held_then AND coalesce(closed > $then, true) AS open_then,
            held_then AND {late("done_then", "$then")} AS late_then
        FROM seen LEFT JOIN (SELECT site, cell FROM cells WHERE layer = $layer) USING (site)
    )
    SELECT grouping(quarter, earlier, cell, category, department) AS kind,
        coalesce(quarter, earlier, cell, category, department)::INTEGER AS key,
        count_if(valid) AS n, count_if(valid AND earlier >= 0) AS norm_n,
        count_if(open_now) AS backlog_open, count_if(late_now) AS backlog_overdue,
        count_if(open_then) AS open_then, count_if(late_then) AS late_then
    FROM marked
    GROUP BY GROUPING SETS ((quarter), (earlier), (cell), (category), (department))
"""  # noqa: S608 - constants only

# The newest moment up to $asof of a file, and every one that lies ahead.
SOURCES_AFTER: Final = """
    SELECT source::INTEGER AS key, max(reported) AS at FROM read_parquet($files)
    WHERE reported <= $asof GROUP BY source
    UNION ALL
    SELECT DISTINCT source::INTEGER AS key, reported AS at FROM read_parquet($files)
    WHERE reported > $asof
"""
STAGES_AFTER: Final = " UNION ALL ".join(
    f"(SELECT -1 AS key, max({m}) AS at FROM read_parquet($files) WHERE {m} <= $asof)"  # noqa: S608
    f" UNION ALL (SELECT DISTINCT -1, {m} FROM read_parquet($files) WHERE {m} > $asof)"
    for m in ("reported", *LATER)
)
FIRST: Final = "SELECT min(reported) FROM read_parquet($files)"

# Columns without a moment of their own; certain only when the work is over.
SETTLED_ONLY: Final = ("settled_at", "satisfaction", "returned", "reopened", "appealed")


def _as_seen(name: str) -> str:
    """A column of the incidents as it stood at $asof."""
    if name in SETTLED_ONLY:
        settled = SETTLED.format(known("resolved"), known("closed"))
        return f"if({settled} IS NOT NULL, {name}, 0)::TINYINT AS {name}"
    if name == "by_day":
        return "coalesce(by_day, 0)::SMALLINT AS by_day"
    return f"{known(name)} AS {name}" if name in LATER else name


AS_SEEN: Final = ", ".join(map(_as_seen, INCIDENTS))
LIST_FROM: Final = f"""
    SELECT {AS_SEEN} FROM {CASES}
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof
        AND (voided IS NULL OR voided > $asof) AND duplicate_of < 0 AND {FILTERS}
"""  # noqa: S608 - constants only
NEWEST_FIRST: Final = f"{LIST_FROM} ORDER BY reported DESC, id DESC LIMIT $limit OFFSET $offset"
# The same cases counted, for a few buildings side by side.
BY_WEEK: Final = f"""
    SELECT site, (CAST($asof AS BIGINT) - reported) // {WEEK} AS back, count(*) AS n
    FROM ({LIST_FROM}) WHERE site IN (SELECT unnest($sites::INTEGER[])) GROUP BY ALL
"""  # noqa: S608 - constants only
TRAITS: Final = f"SELECT site, matter, category FROM ({LIST_FROM}) LIMIT $limit"  # noqa: S608
# Which cells and departments have cases in common.
MET: Final = f"""
    SELECT cell::INTEGER AS cell, department::INTEGER AS department FROM ({LIST_FROM})
    JOIN (SELECT site, cell FROM cells WHERE layer = $layer) USING (site) GROUP BY ALL
"""  # noqa: S608 - constants only
POINTS: Final = f"""
    SELECT lon::DOUBLE AS lon, lat::DOUBLE AS lat FROM ({LIST_FROM})
    WHERE NOT isnan(lon) AND NOT isnan(lat)
"""  # noqa: S608 - constants only
