"""All numbers of a screen in one statement that only reads, and its rows taken apart.

Parameters besides those of `geodata.engine.sql`: start, end (the period; lo and hi take in the days
of the small lines too), day_0 … day_14 (edges of these days), before_lo, before_hi, then (the
window before, and the moment it is judged at), past_lo, past_hi, backlog_from, from_0 … to_7
(the earlier windows).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.engine.answer import PAST_KINDS, Raw
from geodata.engine.numbers import BACKLOG, QUANTILES, TALLY
from geodata.engine.plan import BACKLOG_S, SPARK_DAYS
from geodata.engine.sql import (
    COUNTS,
    DONE,
    FILTERS,
    IN_MINUTES,
    PAIRS,
    PLACES,
    STEP_SECONDS,
    STEPS,
    judged,
    known,
    late,
    pair,
)
from geodata.model.periods import NORM_WEEKS, QUARTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geodata.engine.answer import Columns

PAST_COUNTS: Final = ("n", "norm_n", *BACKLOG, "open_then", "late_then")
COLUMNS: Final = (*TALLY, *QUANTILES, *PAST_COUNTS)
STEP: Final = QUANTILES[:3]  # number, median and 90th percentile of a step
PARTS: Final[dict[str, tuple[str, ...]]] = {  # what a row is about, and what is known of it
    "tally": TALLY,
    "spread": QUANTILES,
    "days": (*TALLY, *QUANTILES),
    "steps": STEP,
    "before": (*TALLY, *QUANTILES),
    "past": PAST_COUNTS,
}
NOTHING: Final = "CAST(NULL AS DOUBLE PRECISION)"

DAY_OF: Final = (
    "CASE WHEN came < $day_0 THEN NULL "
    + " ".join(f"WHEN came < $day_{n + 1} THEN {n}" for n in range(SPARK_DAYS))
    + " END"
)
JUDGED: Final = judged(f", {STEP_SECONDS}, {DAY_OF} AS day")
BEFORE: Final = re.sub(
    r"\$(lo|hi|asof)\b",
    lambda name: {"lo": "$before_lo", "hi": "$before_hi", "asof": "$then"}[name[1]],
    judged(),
)
IN_WINDOW: Final = "FROM judged WHERE came >= $start AND came < $end"
EARLIER: Final = (
    "CASE "
    + " ".join(f"WHEN came >= $from_{n} AND came < $to_{n} THEN {n}" for n in range(NORM_WEEKS))
    + " ELSE -1 END"
)
VALID: Final = "(voided IS NULL OR voided > {0})"
# Plain counts over a long stretch: the norm, the trend and what is still open.
PAST: Final = f"""
    SELECT reported AS came, site, category, department, due, closed,
        {VALID.format("$asof")} AS valid,
        {DONE.format(known("resolved"), known("closed"))} AS done,
        {DONE.format(known("resolved", "$then"), known("closed", "$then"))} AS done_then,
        reported > $asof - {BACKLOG_S} AND {VALID.format("$asof")} AS held,
        reported > $then - {BACKLOG_S} AND reported <= $then AND {VALID.format("$then")}
            AS held_then
    FROM incidents
    WHERE ((reported >= $past_lo AND reported < $past_hi) OR reported >= $backlog_from)
        AND reported <= $asof AND duplicate_of < 0 AND {FILTERS}
"""  # noqa: S608 - constants only
MARKED: Final = f"""
    SELECT CASE WHEN came >= $past_lo AND came < $past_hi THEN came - came % {QUARTER} ELSE -1 END
            AS quarter,
        {EARLIER} AS earlier, coalesce(cell, -1) AS cell, category, department, valid,
        held AND coalesce(closed > $asof, true) AS open_now,
        held AND {late("done", "$asof")} AS late_now,
        held_then AND coalesce(closed > $then, true) AS open_then,
        held_then AND {late("done_then", "$then")} AS late_then
    FROM ({PAST}) AS past LEFT JOIN ({PLACES}) AS places USING (site)
"""  # noqa: S608 - constants only


def _part(name: str, kind: str, key: str, values: Mapping[str, str], source: str) -> str:
    """Rows about one thing; a column that they do not have is null."""
    columns = ", ".join(f"{values.get(each, NOTHING)} AS {each}" for each in COLUMNS)
    number = list(PARTS).index(name)
    return f"SELECT {number} AS part, {kind} AS kind, {key} AS key, {columns} {source}"


def _counted(names: Iterable[str], conditions: Iterable[str]) -> dict[str, str]:
    return {
        name: f"count(*) FILTER (WHERE {condition})"
        for name, condition in zip(names, conditions, strict=True)
    }


def _grouped(by: tuple[str, ...], *, whole: bool) -> tuple[str, str, str]:
    """Kind and key of a row, and the sets; `kind` has a bit for each column not grouped by."""
    names = ", ".join(by)
    sets = ", ".join([*(["()"] if whole else []), *(f"({name})" for name in by)])
    key = f"coalesce({names}, 0)" if whole else f"coalesce({names})"
    return f"grouping({names})", key, f"GROUP BY GROUPING SETS ({sets})"


TALLIED: Final = ("cell", "department", "category", "source")
SPREAD: Final = ("cell", "department")
PASSED: Final = ("quarter", "earlier", "cell", "category", "department")
TALLY_KIND, TALLY_KEY, TALLY_SETS = _grouped(TALLIED, whole=True)
SPREAD_KIND, SPREAD_KEY, SPREAD_SETS = _grouped(SPREAD, whole=True)
PAST_KIND, PAST_KEY, PAST_SETS = _grouped(PASSED, whole=False)
PLAIN: Final = {name: name for name in TALLY}
CONDITIONS: Final = (
    "valid", "valid AND earlier >= 0", "open_now", "late_now", "open_then", "late_then",
)  # fmt: skip
LADDER: Final = ", ".join(pair(f"step_{number}") for number in range(len(STEPS)))


def _step(number: int) -> str:
    step = f"step_{number}"
    values = dict(zip(STEP, (f"{step}_n", f"{step}[1] / 60", f"{step}[2] / 60"), strict=True))
    return _part("steps", "0", str(number), values, "FROM ladder")


SCREEN: Final = f"""
    WITH judged AS ({JUDGED}),
    spread AS (
        SELECT {SPREAD_KIND} AS kind, {SPREAD_KEY} AS key, {PAIRS} {IN_WINDOW} {SPREAD_SETS}
    ),
    days AS (SELECT day, {COUNTS}, {PAIRS} FROM judged WHERE day IS NOT NULL GROUP BY day),
    ladder AS (SELECT {LADDER} {IN_WINDOW}),
    earlier AS (SELECT {COUNTS}, {PAIRS} FROM ({BEFORE}) AS judged_then),
    marked AS ({MARKED})
    {
    " UNION ALL ".join(
        [
            _part(
                "tally",
                TALLY_KIND,
                TALLY_KEY,
                _counted(TALLY, TALLY),
                f"{IN_WINDOW} {TALLY_SETS}",
            ),
            _part("spread", "kind", "key", IN_MINUTES, "FROM spread"),
            _part("days", "0", "day", PLAIN | IN_MINUTES, "FROM days"),
            *(_step(number) for number in range(len(STEPS))),
            _part("before", "0", "0", PLAIN | IN_MINUTES, "FROM earlier"),
            _part(
                "past",
                PAST_KIND,
                PAST_KEY,
                _counted(PAST_COUNTS, CONDITIONS),
                f"FROM marked {PAST_SETS}",
            ),
        ]
    )
}
"""  # noqa: S608 - constants only


def raw(found: Columns, *, before: bool) -> Raw:
    """Rows of the statement as the tables of one screen; `before`: with the window before."""
    tables = {
        name: _rows(found, number, ("kind", "key", *columns))
        for number, (name, columns) in enumerate(PARTS.items())
    }
    past = tables["past"]
    quarters = past["kind"] == PAST_KINDS["quarter"]
    past["key"] = np.where(quarters & (past["key"] >= 0), past["key"] // QUARTER, past["key"])
    return Raw(
        tally=tables["tally"],
        spread=tables["spread"],
        days=tables["days"] | {"day": tables["days"]["key"]},
        ladder=_ladder(tables["steps"]),
        past=past,
        before=tables["before"] if before else None,
    )


def _rows(found: Columns, number: int, names: Iterable[str]) -> Columns:
    rows = found["part"] == number
    return {name: found[name][rows] for name in names}


def _ladder(steps: Columns) -> Columns:
    """One row of all steps."""
    return {
        f"{name}_{int(number)}": steps[column][[row]]
        for row, number in enumerate(steps["key"])
        for name, column in zip(("n", "median", "p90"), STEP, strict=True)
    }
