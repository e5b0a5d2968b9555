"""What `python -m geodata brief` does."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime  # noqa: TC003 (typer reads it at run time)
from pathlib import Path  # noqa: TC003 (typer reads it at run time)
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from geodata.brief.asked import ask
from geodata.brief.making import make
from geodata.engine import open_engine
from geodata.journal.arriving import Arriving
from geodata.journal.tail import Tail
from geodata.store.command import DATA_DIR, DataDir
from geodata.store.snapshots import open_city
from geodata.store.tables import write_bytes


def add(app: typer.Typer) -> None:
    """Add the command to the others."""
    app.command("brief")(_brief)


def _brief(  # noqa: PLR0913, PLR0917 (options of a command line)
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    at: Annotated[str, typer.Option(help="Code of a unit; the whole city if not given.")] = "",
    period: Annotated[
        str, typer.Option(help="24h, 7d, 30d, today or 2026-11-01..2026-11-21.")
    ] = "",
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option(help="That of the profile if not given.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"],
            help="Local moment as of which it is written; now if not given.",
        ),
    ] = None,
    base: Annotated[
        str, typer.Option(help="Address of the server that its links lead to: http://host:8050")
    ] = "",
    journal: Annotated[
        str, typer.Option(envvar="YIPING_JOURNAL", help="URL of another journal than its own.")
    ] = "",
    fonts: Annotated[
        Path | None, typer.Option(envvar="YIPING_FONTS", help="Folder of a font with Chinese.")
    ] = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Write the state of the city, what stands out and what to ask today on one page."""
    city = open_city(data_dir)
    zone = ZoneInfo(city.profile.time_zone)
    now = int(until.replace(tzinfo=zone).timestamp()) if until else None
    with closing(Tail(data_dir, journal)) as tail:
        engine = open_engine(city, live=Arriving(tail, city).overlay)
        asked = ask(city, engine, at=at, period=period, lang=lang, now=now, base=base.rstrip("/"))
        write_bytes(out, make(asked, fonts))
    Console().print(str(out), markup=False, soft_wrap=True)
