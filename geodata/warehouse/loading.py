"""A published city written into the warehouse: all of it in one transaction, and only once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from geodata.warehouse.errors import told
from geodata.warehouse.tables import (
    CREATE,
    INDEX,
    PREFIX,
    copy,
    named,
    opened,
    parsed,
    schema_of,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import psycopg

    Progress = Callable[[str, float], None]
    Layers = Iterable[tuple[str, npt.NDArray[np.int32]]]

LOADING: Final = "warehouse"
LOCK: Final = 7_051_872  # of the advisory lock under which one writer at a time loads
MONTH_LENGTH: Final = len("2026-11")
NOWHERE: Final = -1
INDEXED: Final = 0.8  # of the way, the rows are there and the indexes are not


class Months(Protocol):
    """What is loaded of a city."""

    @property
    def id(self) -> str:
        """Snapshot id."""

    def incident_files(self) -> list[Path]:
        """Parquet files of INCIDENTS, by month or day."""


def load(city: Months, layers: Layers, url: str, progress: Progress = lambda _, __: None) -> bool:
    """Write a city's months and look-ups; False = they were there.

    A city is there whole or not at all: whoever asks meanwhile does not see it. Days that a feed
    still writes are not loaded; see `session`.

    Args:
        city: whose months are written.
        layers: by name, the cell of every site; −1 = none.
        url: of the warehouse.
        progress: told how far it is.

    Raises:
        WarehouseError: nothing was written.
    """
    where = parsed(url)
    engine = opened(where, city.id)
    try:
        with told(named(where)), engine.begin() as database:
            database.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            if there(database, city.id):
                return False
            _written(database, city, layers, progress)
        return True
    finally:
        engine.dispose()


def there(database: sa.Connection, snapshot: str) -> bool:
    """Whether the warehouse has a snapshot, whole."""
    wanted = sa.text("SELECT to_regnamespace(:name) IS NOT NULL")
    return bool(database.scalar(wanted, {"name": f'"{schema_of(snapshot)}"'}))


def forget(url: str, city: str, keep: Sequence[str]) -> list[str]:
    """Remove the snapshots of a city that are not to be kept; returns their names.

    Args:
        url: of the warehouse.
        city: key of its profile, with which the names of its snapshots begin.
        keep: names of snapshots that stay.

    Raises:
        WarehouseError: the server refuses; nothing was removed.
    """
    where, kept = parsed(url), {schema_of(snapshot) for snapshot in keep}
    engine = opened(where, city)
    try:
        with told(named(where)), engine.begin() as database:
            listed = sa.text("SELECT nspname FROM pg_namespace WHERE nspname ~ :pattern")
            pattern = f"^{PREFIX}{re.escape(city)}-[0-9a-f]+$"
            found = database.scalars(listed, {"pattern": pattern}).all()
            gone = sorted(str(name) for name in found if name not in kept)
            for name in gone:
                database.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
        return [name.removeprefix(PREFIX) for name in gone]
    finally:
        engine.dispose()


def _written(database: sa.Connection, city: Months, layers: Layers, progress: Progress) -> None:
    database.exec_driver_sql(f'CREATE SCHEMA "{schema_of(city.id)}"')
    for statement in CREATE:
        database.exec_driver_sql(statement)
    driver: Any = database.connection.driver_connection
    _months(driver, city, progress)
    for name, cells in layers:
        copy(driver, "cells", _cells(name, cells))
    for number, statement in enumerate(INDEX):
        progress(LOADING, INDEXED + (1 - INDEXED) * number / len(INDEX))
        database.exec_driver_sql(statement)
    progress(LOADING, 1.0)


def _months(driver: psycopg.Connection, city: Months, progress: Progress) -> None:
    months = [path for path in city.incident_files() if len(path.stem) == MONTH_LENGTH]
    for number, path in enumerate(months):
        copy(driver, "published", whole(pq.read_table(path)))
        progress(LOADING, INDEXED * (number + 1) / len(months))


def _cells(name: str, cells: npt.NDArray[np.int32]) -> pa.Table:
    sites = np.flatnonzero(cells != NOWHERE).astype(np.int32)
    layer = pa.array([name] * len(sites), pa.string())
    return pa.table({"layer": layer, "site": sites, "cell": cells[sites]})
