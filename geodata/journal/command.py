"""What `python -m geodata journal` does."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads it at run time)
from typing import Annotated

import typer
from rich.console import Console

from geodata.journal.journal import existing
from geodata.store.command import DATA_DIR, DataDir


def add(app: typer.Typer) -> None:
    """Add the commands to the others."""
    commands = typer.Typer(help="The journal of live events.", no_args_is_help=True)
    commands.command("backup")(_backup)
    commands.command("check")(_check)
    app.add_typer(commands, name="journal")


def _backup(
    out: Annotated[
        Path | None, typer.Option(help="File to write; one in journal/backups if not given.")
    ] = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Copy the journal as it stands, while it is written on."""
    Console().print(str(existing(data_dir).backup(out)), markup=False, soft_wrap=True)


def _check(data_dir: DataDir = DATA_DIR) -> None:
    """Read every event once; what is not as it was written is an error."""
    count = existing(data_dir).check()
    events = "event" if count == 1 else "events"
    Console().print(f"{count:,} {events}, as they were written")
