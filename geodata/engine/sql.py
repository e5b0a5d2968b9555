"""Cases judged as of a moment, in words that DuckDB and PostgreSQL both understand.

Every text is made of constants, every value is a named parameter. A stage that lies later than the
moment has not happened. `incidents` and `cells` are the tables asked; `geodata.engine.statement`
says what they are. Parameters: lo, hi (reported, half-open), asof, site_from, site_to, any_category
and categories (and so for departments and sources), layer (of `cells`), by_resolved, whistle_s;
where the place is of another hierarchy besides within (a layer of `cells`), unit_from, unit_to.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from geodata.engine.numbers import TALLY
from geodata.model.periods import WEEK
from geodata.model.schemas import DAY_BITS, DEADLINES, INCIDENTS, MOMENTS, STAGES

IN_TIME_S: Final = 1_800  # of `arrived_in_30`
STEPS: Final = tuple(pairwise(STAGES))
LATER: Final = tuple(m for m in MOMENTS if m not in {"occurred", "reported", *DEADLINES})

RANGE: Final = "site >= $site_from AND site < $site_to"
# Sites of a place of another hierarchy need not be neighbours.
WITHIN: Final = f"""{RANGE} AND site IN (
    SELECT site FROM cells WHERE layer = $within AND cell >= $unit_from AND cell < $unit_to
)"""  # noqa: S608 - constants only
FILTERS: Final = RANGE + "".join(
    f" AND ($any_{code} OR {code} = ANY(CAST(${codes} AS INTEGER[])))"
    for code, codes in (
        ("category", "categories"),
        ("department", "departments"),
        ("source", "sources"),
    )
)
PLACES: Final = f"""
    SELECT site, cell FROM cells
    WHERE layer = $layer AND {RANGE}
"""  # noqa: S608 - constants only


def known(stage: str, moment: str = "$asof") -> str:
    """A stage as it stood at a moment; a later one has not happened."""
    return f"CASE WHEN {stage} <= {moment} THEN {stage} END"


# The stage that ends the work, and the one that meets the deadline; `profile.deadline` names it.
SETTLED: Final = "coalesce({0}, {1})"
DONE: Final = f"CASE WHEN $by_resolved THEN {SETTLED} ELSE {{1}} END"


def late(done: str, moment: str) -> str:
    """Whether a case is past its deadline and not done."""
    return f"{done} IS NULL AND coalesce(due < {moment}, false)"


def to_the_minute(*stages: str) -> str:
    """Whether stages are known with their time of day, so that minutes between them mean much."""
    # Not every database has operators for bits; this asks for one by arithmetic.
    bits = [DAY_BITS[stage] for stage in stages]
    return " AND ".join(f"coalesce(by_day, 0) % {2 * bit} < {bit}" for bit in bits)


def between(start: str, end: str) -> str:
    """Seconds from one stage to another; the files keep moments without a sign."""
    return f"CAST({end} AS BIGINT) - {start}"


# Cases as they stood: moments later than $asof are null.
SEEN: Final = f"""
    SELECT site, category, department, source, settled_at, returned, satisfaction, duplicate_of,
        reported AS came, due, by_day, {", ".join(f"{known(m)} AS {m}" for m in LATER)}
    FROM incidents
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof AND {FILTERS}
"""  # noqa: S608 - constants only
DEEDS: Final = f"""
    SELECT *, voided IS NULL AND duplicate_of < 0 AS valid,
        {SETTLED.format("resolved", "closed")} AS settled,
        {DONE.format("resolved", "closed")} AS done,
        CASE WHEN {to_the_minute("reported", "arrived")}
            THEN {between("came", "arrived")} END AS to_arrival,
        CASE WHEN resolved IS NULL AND {to_the_minute("reported", "closed")}
            THEN {between("came", "closed")}
            WHEN resolved IS NOT NULL AND {to_the_minute("reported", "resolved")}
            THEN {between("came", "resolved")} END AS to_settled
    FROM ({SEEN}) AS seen
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
    f"CASE WHEN valid AND {b} >= {a} AND {exact} THEN {between(a, b)} END AS step_{number}"
    for number, (a, b, exact) in enumerate(
        (f if f != "reported" else "came", t, to_the_minute(f, t)) for f, t in STEPS
    )
)


def judged(more: str = "") -> str:
    """One row a case: a yes or no for every count, seconds for every duration, and columns more."""
    return f"""
    SELECT coalesce(cell, -1) AS cell, category, department, source, came, {MARKS},
        voided IS NOT NULL AS voided, voided IS NULL AND duplicate_of >= 0 AS duplicates,
        CASE WHEN valid AND to_arrival >= 0 THEN to_arrival END AS arrival_s,
        CASE WHEN valid AND to_settled >= 0 THEN to_settled END AS resolution_s
        {more}
    FROM ({DEEDS}) AS deeds LEFT JOIN ({PLACES}) AS places USING (site)
    """  # noqa: S608 - constants only


def pair(column: str) -> str:
    """How many values there are, and their median and 90th percentile as an array of two."""
    spread = f"percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {column})"
    return f"count({column}) AS {column}_n, {spread} AS {column}"  # kept and sorted once for both


COUNTS: Final = ", ".join(f"count(*) FILTER (WHERE {name}) AS {name}" for name in TALLY)
PAIRS: Final = f"{pair('arrival_s')}, {pair('resolution_s')}"
IN_MINUTES: Final = {
    f"{name}_{suffix}": text
    for name in ("arrival", "resolution")
    for suffix, text in (
        ("n", f"{name}_s_n"),
        ("median_min", f"{name}_s[1] / 60"),
        ("p90_min", f"{name}_s[2] / 60"),
    )
}
# Cells of one level and nothing else, for names over a finer map.
BY_CELL: Final = f"""
    SELECT cell AS key, {", ".join(TALLY)},
        {", ".join(f"{text} AS {name}" for name, text in IN_MINUTES.items())}
    FROM (SELECT cell, {COUNTS}, {PAIRS} FROM ({judged()}) AS judged GROUP BY cell) AS spread
"""  # noqa: S608 - constants only

# The newest moment up to $asof of a file, and every one that lies ahead.
SOURCES_AFTER: Final = """
    SELECT CAST(source AS INTEGER) AS key, max(reported) AS at FROM incidents
    WHERE reported <= $asof GROUP BY source
    UNION ALL
    SELECT DISTINCT CAST(source AS INTEGER) AS key, reported AS at FROM incidents
    WHERE reported > $asof
"""
STAGES_AFTER: Final = " UNION ALL ".join(
    f"(SELECT -1 AS key, max({m}) AS at FROM incidents WHERE {m} <= $asof)"  # noqa: S608
    f" UNION ALL (SELECT DISTINCT -1, {m} FROM incidents WHERE {m} > $asof)"
    for m in ("reported", *LATER)
)
FIRST: Final = "SELECT min(reported) AS at FROM incidents"

# Columns without a moment of their own; certain only when the work is over.
SETTLED_ONLY: Final = ("settled_at", "satisfaction", "returned", "reopened", "appealed")


def as_seen(name: str) -> str:
    """A column of the incidents as it stood at $asof."""
    if name in SETTLED_ONLY:
        settled = SETTLED.format(known("resolved"), known("closed"))
        return f"CASE WHEN {settled} IS NOT NULL THEN {name} ELSE 0 END AS {name}"
    if name == "by_day":
        return "coalesce(by_day, 0) AS by_day"
    if name == "first_department":
        return "coalesce(first_department, -1) AS first_department"
    return f"{known(name)} AS {name}" if name in LATER else name


LIST_FROM: Final = f"""
    SELECT {", ".join(map(as_seen, INCIDENTS))} FROM incidents
    WHERE reported >= $lo AND reported < $hi AND reported <= $asof
        AND (voided IS NULL OR voided > $asof) AND duplicate_of < 0 AND {FILTERS}
"""  # noqa: S608 - constants only
NEWEST_FIRST: Final = f"{LIST_FROM} ORDER BY reported DESC, id DESC LIMIT $limit OFFSET $offset"
# The same cases counted, for a few buildings side by side; `back` in seconds, by whole weeks.
BY_WEEK: Final = f"""
    SELECT site, back, count(*) AS n FROM (
        SELECT site, {between("reported", "$asof")}
            - ({between("reported", "$asof")}) % {WEEK} AS back
        FROM ({LIST_FROM}) AS listed WHERE site = ANY(CAST($sites AS INTEGER[]))
    ) AS weeks GROUP BY site, back
"""  # noqa: S608 - constants only
TRAITS: Final = f"""
    SELECT site, matter, category FROM ({LIST_FROM}) AS listed LIMIT $limit
"""  # noqa: S608 - constants only
# Which cells and departments have cases in common.
MET: Final = f"""
    SELECT DISTINCT cell, department FROM ({LIST_FROM}) AS listed JOIN ({PLACES}) AS places
    USING (site)
"""  # noqa: S608 - constants only
POINTS: Final = f"""
    SELECT CAST(lon AS DOUBLE PRECISION) AS lon, CAST(lat AS DOUBLE PRECISION) AS lat
    FROM ({LIST_FROM}) AS listed
"""  # noqa: S608 - constants only
