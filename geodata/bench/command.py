"""What `python -m geodata bench` does: the benches one after the other, a table, a file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Protocol, cast

import typer
from rich.console import Console
from rich.table import Table

from geodata.bar import shown
from geodata.bench.cities import given, made_up
from geodata.bench.figures import Limits, Name, Scale
from geodata.kernels import compile_all

if TYPE_CHECKING:
    from geodata.bench.figures import Figures
    from geodata.model.draft import Progress
    from geodata.store.snapshots import City

    class Bench(Protocol):
        """A module of this package that measures something."""

        def run(self, city: City | None, limits: Limits) -> Figures:
            """Measure."""


NAMES: Final = (
    *("screens", "ingest", "kills", "viewers", "assign", "tiles", "heat"),
    *("clocks", "duplicates", "redraw", "rebalance", "edits"),
)
OWN: Final = {"warning", "optima"}  # with cities or files of their own; asked for by name only
FOLDER: Final = Path(".benchmarks")  # of the cities made up, one a scale
LARGE: Final = 100
ALONE: Final = {"clocks", "redraw", "rebalance", "edits"}  # need no city
SMALL: Final = {"kills", "viewers", "duplicates"}  # for which the size of the city matters less


def add(app: typer.Typer) -> None:
    """Add the command to the others."""

    @app.command()
    def bench(  # noqa: PLR0913, PLR0917 (options of a command line)
        name: Annotated[Name, typer.Argument(help="Which bench, or all of them.")] = "all",
        scale: Annotated[
            Scale | None,
            typer.Option(
                help="Of the made-up city: city if not given; for kills, viewers and duplicates "
                "district."
            ),
        ] = None,
        data_dir: Annotated[
            Path | None, typer.Option(help="A published city to measure in place of a made-up one.")
        ] = None,
        json: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
        data: Annotated[
            Path | None, typer.Option(help="Folder of the published instances that optima solves.")
        ] = None,
        requests: Annotated[int, typer.Option(min=1, help="Screens that are asked.")] = 60,
        seconds: Annotated[float, typer.Option(min=1, help="Of events, and of viewers.")] = 60.0,
        kills: Annotated[
            int, typer.Option(min=0, help="Of the server that takes events; 0: as the bench does.")
        ] = 0,
        viewers: Annotated[int, typer.Option(min=1, help="Viewers at once.")] = 64,
        warehouse: Annotated[
            str, typer.Option(help="URL of a PostgreSQL that is asked for screens too.")
        ] = "",
        seeds: Annotated[
            str, typer.Option(help="Of the districts that warning is tried on: 101,102 …")
        ] = "101,102,103,104,105",
    ) -> None:
        """Measure this machine with a city, beside what others do with the same work."""
        limits = Limits(requests, seconds, kills=kills, viewers=viewers, warehouse=warehouse)
        limits = replace(limits, seeds=tuple(int(seed) for seed in seeds.split(",")), data=data)
        with shown() as progress:
            figures = run(name, Cities(scale, data_dir, progress), limits)
        Console().print(table(figures))
        if json:
            write(figures, json)


@dataclass(frozen=True)
class Cities:
    """Where the measured cities come from; scale, folder: None = the usual ones."""

    scale: Scale | None
    folder: Path | None
    progress: Progress

    def of(self, name: str) -> City:
        """The city that a bench measures, published and with its columns."""
        if self.folder is not None:  # what somebody names is never made or written over
            return given(self.folder, self.progress)
        scale = self.scale or ("district" if name in SMALL else "city")
        return made_up(FOLDER / scale, scale, self.progress)


def run(name: Name, cities: Cities, limits: Limits) -> Figures:
    """Every figure of one bench, or of all of them."""
    figures: Figures = {"cores": os.cpu_count() or 1, "load_before": os.getloadavg()[0]}
    compile_all(cities.progress)
    for each in NAMES if name == "all" else (name,):
        city = None if each in ALONE | OWN else cities.of(each)
        if city is not None:
            figures.setdefault("incidents", city.meta["counts"]["incidents"])
        cities.progress(each, 0.0)
        figures |= cast("Bench", import_module(f"geodata.bench.{each}")).run(city, limits)
    return {key: float(value) for key, value in figures.items()}


def write(figures: Figures, path: Path) -> None:
    """Keep the figures as a flat object of JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def table(figures: Figures) -> Table:
    """The figures to be read."""
    made = Table("figure", "value", box=None)
    made.columns[1].justify = "right"
    for key, value in figures.items():
        whole = value.is_integer() or value >= LARGE
        made.add_row(key, f"{value:,.0f}" if whole else f"{value:,.2f}")
    return made
