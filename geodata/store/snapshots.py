"""Published versions of the city, which one is live, and its tables, read when first asked for.

Everything is read-only here; `geodata.store.writer` makes a snapshot.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pandas as pd

from geodata.model.errors import NoCityError, SnapshotError
from geodata.model.footers import newest_moment
from geodata.model.places import Tree
from geodata.model.profile import Profile, read_profile
from geodata.model.schemas import SITE_BUILDING
from geodata.store import tables
from geodata.store.divisions import Division, divisions_of, hierarchy_of, levels_of
from geodata.store.months import PAST_MOMENTS
from geodata.store.reading import CURE, read_meta, readable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

    from geodata.model.places import Hierarchy
    from geodata.model.profile import Level

T = TypeVar("T")
LIVE: Final = "live.json"
SNAPSHOTS: Final = "snapshots"
FEED: Final = "feed"
META: Final = "meta.json"
PROFILE: Final = "profile.toml"
INCIDENT_FOLDER: Final = "incidents"
DAY_FILES: Final = "????-??-??.parquet"


@dataclass(frozen=True, eq=False)
class City:
    """One published city: frozen, its tables read on first use and then kept.

    id: the snapshot's; folder: where it lies; meta: what the publication noted about it.
    """

    data_dir: Path
    id: str
    folder: Path
    meta: dict[str, Any]
    profile: Profile
    kept: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def drawn(self) -> Path:
        """Where the outlines of its units lie."""
        return self.folder

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """PLACES of the base division."""
        return self._shapes("places")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """SITES."""
        return self._table("sites")

    @cached_property
    def buildings(self) -> gpd.GeoDataFrame:
        """BUILDINGS."""
        return self._shapes("buildings")

    @cached_property
    def building_codes(self) -> list[str]:
        """Codes of the buildings by row; a city has so many shapes that they are read apart."""
        path = self.folder / "buildings.parquet"
        return readable(path, lambda file: tables.read_column(file, "code"))

    @cached_property
    def estates(self) -> gpd.GeoDataFrame | None:
        """ESTATES, where the city has them."""
        return self._shapes("estates") if self._has("estates") else None

    @property
    def alerts(self) -> pd.DataFrame:
        """ALERTS of the publication, then those the feed has added since."""
        later = sorted((self.data_dir / FEED / self.id).glob(f"{tables.LATER_ALERTS}*.parquet"))
        name = later[-1].name if later else "alerts"
        return self.once(f"{name} known", lambda: self._alerts(later[-1:]))

    @cached_property
    def departments(self) -> pd.DataFrame:
        """Departments by row."""
        return self._table("departments")

    @cached_property
    def categories(self) -> pd.DataFrame:
        """Categories by row."""
        return self._table("categories")

    @cached_property
    def matters(self) -> pd.DataFrame:
        """Matters by row."""
        return self._table("matters")

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Sources by row."""
        return self._table("sources")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """FINDINGS of the import."""
        return self._table("findings")

    @cached_property
    def topology(self) -> gpd.GeoDataFrame | None:
        """TOPOLOGY: where borders do not meet, where the city was imported."""
        return self._shapes("topology") if self._has("topology") else None

    @cached_property
    def rosters(self) -> pd.DataFrame | None:
        """ROSTERS, where the city has them."""
        return self.table("rosters")

    @cached_property
    def inspections(self) -> pd.DataFrame | None:
        """INSPECTIONS, where the city has them."""
        return self.table("inspections")

    @cached_property
    def tree(self) -> Tree:
        """The base division as a tree."""
        built = self.sites["kind"].to_numpy() == SITE_BUILDING
        return Tree.of(self.places, self.profile, built)

    @cached_property
    def divisions(self) -> dict[str, Division]:
        """Other hierarchies over the same sites by key: professional grids, then the newest."""
        return divisions_of(self.table("divisions"))

    def table(self, name: str) -> pd.DataFrame | None:
        """Read a further table by name; None where the city has none."""
        if not self._has(name):
            return None
        return self.once(name, lambda: self._table(name))

    def division(self, key: str) -> Hierarchy:
        """Another hierarchy over the same sites.

        Raises:
            SnapshotError: the city has no such division.
        """
        return self.once(f"division {key}", lambda: hierarchy_of(
            self.division_places(key), self.division_levels(key),
            self._table(self._within(key, "site_unit")), self.profile,
        ))  # fmt: skip

    def division_places(self, key: str) -> gpd.GeoDataFrame:
        """PLACES of another hierarchy, whose units are no ranges of sites."""
        return self.once(f"places {key}", lambda: self._shapes(self._within(key, "places")))

    def division_levels(self, key: str) -> tuple[Level, ...]:
        """The levels of another hierarchy, top first."""
        return levels_of(self._table(self._within(key, "levels")))

    def _within(self, key: str, name: str) -> str:
        """The name of a table of a division."""
        if key not in self.divisions:
            known = ", ".join(self.divisions) or "none"
            msg = f"division {key} is not in snapshot {self.id}; there are: {known}"
            raise SnapshotError(msg)
        return f"divisions/{key}/{name}"

    def inside(self, unit: int) -> npt.NDArray[np.int64]:
        """Rows of the sites in a unit, in order."""
        place = self.places.iloc[unit]
        return np.arange(int(place["site_from"]), int(place["site_to"]))

    def basemap(self, name: str) -> gpd.GeoDataFrame | None:
        """Read a basemap layer; None where the city has none."""
        path = f"basemap/{name}"
        return self.once(path, lambda: self._shapes(path)) if self._has(path) else None

    def building(self, code: str) -> int | None:
        """Row of the building with this code."""
        rows = self.once(
            "building rows", lambda: {c: row for row, c in enumerate(self.building_codes)}
        )
        return rows.get(code)

    def incident_files(self) -> list[Path]:
        """Every Parquet file of incidents: the months, then the feed's days."""
        months = [
            self.folder / INCIDENT_FOLDER / f"{month}.parquet" for month in self.meta["months"]
        ]
        return [*months, *self.latest_days()]

    def latest_days(self) -> list[Path]:
        """Files the feed has written since the publication, oldest day first."""
        return sorted((self.data_dir / FEED / self.id).glob(DAY_FILES))

    def version(self) -> str:
        """Name the state of the data: changes whenever any record could have."""
        states = [path.stat() for path in self.latest_days()]
        if not states:
            return self.id
        newest = max(state.st_mtime_ns for state in states)
        return f"{self.id}.{len(states)}.{sum(state.st_size for state in states)}.{newest}"

    def now(self) -> int:
        """Epoch seconds at which the city is looked at: the wall clock's or the newest record's."""
        if self.profile.as_of == "now":
            return int(time.time())
        return max([int(self.meta["last"]), *map(self._newest, self.latest_days())])

    def _newest(self, path: Path) -> int:
        """The newest moment of a feed's day; its footer is read once, until the file changes."""
        tops: dict[Path, tuple[tuple[int, int], int]] = self.kept.setdefault("newest", {})
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        if path not in tops or tops[path][0] != stamp:
            tops[path] = (stamp, newest_moment(path, PAST_MOMENTS) or 0)
        return tops[path][1]

    def _has(self, name: str) -> bool:
        return f"{name}.parquet" in self.meta["files"]

    def _table(self, name: str) -> pd.DataFrame:
        return readable(self.folder / f"{name}.parquet", tables.read)

    def _alerts(self, later: list[Path]) -> pd.DataFrame:
        frames = [self._table("alerts"), *(readable(path, tables.read) for path in later)]
        whole = pd.concat(frames, ignore_index=True)
        return whole.assign(alert=np.arange(len(whole), dtype=np.int32))

    def _shapes(self, name: str) -> gpd.GeoDataFrame:
        return readable(self.folder / f"{name}.parquet", tables.read_shapes)

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What is read or made of this city, once."""
        if name not in self.kept:
            self.kept[name] = read()
        kept: T = self.kept[name]
        return kept


def open_city(data_dir: Path) -> City:
    """Open the live snapshot.

    Raises:
        NoCityError: nothing is published.
        SnapshotError: what is live cannot be read.
    """
    return open_snapshot(data_dir, live_id(data_dir))


def open_snapshot(data_dir: Path, snapshot: str) -> City:
    """Open a snapshot by its id.

    Raises:
        SnapshotError: it is not there or cannot be read.
    """
    folder = data_dir / SNAPSHOTS / snapshot
    meta = readable(folder / META, read_meta)
    profile = read_profile(folder / PROFILE)
    return City(data_dir=data_dir, id=snapshot, folder=folder, meta=meta, profile=profile)


def live_id(data_dir: Path) -> str:
    """Name the live snapshot.

    Raises:
        NoCityError: nothing is published.
        SnapshotError: what is cannot be read.
    """
    path = data_dir / LIVE
    if not path.exists():
        msg = f"{path}: no city is published here; {CURE}"
        raise NoCityError(msg)
    live = readable(path, lambda file: json.loads(file.read_text(encoding="utf-8")))
    if not isinstance(live, dict) or not isinstance(live.get("snapshot"), str):
        msg = f"{path}: does not name a snapshot; {CURE}"
        raise SnapshotError(msg)
    return str(live["snapshot"])


def snapshot_ids(data_dir: Path) -> list[str]:
    """Name every whole snapshot, oldest publication first."""
    found = (data_dir / SNAPSHOTS).glob(f"[!.]*/{META}")
    return [path.parent.name for path in sorted(found, key=lambda path: path.stat().st_mtime_ns)]
