"""What lies in a published snapshot: its tables, read when first asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from geodata.locate.footprints import Footprints
from geodata.model.code_index import CodeIndex
from geodata.model.errors import SnapshotError
from geodata.model.places import Tree
from geodata.model.profile import Profile  # noqa: TC001 (a dataclass names it)
from geodata.model.schemas import PARTICULARS, SITE_BUILDING
from geodata.store import drawings, particulars, tables
from geodata.store.divisions import Division, divisions_of, hierarchy_of, levels_of
from geodata.store.reading import readable
from geodata.store.tables import GEOMETRY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

    from geodata.model.places import Hierarchy
    from geodata.model.profile import Level

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Contents:
    """The tables of a snapshot: frozen, read on first use and then kept.

    id: the snapshot's; folder: where it lies; meta: what the publication noted about it.
    """

    data_dir: Path
    id: str
    folder: Path
    meta: dict[str, Any]
    profile: Profile
    kept: dict[str, Any] = field(default_factory=dict, repr=False)
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False)

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

    @property
    def buildings(self) -> pd.DataFrame:
        """BUILDINGS without their shapes; read by one thread at a time, as there are so many."""
        return self._alone("buildings", lambda: self._read_buildings(tables.read_plain))

    @property
    def footprints(self) -> Footprints:
        """The shapes of the buildings by row: a large city has so many that they stay bytes."""
        return self._alone("footprints", lambda: Footprints.read(
            self._read_buildings(lambda file: tables.read_column(file, GEOMETRY))
        ))  # fmt: skip

    @property
    def building_codes(self) -> CodeIndex:
        """Codes of the buildings by row and rows by code."""
        return self._alone("building codes", lambda: CodeIndex(
            self._read_buildings(lambda file: tables.read_column(file, "code"))
        ))  # fmt: skip

    @property
    def building_people(self) -> npt.NDArray[np.int64]:
        """People of the buildings by row."""
        read = self._read_buildings(lambda file: tables.read_column(file, "people"))
        return np.asarray(read.to_numpy(), dtype=np.int64)

    @cached_property
    def estates(self) -> gpd.GeoDataFrame | None:
        """ESTATES, where the city has them."""
        return self._shapes("estates") if self._has("estates") else None

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
        return tables.with_limits(self._table("matters"))

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
    def ratings(self) -> pd.DataFrame | None:
        """RATINGS, where the city has them."""
        return self.table("ratings")

    @cached_property
    def inspections(self) -> pd.DataFrame | None:
        """INSPECTIONS, where the city has them."""
        return self.table("inspections")

    def told(self, ids: Iterable[int]) -> pd.DataFrame:
        """PARTICULARS of some cases by id, masked; cases of which nothing is kept are left out."""
        found = None
        if self._has(particulars.NAME):
            path = self.folder / f"{particulars.NAME}.parquet"
            found = readable(path, lambda file: particulars.of(file, ids))
        return tables.empty(PARTICULARS).set_index("id") if found is None else found

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
            readable(self._within(key, "site_unit"), tables.read), self.profile,
        ))  # fmt: skip

    def division_places(self, key: str) -> gpd.GeoDataFrame:
        """PLACES of another hierarchy, whose units are no ranges of sites."""
        path = self._within(key, "places")
        return self.once(f"places {key}", lambda: readable(path, tables.read_shapes))

    def division_levels(self, key: str) -> tuple[Level, ...]:
        """The levels of another hierarchy, top first."""
        return levels_of(readable(self._within(key, "levels"), tables.read))

    def division_home(self, key: str) -> Path:
        """Where the tables and outlines of a division lie, published or the draft of a plan.

        Raises:
            SnapshotError: the city has no such division.
        """
        home = drawings.home(self.data_dir, self.id, key)
        if key not in self.divisions and home is None:
            known = ", ".join(self.divisions) or "none"
            msg = f"division {key} is not in snapshot {self.id}; there are: {known}"
            raise SnapshotError(msg)
        return home or self.folder / "divisions" / key

    def _within(self, key: str, name: str) -> Path:
        """The file of a table of a division."""
        return self.division_home(key) / f"{name}.parquet"

    def inside(self, unit: int) -> npt.NDArray[np.int64]:
        """Rows of the sites in a unit, in order."""
        place = self.places.iloc[unit]
        return np.arange(int(place["site_from"]), int(place["site_to"]))

    def basemap(self, name: str) -> gpd.GeoDataFrame | None:
        """Read a basemap layer, which is not kept; None where the city has none."""
        path = f"basemap/{name}"
        return self._shapes(path) if self._has(path) else None

    def building(self, code: str) -> int | None:
        """Row of the building with this code."""
        return self.building_codes.row(code)

    def _has(self, name: str) -> bool:
        return f"{name}.parquet" in self.meta["files"]

    def _read_buildings(self, read: Callable[[Path], T]) -> T:
        return readable(self.folder / "buildings.parquet", read)

    def _alone(self, name: str, read: Callable[[], T]) -> T:
        """What is read once, by one thread at a time: of two readings one would be for nothing."""
        if name in self.kept:
            kept: T = self.kept[name]
            return kept
        with self._reading:
            return self.once(name, read)

    def _table(self, name: str) -> pd.DataFrame:
        return readable(self.folder / f"{name}.parquet", tables.read)

    def _shapes(self, name: str) -> gpd.GeoDataFrame:
        return readable(self.folder / f"{name}.parquet", tables.read_shapes)

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What is read or made of this city, once."""
        try:
            kept: T = self.kept[name]  # at once: another thread may let go of it meanwhile
        except KeyError:
            kept = self.kept[name] = read()
        return kept
