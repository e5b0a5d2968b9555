"""Single cases out of the published history and the journal together, as they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.engine.files import covering
from geodata.model.overlay import Overlay
from geodata.model.schemas import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.journal.cases import Cases
    from geodata.store.snapshots import City

    Columns = dict[str, npt.NDArray[Any]]

_MOMENTS: Final = tuple(name for name in MOMENTS if name != "due_original")
SHOWN: Final = (
    "id", "key", "source", "site", "lon", "lat", "category", "matter", "department",
    "duplicate_of", *_MOMENTS,
)  # fmt: skip
ENDED: Final = "(coalesce(closed, 0) BETWEEN 1 AND $now OR coalesce(voided, 0) BETWEEN 1 AND $now)"
# The journal's word on a case replaces the published row of the same id.
NEWEST: Final = f"""
    WITH published AS (
        SELECT {", ".join(SHOWN)} FROM read_parquet($files)
        WHERE reported >= $start AND reported < $end AND reported <= $now
            AND id NOT IN (SELECT id FROM gone)
        UNION ALL SELECT {", ".join(SHOWN)} FROM settled
        WHERE reported >= $start AND reported < $end AND reported <= $now
            AND id NOT IN (SELECT id FROM touched)
    ), live_now AS (
        SELECT {", ".join(SHOWN)} FROM live
        WHERE reported >= $start AND reported < $end AND reported <= $now
    )
    SELECT * FROM (SELECT * FROM published UNION ALL SELECT * FROM live_now)
    WHERE ($every OR list_contains($matters::INTEGER[], matter::INTEGER)
            OR (matter < 0 AND list_contains($categories::INTEGER[], category::INTEGER)))
        AND (($open AND NOT {ENDED}) OR ($closed AND {ENDED}))
    ORDER BY reported DESC, id DESC LIMIT $most
"""  # noqa: S608 - constants only
ANY_FILE: Final = 1  # of no row: the statement wants the columns of at least one


@dataclass(frozen=True)
class Wanted:
    """Which cases: reported from `start` to `end` (half-open), of some kinds, open or closed.

    matters, categories: rows of the lists; a category stands for its cases without a matter.
    None for both = every kind.
    """

    start: int
    end: int
    most: int
    matters: tuple[int, ...] | None = None
    categories: tuple[int, ...] | None = None
    open: bool = True
    closed: bool = True


@dataclass(frozen=True)
class Listing:
    """Lists cases of one city; moments are epoch seconds, 0 = none or not yet."""

    city: City
    cases: Cases

    def newest(self, wanted: Wanted, now: int) -> pd.DataFrame:
        """Cases that fit, the newest first."""
        files = covering(self.city.incident_files(), (wanted.start, wanted.end))
        kinds = wanted.matters is not None or wanted.categories is not None
        live = self.cases.overlay() or Overlay("", self.cases.columns())
        settled = live.settled.months if live.settled is not None else ()
        months = covering(settled, (wanted.start, wanted.end))
        some = [str(path) for path in self.city.incident_files()[:ANY_FILE]]
        values = {
            "files": files or some,
            "start": wanted.start,
            "end": wanted.end,
            "now": now,
            "every": not kinds,
            "matters": list(wanted.matters or ()),
            "categories": list(wanted.categories or ()),
            "open": wanted.open,
            "closed": wanted.closed,
            "most": wanted.most,
        }
        with duckdb.connect() as database:
            if months:
                database.read_parquet(months).create_view("settled")
            else:
                database.register("settled", pa.table(_NONE))
            database.register("live", _arrow(live.columns))
            database.register("gone", pa.table({"id": live.replaced()}))
            database.register("touched", pa.table({"id": live.touched}))
            found = database.execute(NEWEST, values).df()
        return _as_of(found, now)

    def numbered(self, numbers: Sequence[tuple[int, str]], now: int) -> pd.DataFrame:
        """Cases by row of their channel and number, in this order; unknown ones are left out."""
        _, rows = self.cases.base.find(
            [source for source, _ in numbers], [key for _, key in numbers]
        )
        found: dict[tuple[int, str], dict[str, Any]] = {}
        channels = self.city.sources["key"].tolist()
        cases = [(channels[source], key) for source, key in numbers if source < len(channels)]
        for columns in (rows, self.cases.of(cases)):
            found |= _by_number(columns, set(numbers))
        chosen = [found[number] for number in dict.fromkeys(numbers) if number in found]
        frame = pd.DataFrame(chosen, columns=list(SHOWN))
        return _as_of(frame[frame["reported"].to_numpy() <= now], now)


def _by_number(
    columns: Columns, wanted: set[tuple[int, str]]
) -> dict[tuple[int, str], dict[str, Any]]:
    if not columns:
        return {}
    mine = np.isin(columns["key"].astype(str), [key for _, key in wanted])
    picked = {name: columns[name][mine].tolist() for name in SHOWN}
    rows = [dict(zip(SHOWN, values, strict=True)) for values in zip(*picked.values(), strict=True)]
    return {
        (row["source"], row["key"]): row for row in rows if (row["source"], row["key"]) in wanted
    }


def _arrow(columns: Columns) -> pa.Table:
    return pa.table(
        {name: pa.array(columns[name]) for name in SHOWN} if len(columns["id"]) else _NONE
    )


_NONE: Final = {
    name: pa.array([], type=pa.string() if name == "key" else pa.int64()) for name in SHOWN
}


def _as_of(frame: pd.DataFrame, now: int) -> pd.DataFrame:
    """A stage later than now has not happened."""
    for name in _MOMENTS:
        moment = frame[name].fillna(0).astype("int64")
        frame[name] = moment if name == "due" else moment.where(moment <= now, 0)
    return frame
