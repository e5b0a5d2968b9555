"""What `python -m geodata backup` and `restore` do."""

from __future__ import annotations

import os
from pathlib import Path  # noqa: TC003 (typer reads it at run time)
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from geodata.backup import KEEP, make, restore
from geodata.backup.layout import read
from geodata.store.command import DATA_DIR, DataDir

if TYPE_CHECKING:
    from geodata.backup.restoring import Restored

CALM: Final = 10  # the server beside it goes first


def add(app: typer.Typer) -> None:
    """Add the two commands to the others."""
    app.command("backup")(_backup)
    app.command("restore")(_restore)


def _backup(
    to: Annotated[
        Path, typer.Option(envvar="YIPING_BACKUP", help="Folder of the backups, on another disk.")
    ],
    keep: Annotated[int, typer.Option(min=1, help="How many of the last ones stay.")] = KEEP,
    journal: Annotated[
        str, typer.Option(envvar="YIPING_JOURNAL", help="URL, where a database keeps the events.")
    ] = "",
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Copy journal, city, tokens, alerts, corrections and audit, also while the server runs."""
    os.nice(CALM)
    folder = make(data_dir, to, keep, journal)
    made = read(folder)
    _say(f"{folder}: {_what(made.snapshot, made.events)}")
    if made.elsewhere:
        _say(f"events are kept by {made.elsewhere}: back them up with pg_dump")


def _restore(
    source: Annotated[
        Path, typer.Argument(help="Dated folder of a backup, or a copy of a journal.")
    ],
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Check a backup and put it back, while no server runs; what was there is set aside."""
    _told(restore(source, data_dir))


def _told(restored: Restored) -> None:
    _say(f"put back: {_what(restored.snapshot, restored.events)}")
    if restored.aside:
        _say(f"what was there lies in {restored.aside}")


def _what(snapshot: str, events: int) -> str:
    return f"{snapshot or 'no city'}, {events:,} event{'' if events == 1 else 's'}"


def _say(line: str) -> None:
    Console().print(line, markup=False, soft_wrap=True)
