"""Results of the statements put together as Numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.engine.numbers import BACKLOG, QUANTILES, TALLY, Numbers
from geodata.engine.plan import steps_a_week
from geodata.engine.sql import STEPS
from geodata.model.periods import NORM_WEEKS, QUARTER, from_wall, wall_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    import duckdb

    from geodata.engine.plan import Plan
    from geodata.engine.request import Request

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Columns = dict[str, Floats]

# Values of grouping(…): a bit is set for every column that the row is NOT grouped by.
TALLY_KINDS: Final = {"all": 15, "cell": 7, "department": 11, "category": 13, "source": 14}
SPREAD_KINDS: Final = {"all": 3, "cell": 1, "department": 2}
PAST_KINDS: Final = {"quarter": 15, "earlier": 23, "cell": 27, "category": 29, "department": 30}
NONE_YET: Final = -1  # no department, or no cell of the place
ENOUGH_WEEKS: Final = 2
BAND: Final = (0.1, 0.9)
WHOLE: Final = (*TALLY, *BACKLOG, "arrival_n", "resolution_n")


@dataclass(frozen=True)
class Raw:
    """Results as the database gives them; their columns are those of `geodata.engine.sql`."""

    tally: Columns
    spread: Columns
    days: Columns
    ladder: Columns
    past: Columns
    before: Columns | None


@dataclass(frozen=True)
class Listed:
    """What the code lists and the tree say should be there, whether or not anything happened."""

    cells: npt.NDArray[np.int32]
    departments: int
    categories: int
    sources: int


def columns(result: duckdb.DuckDBPyConnection) -> Columns:
    """Fetch numbers; what is null becomes NaN."""
    return {
        name: np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan)
        for name, values in result.fetchnumpy().items()
    }


def assemble(request: Request, plan: Plan, raw: Raw, listed: Listed, zone: ZoneInfo) -> Numbers:
    """Put the numbers of one screen together; freshness and version are left to the caller."""
    weeks = len(plan.earlier)
    expected = _norm(raw.past, weeks)
    departments = _codes(request.departments, listed.departments)
    categories = _codes(request.categories, listed.categories)
    return Numbers(
        request=request,
        total=_total(raw),
        previous=_previous(raw),
        norm=float(np.mean(expected)) if weeks >= ENOUGH_WEEKS else np.nan,
        norm_low=_quantile(expected, BAND[0]),
        norm_high=_quantile(expected, BAND[1]),
        norm_weeks=weeks,
        cells=_table(raw, "cell", np.append(listed.cells, NONE_YET).astype(np.int64), weeks),
        departments=_table(raw, "department", departments, weeks),
        categories=_table(raw, "category", categories, weeks),
        sources=_table(raw, "source", _codes((), listed.sources), 0),
        trend=_trend(raw.past, plan, zone),
        trend_step_s=plan.trend_step_s,
        sparks=_sparks(raw.days, plan),
        steps=_ladder(raw.ladder),
        newest=0,
        version="",
    )


def cell_table(found: Columns, listed: npt.NDArray[np.int32]) -> pd.DataFrame:
    """TALLY and QUANTILES by cell, every listed one and what belongs to none."""
    keys = found["key"].astype(np.int64)
    rows = _with_strangers(np.append(listed, NONE_YET).astype(np.int64), [(keys, found)])
    table = _placed(rows, keys, {name: found[name] for name in TALLY}, 0.0)
    table |= _placed(rows, keys, {name: found[name] for name in QUANTILES}, np.nan)
    return _frame(table, pd.Index(rows, name="cell"))


def copied(numbers: Numbers) -> Numbers:
    """Give the same numbers in frames that may be changed without changing these."""
    tables: dict[str, Any] = {
        field.name: value.copy(deep=False)
        for field in fields(numbers)
        if isinstance(value := getattr(numbers, field.name), pd.DataFrame | pd.Series)
    }
    return replace(numbers, **tables)


def held(table: pd.DataFrame | pd.Series) -> int:
    """Bytes a table holds, about."""
    return 1_000 + 8 * table.size


def weight(numbers: Numbers) -> int:
    """Bytes the tables of an answer hold, about."""
    tables = (getattr(numbers, field.name) for field in fields(numbers))
    return sum(held(table) for table in tables if isinstance(table, pd.DataFrame | pd.Series))


def _codes(asked: Sequence[int], count: int) -> Ints:
    """Rows of a code list to show: those asked for, or all."""
    return np.array(sorted(set(asked)) if asked else range(count), dtype=np.int64)


def _part(results: Columns, kinds: Mapping[str, int], by: str) -> tuple[Ints, Columns]:
    """Keys and columns of one grouping set."""
    rows = results["kind"] == kinds[by]
    return results["key"][rows].astype(np.int64), {n: v[rows] for n, v in results.items()}


def _table(raw: Raw, by: str, wanted: Ints, weeks: int) -> pd.DataFrame:
    """TALLY by one dimension, with backlog, quantiles and norm where it has them."""
    parts: list[tuple[tuple[Ints, Columns], tuple[str, ...], float]]
    parts = [(_part(raw.tally, TALLY_KINDS, by), TALLY, 0.0)]
    if by in SPREAD_KINDS:
        parts.append((_part(raw.spread, SPREAD_KINDS, by), QUANTILES, np.nan))
    if by in PAST_KINDS:
        held = BACKLOG if by == "department" else ()
        parts.append((_part(raw.past, PAST_KINDS, by), ("norm_n", *held), 0.0))
    rows = _with_strangers(wanted, [part for part, _, _ in parts])
    table: Columns = {}
    for (keys, values), names, missing in parts:
        table |= _placed(rows, keys, {name: values[name] for name in names}, missing)
    if (norm := table.pop("norm_n", None)) is not None:
        table["norm"] = norm / weeks if weeks >= ENOUGH_WEEKS else np.full(len(rows), np.nan)
    return _frame(table, pd.Index(rows, name=by))


def _with_strangers(wanted: Ints, parts: Sequence[tuple[Ints, Columns]]) -> Ints:
    """Add keys outside the list (no department yet) that have something to show."""
    shown = ("reported", "voided", "duplicates", "norm_n", *BACKLOG)
    seen = [
        keys[np.any([values[n] > 0 for n in shown if n in values], axis=0)]
        for keys, values in parts
        if any(name in values for name in shown)
    ]
    return np.append(wanted, np.setdiff1d(np.concatenate(seen), wanted))


def _placed(rows: Ints, keys: Ints, values: Columns, missing: float) -> Columns:
    """Columns by key put in the order of the rows."""
    order = np.argsort(rows, kind="stable")
    places = np.searchsorted(rows, keys, sorter=order)
    known = places < len(rows)
    known[known] = rows[order[places[known]]] == keys[known]
    targets = order[places[known]]
    placed = {}
    for name, column in values.items():
        placed[name] = np.full(len(rows), missing)
        placed[name][targets] = column[known]
    return placed


def _frame(table: Columns, index: pd.Index) -> pd.DataFrame:
    """Make a frame; counts are whole numbers."""
    return pd.DataFrame(
        {
            # What is missing is nothing; `nan_to_num` would look for infinite ones as well.
            name: np.where(np.isnan(values), 0, values).astype(np.int64)
            if name in WHOLE
            else values
            for name, values in table.items()
        },
        index=index,
    )


def _total(raw: Raw) -> pd.Series:
    _, tally = _part(raw.tally, TALLY_KINDS, "all")
    _, spread = _part(raw.spread, SPREAD_KINDS, "all")
    return _row(tally | spread, _backlog(raw.past, BACKLOG))


def _previous(raw: Raw) -> pd.Series | None:
    if raw.before is None:
        return None
    return _row(raw.before, _backlog(raw.past, ("open_then", "late_then")))


def _backlog(past: Columns, names: Sequence[str]) -> list[float]:
    _, values = _part(past, PAST_KINDS, "department")
    return [float(values[name].sum()) for name in names]


def _row(values: Columns, backlog: list[float]) -> pd.Series:
    counts = [float(np.nan_to_num(values[name][0])) for name in TALLY]  # null where nothing is
    spreads = [float(values[name][0]) for name in QUANTILES]
    return pd.Series([*counts, *backlog, *spreads], index=[*TALLY, *BACKLOG, *QUANTILES])


def _norm(past: Columns, weeks: int) -> Floats:
    """Cases in each of the earlier windows."""
    keys, values = _part(past, PAST_KINDS, "earlier")
    counts = np.zeros(weeks)
    counts[keys[keys >= 0]] = values["n"][keys >= 0]
    return counts


def _quantile(counts: Floats, share: float) -> float:
    return float(np.quantile(counts, share)) if len(counts) >= ENOUGH_WEEKS else np.nan


def _trend(past: Columns, plan: Plan, zone: ZoneInfo) -> pd.DataFrame:
    """Cases by step of the local clock, each with the band of the same step in earlier weeks."""
    keys, values = _part(past, PAST_KINDS, "quarter")
    step, week = plan.trend_step_s, steps_a_week(plan.trend_step_s)
    ends = np.array([plan.trend.start, max(plan.trend.end - 1, plan.trend.start), plan.first])
    shown, last, first = (int(wall) for wall in wall_seconds(ends, zone) // step)
    origin = shown - NORM_WEEKS * week
    places = wall_seconds(keys * QUARTER, zone) // step - origin
    inside = (keys >= 0) & (places >= 0) & (places <= last - origin)
    counts = np.zeros(last - origin + 1)
    np.add.at(counts, places[inside], values["n"][inside])
    numbers = np.arange(shown, last + 1)
    # The step in which the data begin is only partly known and does not count.
    low, high = _band(counts, numbers - origin, first + 1 - origin, week)
    return pd.DataFrame(
        {
            "at": from_wall(numbers * step, zone),
            "reported": counts[numbers - origin].astype(np.int64),
            "low": low,
            "high": high,
        }
    )


def _band(counts: Floats, places: Ints, known: int, week: int) -> tuple[Floats, Floats]:
    """Give the 10–90 % band over earlier weeks; steps before `known` do not count."""
    back = places[:, None] - week * np.arange(1, NORM_WEEKS + 1)
    weeks = (back >= known).sum(axis=1)
    low, high = np.full((2, len(places)), np.nan)
    for count in np.unique(weeks[weeks >= ENOUGH_WEEKS]):
        rows = weeks == count  # the nearest weeks are the known ones
        low[rows], high[rows] = np.quantile(counts[back[rows, :count]], BAND, axis=1)
    return low, high


def _sparks(days: Columns, plan: Plan) -> pd.DataFrame:
    rows = np.arange(len(plan.days) - 1)
    keys = days["day"].astype(np.int64)
    table = _placed(rows, keys, {name: days[name] for name in TALLY}, 0.0)
    table |= _placed(rows, keys, {name: days[name] for name in QUANTILES}, np.nan)
    return _frame(table, pd.Index(plan.days[:-1], name="day"))


def _ladder(row: Columns) -> pd.DataFrame:
    numbers = range(len(STEPS))
    return pd.DataFrame(
        {
            "from_stage": [before for before, _ in STEPS],
            "to_stage": [after for _, after in STEPS],
            "n": [int(row[f"n_{number}"][0]) for number in numbers],
            "median_min": [float(row[f"median_{number}"][0]) for number in numbers],
            "p90_min": [float(row[f"p90_{number}"][0]) for number in numbers],
        }
    )
