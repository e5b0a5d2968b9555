"""What `python -m geodata snapshots`, `token` and `audit` do."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from geodata.model.errors import AuditError
from geodata.store import audit, tokens
from geodata.store.prune import KEEP, prune
from geodata.store.snapshots import live_id, open_snapshot, snapshot_ids
from geodata.store.writer import switch

DataDir = Annotated[
    Path, typer.Option(envvar="YIPING_DATA_DIR", help="Where published cities are kept.")
]
DATA_DIR: Final = Path("data")


def add(app: typer.Typer) -> None:
    """Add the commands to the others."""
    of_tokens = typer.Typer(help="Access tokens for feeds and walls.", no_args_is_help=True)
    for name, command in (("make", _make), ("list", _list), ("revoke", _revoke)):
        of_tokens.command(name)(command)
    app.add_typer(of_tokens, name="token")
    of_snapshots = typer.Typer(invoke_without_command=True)
    of_snapshots.callback()(_snapshots)
    of_snapshots.command("use")(_use)
    of_snapshots.command("prune")(_prune)
    app.add_typer(of_snapshots, name="snapshots")
    of_audit = typer.Typer(help="Who did or saw what.", no_args_is_help=True)
    of_audit.callback()(_audits)
    of_audit.command("verify")(_verify)
    app.add_typer(of_audit, name="audit")


def many(count: int, thing: str) -> str:
    """A count of things in words: 1 row, 2,000 rows."""
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def _snapshots(context: typer.Context, data_dir: DataDir = DATA_DIR) -> None:
    """List the published snapshots; * is live."""
    if context.invoked_subcommand is not None:
        return
    live = live_id(data_dir)
    for snapshot in snapshot_ids(data_dir):
        meta = open_snapshot(data_dir, snapshot).meta
        built = time.strftime("%Y-%m-%d %H:%M", time.localtime(meta["built"]))
        cases = many(meta["counts"]["incidents"], "incident")
        mark = "*" if snapshot == live else " "
        Console().print(f"{mark} {snapshot}  {built}  {cases}")


def _use(snapshot: str, data_dir: DataDir = DATA_DIR) -> None:
    """Put an earlier snapshot back: it is live from then on."""
    open_snapshot(data_dir, snapshot)  # refuses what is not there or cannot be read
    switch(data_dir, snapshot)
    Console().print(f"{snapshot} is live", markup=False)


def _prune(
    keep: Annotated[int, typer.Option(min=0, help="How many of the last ones stay.")] = KEEP,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Remove old snapshots, never the live one or one that was live within the hour."""
    for snapshot in prune(data_dir, keep):
        Console().print(f"removed {snapshot}", markup=False)


def _make(
    name: str,
    right: Annotated[
        list[str] | None,
        typer.Option(
            help="view (if none is given), ingest, decide, unmask, plan (to draft grids), "
            "approve (drafts, with plan), wall (to direct it) or screen (to be one and nothing "
            "else); may be repeated."
        ),
    ] = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Make a token and show its secret this once."""
    secret = tokens.make(data_dir, name, right or [tokens.VIEW])
    Console().print("keep it now, it is not shown again:")
    sys.stdout.write(f"{secret}\n")


def _list(data_dir: DataDir = DATA_DIR) -> None:
    """List the tokens by name."""
    for token in tokens.read(data_dir):
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(token.made))
        Console().print(f"{token.name}  {made}  {', '.join(token.rights)}", markup=False)


def _revoke(name: str, data_dir: DataDir = DATA_DIR) -> None:
    """Refuse a token from now on."""
    tokens.revoke(data_dir, name)
    Console().print(f"revoked {name}", markup=False)


def _audits() -> None:
    """Who did or saw what, in rows that are sealed one with the other."""


def _verify(data_dir: DataDir = DATA_DIR) -> None:
    """Follow the seals of every row; the first that does not hold is named, with exit code 2."""
    checked = audit.verify(data_dir)
    if checked.bad:
        raise AuditError(checked.bad)
    Console().print(f"{many(checked.rows, 'row')}, as they were written")
