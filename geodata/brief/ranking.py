"""Departments as a table with bars: median, p90, on time, and how many cases."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from geodata.brief import names, words
from geodata.brief.words import word
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.registry import sample, value

if TYPE_CHECKING:
    import pandas as pd

    from geodata.brief.facts import Facts

MOST_ROWS: Final = 12
LONGEST_LINES: Final = 6  # times the longest bar; beyond it they are cut


def table(facts: Facts) -> dict[str, Any]:
    """The table as the page takes it: the slowest first, then those with too few cases."""
    lang = facts.asked.lang
    rows = _rows(facts)
    if not len(rows):
        return {"title": word(f"{facts.measured}s", lang), "said": word("table_none", lang)}
    shown = rows.head(MOST_ROWS)
    longest = _longest(facts, shown)
    target = {} if math.isnan(facts.target) else _target(facts, longest)
    return {
        "title": _title(facts),
        "note": word("table_note", lang, n=LEAST_CASES),
        "heads": [word(f"column_{key}", lang) for key in HEADS],
        "rows": [_row(facts, int(row), shown.loc[row], longest) for row in shown.index],
        "rest": word("table_rest", lang, n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
        **target,
    }


HEADS: Final = ("department", "median", "p90", "on_time", "n")


def _rows(facts: Facts) -> pd.DataFrame:
    departments = facts.numbers.departments
    there = departments[(departments.index >= 0) & (departments["reported"] > 0)]
    compared = [row for row in facts.slowest.index if row in there.index]
    rest = there.drop(index=compared).sort_values("reported", ascending=False, kind="stable")
    return there.loc[[*compared, *rest.index]]


def _longest(facts: Facts, shown: pd.DataFrame) -> float:
    compared = shown[[row in facts.slowest.index for row in shown.index]]
    if not len(compared):
        return 1.0
    median, p90 = (
        float(compared[f"{facts.measured}_{name}_min"].max()) for name in ("median", "p90")
    )
    target = 0.0 if math.isnan(facts.target) else facts.target
    return max(min(p90, LONGEST_LINES * median), target * 1.05, 1.0)


def _target(facts: Facts, longest: float) -> dict[str, Any]:
    said = words.minutes(facts.target, facts.asked.lang)
    at = min(1.0, facts.target / longest)
    return {"target": {"at": at, "text": word("target", facts.asked.lang, n=said)}}


def _title(facts: Facts) -> str:
    lang, kind = facts.asked.lang, f"{facts.measured}s"
    if not facts.late:
        return word(kind, lang)
    target = words.minutes(facts.target, lang)
    return word(f"{kind}_late", lang, n=len(facts.late), target=target)


def _row(facts: Facts, row: int, tally: pd.Series, longest: float) -> dict[str, Any]:
    lang, kind = facts.asked.lang, facts.measured
    few = facts.is_small(f"{kind}_median_min", tally)
    median, p90 = (float(tally[f"{kind}_{name}_min"]) for name in ("median", "p90"))
    over = row in facts.late
    on_time = value("on_time_rate", tally)
    judged = sample("on_time_rate", tally) >= LEAST_CASES
    return {
        "name": names.entry(facts.asked.city.departments, row, lang),
        "few": few,
        "over": over,
        "bar": 0.0 if few else min(1.0, median / longest),
        "line": 0.0 if few else min(1.0, p90 / longest),
        "median": "" if few else _median(facts, median, over=over),
        "p90": "" if few else words.minutes(p90, lang),
        "on_time": f"{words.rate(on_time)}%" if judged else "",
        "n": words.count(float(tally["reported"])),
    }


def _median(facts: Facts, median: float, *, over: bool) -> str:
    """The median, and by how much it is over the target: a word before it would read as that."""
    lang = facts.asked.lang
    time = words.minutes(median, lang)
    if not over:
        return time
    beyond = words.minutes(round(median) - round(facts.target), lang)
    return word("over_by", lang, time=time, over=beyond)
