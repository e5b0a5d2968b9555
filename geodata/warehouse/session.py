"""Questions to the warehouse: the published cases, with what arrived since on top.

What arrived lies in a temporary table of every connection: nobody else sees it, it goes with the
connection, and as only differences are written to it, it is soon what it should be.
"""

from __future__ import annotations

import threading
import time
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.model.overlay import Overlay
from geodata.model.schemas import INCIDENTS
from geodata.warehouse.errors import told
from geodata.warehouse.loading import there
from geodata.warehouse.tables import COLUMNS, copy, named, opened, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    import sqlalchemy as sa

LOOK_AGAIN_S: Final = 2.0  # whether a snapshot has been loaded meanwhile
ARRIVED: Final = "arrived"  # in what SQLAlchemy keeps beside a connection
MANY: Final = 1_000  # rows; so many are worth new statistics
# The table that the statements ask.
ALONE: Final = "CREATE OR REPLACE TEMP VIEW incidents AS SELECT * FROM published"
LAYERED: Final = f"""
    {ALONE}
    WHERE NOT EXISTS (SELECT 1 FROM arrived WHERE arrived.id = published.id)
    UNION ALL SELECT * FROM arrived
"""  # noqa: S608 - constants only
NOTHING: Final = Overlay(
    "",
    {
        name: np.empty(0, object if kind == "string" else kind.lower())
        for name, kind in INCIDENTS.items()
    },
)


@dataclass(frozen=True)
class Rows:
    """What a statement gave."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[Any]]

    def columns(self) -> dict[str, npt.NDArray[np.float64]]:
        """Numbers by column; what is null becomes NaN."""
        table = np.array([tuple(row) for row in self.rows], dtype=np.float64)
        return dict(zip(self.names, table.reshape(-1, len(self.names)).T, strict=True))

    def frame(self) -> pd.DataFrame:
        """Cases, in the types that files have; moments of which some are null can say so.

        Columns that are none of a case are as the database gives them.
        """
        found = pd.DataFrame([tuple(row) for row in self.rows], columns=list(self.names))
        known = [name for name in self.names if name in INCIDENTS]
        return found.astype({name: _kind(found[name], INCIDENTS[name]) for name in known})


def _kind(column: pd.Series, kind: str) -> str:
    if kind == "string":
        return "str"
    return kind if column.isna().any() else kind.lower()


class Warehouse:
    """One published city in a warehouse; safe to share between threads."""

    def __init__(self, url: str, snapshot: str) -> None:
        """Take the URL of a PostgreSQL and the snapshot to ask about; nothing is opened yet.

        Raises:
            WarehouseError: the URL is none of a PostgreSQL.
        """
        where = parsed(url)
        self.name: Final = named(where)
        self._snapshot = snapshot
        self._engine = opened(where, snapshot)
        weakref.finalize(self, self._engine.dispose)
        self._loaded = False
        self._looked = float("-inf")
        self._looking = threading.Lock()

    def loaded(self) -> bool:
        """Whether the snapshot is there; looked at now and then until it is.

        Raises:
            WarehouseError: the server cannot be asked.
        """
        with self._looking:
            if not self._loaded and time.monotonic() - self._looked >= LOOK_AGAIN_S:
                self._looked = time.monotonic()
                with told(self.name), self._engine.connect() as database:
                    self._loaded = there(database, self._snapshot)
            return self._loaded

    def ask(self, text: str, values: Mapping[str, Any], arrived: Overlay | None = None) -> Rows:
        """Run one statement that reads, `arrived` on top of the published cases.

        Raises:
            WarehouseError: it could not be run.
        """
        with self._opened(arrived) as database:
            found = database.exec_driver_sql(text, dict(values))
            return Rows(tuple(found.keys()), found.fetchall())

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()

    @contextmanager
    def _opened(self, arrived: Overlay | None) -> Iterator[sa.Connection]:
        with told(self.name), self._engine.connect() as database:
            if ARRIVED not in database.info:
                with database.begin():
                    database.exec_driver_sql(f"CREATE TEMP TABLE arrived ({COLUMNS})")
                    database.exec_driver_sql(ALONE)
                database.info[ARRIVED] = NOTHING
            known: Overlay = database.info[ARRIVED]
            wanted = NOTHING if arrived is None else arrived
            if known.version != wanted.version:
                with database.begin():  # a failure leaves the connection as it was
                    _change(database, known, wanted)
                database.info[ARRIVED] = wanted
            yield database


def _change(database: sa.Connection, known: Overlay, wanted: Overlay) -> None:
    """Make the temporary table what it should be by the rows that differ."""
    gone, new = differences(known, wanted)
    if len(gone):
        database.exec_driver_sql(
            "DELETE FROM arrived WHERE id = ANY(%(gone)s)", {"gone": gone.tolist()}
        )
    if len(new):
        driver: Any = database.connection.driver_connection
        copy(driver, "arrived", wanted.table().take(new))
    if max(len(gone), len(new)) > MANY:
        database.exec_driver_sql("ANALYZE arrived")
    if (len(known) > 0) != (len(wanted) > 0):
        database.exec_driver_sql(LAYERED if len(wanted) else ALONE)


def differences(
    known: Overlay, wanted: Overlay
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
    """Ids to remove from what is known, and rows of what is wanted to write in their place."""
    old, new = known.columns["id"], wanted.columns["id"]
    order = np.argsort(old, kind="stable")
    places = np.searchsorted(old, new, sorter=order)
    there_too = places < len(old)
    there_too[there_too] = old[order[places[there_too]]] == new[there_too]
    rows = np.flatnonzero(there_too)
    before = order[places[rows]]
    same = np.ones(len(rows), np.bool_)
    for name, column in wanted.columns.items():
        mine, theirs = column[rows], known.columns[name][before]
        same &= (mine == theirs) | ((mine != mine) & (theirs != theirs))  # noqa: PLR0124 (NaN)
    kept = rows[same]
    write = np.setdiff1d(np.arange(len(new)), kept)
    return np.setdiff1d(old, new[kept]), write
