"""A small city made by hand: branches that skip a level, places unknown at every level."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.model.places import Hierarchy, Tree
from geodata.model.profile import Level, Profile
from geodata.model.schemas import INCIDENTS

if TYPE_CHECKING:
    from pathlib import Path

UNITS = (  # parent, level, site_from, site_to
    (-1, "district", 0, 20),
    (0, "street", 1, 11),
    (1, "community", 2, 6),
    (2, "grid", 3, 5),
    (2, "grid", 5, 6),
    (1, "community", 6, 10),
    (0, "street", 11, 19),
    (6, "grid", 12, 15),
    (6, "grid", 15, 19),
)
LEVELS = ("district", "street", "community", "grid")
OTHERS = {  # other hierarchies over the same sites: parent and level by unit
    "police": ((-1, "district"), (0, "street"), (1, "police"), (1, "police"), (0, "police")),
    "2025-03-01": (
        (-1, "district"), (0, "street"), (1, "grid"), (1, "community"), (3, "grid"), (0, "street"),
        (5, "grid"),
    ),
    "2026-02-01": ((-1, "district"), (0, "street"), (1, "grid"), (1, "grid"), (1, "grid")),
}  # fmt: skip
SITES = 20
CODE_ROWS = 3


@dataclass
class HandMade:
    profile: Profile
    places: pd.DataFrame
    sites: pd.DataFrame
    departments: pd.DataFrame
    categories: pd.DataFrame
    sources: pd.DataFrame
    tree: Tree
    folder: Path
    data_dir: Path
    state: str = "first"
    id: str = "toy"
    divisions: dict[str, Hierarchy] = field(default_factory=dict)

    def division(self, key: str) -> Hierarchy:
        return self.divisions[key]

    def incident_files(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))

    def version(self) -> str:
        return self.state


def write_days(folder: Path, incidents: pd.DataFrame) -> None:
    """Months as files, but the newest month by day, as a feed would leave it."""
    kinds = pa.schema([(n, pa.type_for_alias(k.lower())) for n, k in INCIDENTS.items()])
    moments = pd.to_datetime(incidents["reported"].astype("int64"), unit="s", utc=True)
    months = moments.dt.strftime("%Y-%m")
    newest = months.max() if len(months) else ""
    names = months.where(months != newest, moments.dt.strftime("%Y-%m-%d"))
    for name, part in incidents.sort_values("reported").groupby(names):
        table = pa.Table.from_pandas(part[list(INCIDENTS)], schema=kinds, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=50)


def scattered(key: str, seed: int) -> list[int]:
    """By site a unit of another hierarchy, some of them known to the city only."""
    return np.random.default_rng([seed, len(key)]).integers(0, len(OTHERS[key]), SITES).tolist()


def hierarchy(key: str, seed: int) -> Hierarchy:
    units = pd.DataFrame(OTHERS[key], columns=["parent", "level"])
    units["code"] = [f"{key}{row}" for row in range(len(units))]
    keys = dict.fromkeys((*LEVELS, "police"))
    levels = tuple(Level(key=each, name_zh=each, name_en=each) for each in keys)
    profile = Profile.model_validate(
        {"key": "toy", "name_zh": "玩", "name_en": "Toy", "levels": levels}
    )
    return Hierarchy(Tree.of(units, profile), np.array(scattered(key, seed), np.int32))


def make_city(folder: Path, incidents: pd.DataFrame, seed: int = 0, **profile: str) -> HandMade:
    write_days(folder, incidents)
    units = pd.DataFrame(UNITS, columns=["parent", "level", "site_from", "site_to"])
    units["code"] = [f"u{row}" for row in range(len(units))]
    levels = tuple(Level(key=key, name_zh=key, name_en=key) for key in LEVELS)
    city = Profile.model_validate(
        {"key": "toy", "name_zh": "玩", "name_en": "Toy", "levels": levels, **profile}
    )
    site = np.arange(SITES)
    codes = pd.DataFrame({"key": [str(row) for row in range(CODE_ROWS)]})
    building = np.where(site % 2 == 0, site // 2, -1).astype(np.int32)
    return HandMade(
        profile=city,
        places=units,
        sites=pd.DataFrame({"site": site, "building": building}),
        departments=codes,
        categories=codes,
        sources=codes,
        tree=Tree.of(units, city),
        folder=folder,
        data_dir=folder / "data",
        divisions={key: hierarchy(key, seed) for key in OTHERS},
    )
