"""The tables of one published city in PostgreSQL: a schema of their own, named by the snapshot."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import csv
from sqlalchemy import exc

from geodata.model.schemas import DEADLINES, INCIDENTS, MOMENTS
from geodata.warehouse.errors import WarehouseError

if TYPE_CHECKING:
    import psycopg

FORMAT: Final = 3  # of the tables; of another program's they are not asked
PREFIX: Final = f"yiping_{FORMAT}_"
LONGEST: Final = 63  # bytes of a name in PostgreSQL
TYPES: Final = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "int16": "SMALLINT",
    "int8": "SMALLINT",
    "UInt32": "BIGINT",
    "float32": "REAL",
    "string": "TEXT",
}
COLUMNS: Final = ", ".join(f"{name} {TYPES[kind]}" for name, kind in INCIDENTS.items())
HAPPENED: Final = tuple(m for m in MOMENTS if m not in {"occurred", *DEADLINES})
LAST: Final = f"greatest({', '.join(HAPPENED)})"  # the newest moment of a case
CREATE: Final = (
    f"CREATE TABLE published ({COLUMNS})",
    "CREATE TABLE cells (layer TEXT, site INTEGER, cell INTEGER)",
)
INDEX: Final = (
    "CREATE INDEX ON published (reported)",
    "CREATE INDEX ON published (site, reported)",
    "CREATE INDEX ON published (source, reported)",
    f"CREATE INDEX ON published (({LAST}))",
    "CREATE INDEX ON cells (layer, site)",
    "ANALYZE published",
    "ANALYZE cells",
)
ARROW: Final = pa.schema([(n, pa.type_for_alias(kind.lower())) for n, kind in INCIDENTS.items()])
PLAIN: Final = csv.WriteOptions(include_header=False)
# Machine code made for one question costs more than it saves; sorts stay in memory.
OPTIONS: Final = "-c jit=off -c work_mem=64MB -c TimeZone=UTC"


def schema_of(snapshot: str) -> str:
    """Name of the schema of a snapshot; the end of its name is unlike any other's."""
    return f"{PREFIX}{snapshot[len(PREFIX) - LONGEST :]}"


def opened(url: sa.URL, snapshot: str) -> sa.Engine:
    """Connections that find the tables of a snapshot by their plain names.

    Raises:
        WarehouseError: the driver it names is not installed.
    """
    given = {
        "options": f'{OPTIONS} -c search_path="{schema_of(snapshot)}"',
        "connect_timeout": 5,
        "prepare_threshold": None,  # a plan made for any values is a bad one
    }
    try:
        return sa.create_engine(url, connect_args=given, pool_pre_ping=True)
    except (exc.ArgumentError, exc.NoSuchModuleError, ImportError) as error:
        msg = f"{named(url)}: cannot be opened ({error}); mend its URL"
        raise WarehouseError(msg) from error


def parsed(written: str) -> sa.URL:
    """Understand a URL.

    Raises:
        WarehouseError: it is none of a PostgreSQL.
    """
    try:
        url = sa.make_url(written)
    except exc.ArgumentError as error:
        # It may hold a password: what was written is not repeated.
        msg = "the warehouse's URL is none; write it like postgresql+psycopg://user@host/database"
        raise WarehouseError(msg) from error
    if url.get_backend_name() != "postgresql":
        msg = f"{named(url)}: is no PostgreSQL; write postgresql+psycopg://user@host/database"
        raise WarehouseError(msg)
    return url


def named(url: sa.URL) -> str:
    """What a warehouse is called in messages."""
    return url.render_as_string(hide_password=True)


def whole(rows: pa.Table) -> pa.Table:
    """The rows with every column: files of an older snapshot do not have the newest ones."""
    for name in ARROW.names:
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(len(rows), ARROW.field(name).type))
    return rows.select(ARROW.names).cast(ARROW)


def copy(driver: psycopg.Connection, table: str, rows: pa.Table) -> None:
    """Write rows into a table, as many as there are, the fast way."""
    names = ", ".join(rows.column_names)
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copying,
    ):
        for batch in rows.to_batches(max_chunksize=50_000):
            written = BytesIO()
            csv.write_csv(batch, written, PLAIN)
            copying.write(written.getbuffer())
