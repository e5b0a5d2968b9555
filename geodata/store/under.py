"""A city under other boundaries: its cases as ever, its units those of another hierarchy.

Whoever is given such a city need not know: places, tree and sites are those of the hierarchy, and
so is whatever names a unit. Its id names the hierarchy too, for what is kept by id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.places import DRAFT
from geodata.model.schemas import SITE_BUILDING, SITE_UNKNOWN
from geodata.store import drawings
from geodata.store.snapshots import City

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

    from geodata.model.places import Hierarchy, Tree

    Ints = npt.NDArray[np.int32]

APART: Final = "."  # between the ids of snapshot and division


@dataclass(frozen=True, eq=False)
class CityUnder(City):
    """A published city as another hierarchy divides it.

    base: the city as it is divided today; key: of the division.
    """

    base: City = field(kw_only=True)
    key: str = field(kw_only=True)

    @property
    def drawn(self) -> Path:
        """Where the outlines of its units lie."""
        return self.base.division_home(self.key)

    @property
    def _divided(self) -> Hierarchy:
        return self.base.division(self.key)

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """PLACES of the division."""
        return self.base.division_places(self.key)

    @cached_property
    def sites(self) -> pd.DataFrame:
        """SITES with the units of the division."""
        return self.base.sites.assign(unit=self._divided.units)

    @cached_property
    def buildings(self) -> pd.DataFrame:
        """BUILDINGS with the units of the division, without their shapes."""
        table = self.base.buildings
        return table.assign(unit=self._divided.units[table["site"].to_numpy()])

    @cached_property
    def estates(self) -> gpd.GeoDataFrame | None:
        """ESTATES with the units of the division that hold the whole of theirs."""
        table = self.base.estates
        return None if table is None else table.assign(unit=self._holders(table["unit"]))

    @property
    def alerts(self) -> pd.DataFrame:
        """ALERTS with the units of the division."""
        return self._placed(self.base.alerts)

    def warnings(self) -> tuple[pd.DataFrame | None, int]:
        """WARNINGS with the units of the division; see `City.warnings`."""
        table, until = self.base.warnings()
        return None if table is None else self._placed(table), until

    def alerts_version(self) -> str:
        """Changes with the alerts; see `City.alerts_version`."""
        return self.base.alerts_version()

    def _placed(self, table: pd.DataFrame) -> pd.DataFrame:
        """Alerts, each where its site is if that is known, else in what holds its unit."""
        sites, units = table["site"].to_numpy(), table["unit"].to_numpy()
        known = self.base.sites.iloc[np.maximum(sites, 0)]
        exact = (sites >= 0) & (known["unit"].to_numpy() == units)
        exact &= known["kind"].to_numpy() < SITE_UNKNOWN
        own = self._divided.units[np.maximum(sites, 0)]
        return table.assign(unit=np.where(exact, own, self._holders(table["unit"])))

    @cached_property
    def rosters(self) -> pd.DataFrame | None:
        """None: who looks after a unit of today is not who looks after another."""
        return None

    @cached_property
    def ratings(self) -> pd.DataFrame | None:
        """None: what a unit of today says is not what another says."""
        return None

    @cached_property
    def tree(self) -> Tree:
        """The division as a tree."""
        tree, sites = self._divided.tree, self.sites
        built = sites["unit"].to_numpy()[sites["kind"].to_numpy() == SITE_BUILDING]
        before = np.concatenate([[0], np.cumsum(np.bincount(built, minlength=len(tree)))])
        return replace(tree, built_up=before[tree.ends] > before[:-1])

    def inside(self, unit: int) -> npt.NDArray[np.int64]:
        """Rows of the sites in a unit, in order."""
        return np.flatnonzero(self._divided.inside(unit))

    def latest_days(self) -> list[Path]:
        """Files the feed has written since the publication, oldest day first."""
        return self.base.latest_days()

    def version(self) -> str:
        """Name the state of the data; see `City.version`."""
        return self.base.version()

    def _holders(self, units: pd.Series) -> Ints:
        """For units of today, the lowest unit of the division that holds all their sites."""
        found = {unit: self._holder(int(unit)) for unit in units.unique()}
        return units.map(found).to_numpy(dtype=np.int32)

    def _holder(self, unit: int) -> int:
        sites = self.base.inside(unit)
        known = sites[self.base.sites["kind"].to_numpy()[sites] < SITE_UNKNOWN]
        mine = self._divided.units[known if len(known) else sites]
        return self._divided.tree.holder(int(mine.min()), int(mine.max()))


def under(city: City, key: str) -> City:
    """The city as a division divides it; "" = as it is divided today.

    Raises:
        SnapshotError: the city has no such division.
    """
    return city.once(f"under {key}", lambda: _under(city, key)) if key else city


def _forget_drafts(city: City) -> None:
    """Let go of what is kept of drafts that are drawn no more."""
    for name in list(city.kept):
        key = name.rpartition(" ")[2].removeprefix(f"{city.id}{APART}")
        if key.startswith(DRAFT) and drawings.home(city.data_dir, city.id, key) is None:
            city.kept.pop(name, None)


def _under(city: City, key: str) -> City:
    _forget_drafts(city)
    levels = city.division_levels(key)
    return CityUnder(
        data_dir=city.data_dir,
        id=f"{city.id}{APART}{key}",
        folder=city.folder,
        meta=city.meta,
        profile=city.profile.model_copy(update={"levels": levels}),
        kept=city.kept,
        base=city,
        key=key,
    )


def named(city: City, name: str) -> City | None:
    """The city of an id: as it is divided today, or by a division; None = it is neither."""
    if name == city.id:
        return city
    key = name.removeprefix(city.id + APART)
    known = key in city.divisions or drawings.home(city.data_dir, city.id, key) is not None
    return under(city, key) if key != name and known else None
