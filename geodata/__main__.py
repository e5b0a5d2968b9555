"""Command line: `python -m geodata import | demo | check | snapshots | token`."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from datetime import datetime  # noqa: TC003 (typer reads it at run time)
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from geodata.ingest import draft_from_profile
from geodata.model.errors import SnapshotError, YipingError
from geodata.publish import publish
from geodata.publish.steps import MAKING, PUBLISHING, READING, staged
from geodata.store import tokens
from geodata.store.prune import KEEP, prune
from geodata.store.snapshots import live_id, open_city, open_snapshot, snapshot_ids
from geodata.store.writer import damage

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from geodata.model import draft as drafts

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
token_app = typer.Typer(help="Access tokens for feeds and walls.", no_args_is_help=True)
app.add_typer(token_app, name="token")
snapshot_app = typer.Typer(invoke_without_command=True)
app.add_typer(snapshot_app, name="snapshots")

DataDir = Annotated[
    Path, typer.Option(envvar="YIPING_DATA_DIR", help="Where published cities are kept.")
]
DATA_DIR = Path("data")
WRONG = 2
READ = 0.5  # share of the time of an import that goes by before it is published
console = Console()
complaints = Console(stderr=True)


@app.command("import")
def import_city(
    profile: Annotated[
        str, typer.Argument(help="A TOML file, or the name of a profile kept here.")
    ],
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Read a city from the files its profile names and publish it."""
    with _bar() as progress:
        read = staged(progress, READING, (0.0, READ))
        draft = draft_from_profile(_profile(profile), read)
        snapshot = publish(draft, data_dir, staged(progress, PUBLISHING, (READ, 1.0)))
    console.print(_summary(open_city(data_dir).findings))
    console.print(f"published {snapshot}")


@app.command()
def demo(
    scale: Annotated[str, typer.Option(help="district, nested or city.")] = "district",
    seed: Annotated[int, typer.Option(help="The same seed makes the same city.")] = 7,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Its history ends where this day begins; today if not given."
        ),
    ] = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Make up a city with two years of incidents and publish it."""
    # The generator is heavy and only wanted here.
    from geodata.demo.city import demo_draft  # noqa: PLC0415

    with _bar() as progress:
        made_of = staged(progress, MAKING)
        made, truth = demo_draft(scale, seed, until.date() if until else None, made_of)
        snapshot = publish(made, data_dir, made_of)
    truth.write(data_dir / "planted" / f"{snapshot}.json")
    console.print(f"published {snapshot}")


@app.command()
def check(data_dir: DataDir = DATA_DIR) -> None:
    """Compare every file of the live snapshot with what was published."""
    city = open_city(data_dir)
    if faults := damage(city.folder):
        raise SnapshotError("; ".join(faults) + "; publish the city again")
    console.print(f"{city.id}: {len(city.meta['files'])} files are as they were published")


@snapshot_app.callback()
def snapshots(context: typer.Context, data_dir: DataDir = DATA_DIR) -> None:
    """List the published snapshots; * is live."""
    if context.invoked_subcommand is not None:
        return
    live = live_id(data_dir)
    for snapshot in snapshot_ids(data_dir):
        meta = open_snapshot(data_dir, snapshot).meta
        built = time.strftime("%Y-%m-%d %H:%M", time.localtime(meta["built"]))
        mark = "*" if snapshot == live else " "
        console.print(f"{mark} {snapshot}  {built}  {meta['counts']['incidents']:,} incidents")


@snapshot_app.command("prune")
def snapshots_prune(
    keep: Annotated[int, typer.Option(min=0, help="How many of the last ones stay.")] = KEEP,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Remove old snapshots, never the live one or one that was live within the hour."""
    for snapshot in prune(data_dir, keep):
        console.print(f"removed {snapshot}", markup=False)


@token_app.command("make")
def token_make(name: str, data_dir: DataDir = DATA_DIR) -> None:
    """Make a token and show its secret this once."""
    secret = tokens.make(data_dir, name)
    console.print("keep it now, it is not shown again:")
    sys.stdout.write(f"{secret}\n")


@token_app.command("list")
def token_list(data_dir: DataDir = DATA_DIR) -> None:
    """List the tokens by name."""
    for token in tokens.read(data_dir):
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(token.made))
        console.print(f"{token.name}  {made}", markup=False)


@token_app.command("revoke")
def token_revoke(name: str, data_dir: DataDir = DATA_DIR) -> None:
    """Refuse a token from now on."""
    tokens.revoke(data_dir, name)
    console.print(f"revoked {name}", markup=False)


def _profile(name: str) -> Path:
    kept = Path(__file__).parent / "profiles" / f"{name}.toml"
    return kept if "/" not in name and kept.exists() else Path(name)


@contextmanager
def _bar() -> Iterator[drafts.Progress]:
    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    quiet = not complaints.is_terminal
    with Progress(*columns, console=complaints, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=1.0)

        def tell(step: str, share: float) -> None:
            bar.update(task, description=step, completed=share)

        yield tell


def _summary(findings: pd.DataFrame) -> Table:
    """Rows read, repaired and rejected, file by file."""
    table = Table("file", "read", "repaired", "rejected", "findings")
    counts = findings.pivot_table(
        index="file", columns="action", values="rows", aggfunc="sum", fill_value=0
    ).reindex(columns=["read", "repaired", "rejected"], fill_value=0)
    whole = findings[findings["reason"] == "read"].groupby("file")["rows"].sum()
    for file, row in counts.iterrows():
        mine = findings[(findings["file"] == file) & (findings["reason"] != "read")]
        reasons = mine.groupby("reason", sort=False)["rows"].sum()
        words = ", ".join(f"{reason} {rows:,}" for reason, rows in reasons.items())
        read = f"{whole.get(file, 0):,}"
        table.add_row(str(file), read, f"{row['repaired']:,}", f"{row['rejected']:,}", words)
    return table


def main() -> None:
    """Run a command; what the product refuses is one sentence and exit code 2."""
    try:
        app()
    except YipingError as error:
        complaints.print(f"error: {error}", markup=False, style="red", soft_wrap=True)
        raise SystemExit(WRONG) from error


if __name__ == "__main__":
    main()
