"""Command line: `python -m geodata profile | import | report | demo | check | snapshots …`."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime  # noqa: TC003 (typer reads it at run time)
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from geodata.backup import command as backup
from geodata.bar import complaints, shown
from geodata.bench import command as bench
from geodata.brief import command as brief
from geodata.columns import damaged
from geodata.engine.twin import fill
from geodata.ingest import corrections
from geodata.journal import command as journal
from geodata.journal.compaction import compact as compact_journal
from geodata.journal.journal import Journal, existing
from geodata.journal.past import damaged as damaged_cases
from geodata.model.errors import SnapshotError, YipingError
from geodata.model.profile import read_profile
from geodata.publish import publish
from geodata.publish.imports import imported
from geodata.publish.steps import MAKING, staged
from geodata.report import summary, write
from geodata.scenarios.grounds import index_of
from geodata.scenarios.grounds import make as make_ground
from geodata.store import command as kept
from geodata.store import room
from geodata.store.command import DATA_DIR, DataDir, many
from geodata.store.snapshots import open_city, open_snapshot, snapshot_ids
from geodata.store.writer import damage
from geodata.warehouse import forget
from geodata.wizard import command as wizard

if TYPE_CHECKING:
    from geodata.store.snapshots import City

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

Url = Annotated[str, typer.Option(envvar="YIPING_WAREHOUSE", help="URL of a PostgreSQL.")]
Language = Literal["zh", "en"] | None
Lang = Annotated[Language, typer.Option(help="Of the report; that of the profile if not given.")]
WRONG = 2
GIVING_WAY = 19  # the most there is
console = Console()
kept.add(app)
bench.add(app)
backup.add(app)
brief.add(app)
journal.add(app)


@app.command("import")
def import_city(
    profile: Annotated[
        str, typer.Argument(help="A TOML file, or the name of a profile kept here.")
    ],
    data_dir: DataDir = DATA_DIR,
    lang: Lang = None,
    corrected: Annotated[
        list[Path] | None,
        typer.Option(help="A corrected sheet of the quarantine, or a folder of them."),
    ] = None,
) -> None:
    """Read a city from the files its profile names and publish it."""
    with shown() as progress:
        path = _profile(profile)
        if corrected:
            corrections.take_in(data_dir, read_profile(path).key, corrected)
        snapshot, sheets = imported(path, data_dir, data_dir, progress)
    _report(open_city(data_dir), data_dir, lang)
    for sheet in sheets:
        console.print(str(sheet), markup=False, soft_wrap=True)
    console.print(f"published {snapshot}")


@app.command()
def report(data_dir: DataDir = DATA_DIR, lang: Lang = None) -> None:
    """Say what the import of the live snapshot read, repaired and rejected, and write it down."""
    _report(open_city(data_dir), data_dir, lang)


@app.command("profile")
def draft_profile(
    folder: Annotated[Path, typer.Argument(help="Folder with the files of a city.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write; the city's name here if not given.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Draft a profile from a folder of files and say what a person must look at."""
    with shown() as progress:
        made = wizard.draft_folder(folder, progress)
    language = lang or made.city.language.value
    console.print(wizard.blocks(made, language))
    for line in wizard.asks(made, "", language):
        console.print(line, markup=False)
    path = wizard.write_draft(made, folder, out, language)
    for line in wizard.ending(made, path, language):
        console.print(line, markup=False, soft_wrap=True)


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

    with shown() as progress:
        made_of = staged(progress, MAKING)
        made, truth = demo_draft(scale, seed, until.date() if until else None, made_of)
        snapshot = publish(made, data_dir, made_of)
    truth.write(data_dir / "planted" / f"{snapshot}.json")
    console.print(f"published {snapshot}")


@app.command()
def check(data_dir: DataDir = DATA_DIR) -> None:
    """Compare every file of the live snapshot, and what was made from it, with what was written."""
    city = open_city(data_dir)
    if faults := damage(city.folder):
        raise SnapshotError("; ".join(faults) + "; publish the city again")
    if faults := [*damaged(city), *damaged_cases(city)]:
        raise SnapshotError("; ".join(faults))
    console.print(f"{city.id}: as it was published ({many(len(city.meta['files']), 'file')})")


@app.command()
def compact(
    data_dir: DataDir = DATA_DIR,
    journal: Annotated[
        str, typer.Option(envvar="YIPING_JOURNAL", help="URL of another journal than its own.")
    ] = "",
    *,
    snapshot: Annotated[
        str, typer.Option(help="Id of another city than the live one.", show_default=False)
    ] = "",
    gently: Annotated[bool, typer.Option("--gently", help="Give way to all else here.")] = False,
) -> None:
    """Put the cases of the journal into files, so that a server starts at once on little memory."""
    os.nice(GIVING_WAY if gently else 0)
    city = open_snapshot(data_dir, snapshot) if snapshot else open_city(data_dir)
    with closing(Journal(journal) if journal else existing(data_dir)) as events, shown() as bar:
        made = compact_journal(city, events, bar)
    console.print(f"{city.id}: compacted up to event {made.seq:,}", markup=False)


@app.command()
def ground(
    data_dir: DataDir = DATA_DIR,
    *,
    snapshot: Annotated[
        str, typer.Option(help="Id of another city than the live one.", show_default=False)
    ] = "",
    gently: Annotated[bool, typer.Option("--gently", help="Give way to all else here.")] = False,
) -> None:
    """Cut the land of the live city into what plans of its grids are made of."""
    os.nice(GIVING_WAY if gently else 0)
    city = open_snapshot(data_dir, snapshot) if snapshot else open_city(data_dir)
    with shown() as progress:
        folder = make_ground(city, progress)
    noted = index_of(folder)
    console.print(f"{city.id}: {many(len(noted['codes']), 'grid')} can be planned")


@app.command()
def warehouse(to: Url, data_dir: DataDir = DATA_DIR) -> None:
    """Load the live snapshot into a database for many servers, and remove those gone from here."""
    city = open_city(data_dir)
    with shown() as progress:
        new = fill(city, to, progress)
    gone = ", ".join(forget(to, city.profile.key, snapshot_ids(data_dir))) or "nothing"
    console.print(f"{city.id} {'is' if new else 'was'} loaded; removed: {gone}", markup=False)


@app.command()
def replay(  # noqa: PLR0913, PLR0917 (options of a command line)
    to: Annotated[str, typer.Option(help="Address of the server: http://127.0.0.1:8050")],
    token: Annotated[
        str, typer.Option(envvar="REPLAY_TOKEN", help="Made by `token make NAME --right ingest`.")
    ] = "",
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Local day; the last whole one if not given."),
    ] = None,
    hour: Annotated[float, typer.Option(min=0, max=24, help="When on that day to begin.")] = 0.0,
    hours: Annotated[float, typer.Option(min=0.01, max=240, help="How many to play.")] = 24.0,
    speed: Annotated[
        float, typer.Option(min=0, help="Times as fast as it was; 0 = as fast as it goes.")
    ] = 60.0,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Play a day of the live snapshot, or of a demo's feed, into a running server."""
    from geodata.replay import command  # noqa: PLC0415 (heavy, and only wanted here)

    city = open_city(data_dir)
    sender = command.Sender(to, token)
    start, end = command.window(city, day.date() if day else None, hour, hours)
    with shown() as progress:
        sent = command.run(city, (start, end), speed, sender, progress)
    console.print(command.ending(sent), markup=False, soft_wrap=True)


def _profile(name: str) -> Path:
    kept = Path(__file__).parent / "profiles" / f"{name}.toml"
    return kept if "/" not in name and kept.exists() else Path(name)


def _report(city: City, data_dir: Path, lang: Language) -> None:
    language = lang or city.profile.language
    console.print(summary(city.findings, city.profile, language))
    for path in write(city, data_dir, language):
        console.print(str(path), markup=False, soft_wrap=True)


def main() -> None:
    """Run a command; what the product refuses is one sentence and exit code 2."""
    try:
        app()
    except YipingError as error:
        complaints.print(f"error: {error}", markup=False, style="red", soft_wrap=True)
        raise SystemExit(WRONG) from error
    except OSError as error:
        if not room.is_full(error):
            raise
        where = error.filename or "the disk"
        complaints.print(f"error: {where}: no room left; free some space and do it again")
        raise SystemExit(WRONG) from error


if __name__ == "__main__":
    main()
