"""A PostgreSQL server of our own for tests that want a real one.

Use it with `from tests.postgres import postgres`, which gives the URL of an empty database.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER: Final = "postgres"  # it refuses to run as root
CALM: Final = "-c listen_addresses='' -c fsync=off"


def programs() -> Path | None:
    """The folder of the server's programs, the newest where there are several."""
    named = shutil.which("initdb")
    if named:
        return Path(named).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _owner() -> str | None:
    """Who may run it in place of root; None = ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return OWNER if OWNER in names else "nobody"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """Folder of the socket of a server that runs as long as the tests do."""
    bin_ = programs()
    if bin_ is None:
        pytest.fail("PostgreSQL is not installed here; run bash tests/install_postgres.sh")
    # A path of pytest's own would be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        home, owner = Path(name), _owner()
        if owner:
            shutil.chown(home, owner)
        data = home / "data"

        def run(*command: object) -> None:
            quiet = subprocess.DEVNULL
            subprocess.run(command, check=True, user=owner, cwd=home, stdout=quiet)  # noqa: S603

        control = (bin_ / "pg_ctl", "-D", data, "-w", "-l", home / "log")
        run(bin_ / "initdb", "-D", data, "-U", "tests", "-A", "trust")
        run(*control, "-o", f"{CALM} -k {home}", "start")
        try:
            yield home
        finally:
            run(*control, "-m", "immediate", "stop")


@pytest.fixture
def postgres(postgres_server: Path) -> str:
    """URL of a database with nothing in it."""
    server = f"postgresql+psycopg://tests@/postgres?host={postgres_server}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"trial_{secrets.token_hex(4)}"  # nobody of an earlier test is still in it
    with engine.connect() as database:
        database.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def warehouse(postgres_server: Path) -> str:
    """URL of a database for many cities, each under a name of its own."""
    return f"postgresql+psycopg://tests@/postgres?host={postgres_server}"
