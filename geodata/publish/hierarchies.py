"""Hierarchies beside the one in force, written the same way whatever they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.model.schemas import DIVISIONS, LEVELS, PLACES, SITE_UNIT
from geodata.tiles.pyramid import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

    from geodata.model.draft import Progress
    from geodata.model.profile import Level, Profile
    from geodata.model.schemas import Schema
    from geodata.store.writer import SnapshotWriter
    from geodata.tiles.pyramid import Outlines

FOLDER: Final = "divisions"


@dataclass(frozen=True, eq=False)
class Made:
    """One hierarchy: PLACES in depth-first order, and by site the row of its deepest unit.

    key, names and until are those of `schemas.DIVISIONS`; levels: top first.
    """

    key: str
    name_zh: str
    name_en: str
    until: str
    levels: tuple[Level, ...]
    places: gpd.GeoDataFrame
    units: npt.NDArray[np.int32]


def write_hierarchies(writer: SnapshotWriter, made: Sequence[Made]) -> None:
    """Write `divisions.parquet`, and a folder for each."""
    if not made:
        return
    listed = [[getattr(each, column) for column in DIVISIONS] for each in made]
    writer.table("divisions", pd.DataFrame(listed, columns=list(DIVISIONS)))
    for each in made:
        for name, table, schema in tables(each):
            writer.table(f"{FOLDER}/{each.key}/{name}", table, schema)


def tables(made: Made) -> Iterator[tuple[str, pd.DataFrame, Schema]]:
    """The tables of one hierarchy: name, rows, schema."""
    sites = np.arange(len(made.units), dtype=np.int32)
    levels = pd.DataFrame([level.model_dump() for level in made.levels])
    yield "places", made.places, PLACES
    yield "site_unit", pd.DataFrame({"site": sites, "unit": made.units}), SITE_UNIT
    yield (
        "levels",
        levels.drop(columns="geometry").assign(shaped=levels["geometry"]),
        LEVELS,
    )


def draw(folder: Path, profile: Profile, made: Sequence[Made], progress: Progress) -> None:
    """Prepare the outlines of the hierarchy in force and of the others."""
    parts = [(folder, profile)]
    for each in made:
        levels = profile.model_copy(update={"levels": each.levels})
        parts.append((folder / FOLDER / each.key, levels))
    known: dict[tuple[str, str], Outlines] = {}
    for number, (home, levels) in enumerate(parts):

        def told(step: str, share: float, done: int = number) -> None:
            progress(step, (done + share) / len(parts))

        prepare(home, levels, told, known)
