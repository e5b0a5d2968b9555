"""The city under the cases: where its sites lie, in which units, who lives there, what is what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.model.places import Tree
from geodata.warning.cases import NARROW, Cases, Population, Projection, in_time
from geodata.warning.scan import DISTANCES_M
from geodata.warning.texts import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from geodata.model.profile import Profile

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int32]

WANTED: Final = (
    *("id", "reported", "site", "lon", "lat", "matter", "category", "voided", "duplicate_of"),
)
Columns = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Ground:
    """A city's places and code lists; its tables as in `schemas`.

    housed: people of each building.
    """

    profile: Profile
    places: pd.DataFrame
    sites: pd.DataFrame
    housed: npt.NDArray[Any]
    matters: pd.DataFrame
    categories: pd.DataFrame

    @cached_property
    def tree(self) -> Tree:
        """The units."""
        return Tree.of(self.places, self.profile)

    @cached_property
    def plane(self) -> Projection:
        """Degrees to metres."""
        return Projection.of(*self._points)

    @cached_property
    def _points(self) -> tuple[Floats, Floats]:
        return self.sites["lon"].to_numpy(np.float64), self.sites["lat"].to_numpy(np.float64)

    @cached_property
    def zones(self) -> Rows:
        """Units under the root that people drill through: zone level × site, −1 = none."""
        unit = self.sites["unit"].to_numpy(np.int64)
        keys = [level.key for level in self.profile.drill_levels[1:]]
        found = [np.asarray(self.tree.above(key))[unit] for key in keys]
        return np.stack(found).astype(np.int32) if found else np.empty((0, len(unit)), np.int32)

    @cached_property
    def people(self) -> Population:
        """Who lives where: in the buildings, else spread over the sites of a unit."""
        lived = self._lived()
        sites = self._sums(lived)
        plane = self.plane.metres(*self._points)
        return Population(*plane, lived, np.array(DISTANCES_M), sites / max(sites[0], 1.0))

    def _sums(self, lived: Floats) -> Floats:
        before = np.concatenate([[0.0], np.cumsum(lived)])
        first, end = (self.places[name].to_numpy(np.int64) for name in ("site_from", "site_to"))
        return np.asarray(before[end] - before[first])

    def _lived(self) -> Floats:
        building = self.sites["building"].to_numpy(np.int64)
        lived = np.zeros(len(building))
        if len(self.housed):
            people = self.housed.astype(np.float64)
            lived[building >= 0] = np.maximum(people[building[building >= 0]], 0)
        if lived.sum() > 0:
            return lived
        unit = self.sites["unit"].to_numpy(np.int64)
        known = np.maximum(self.places["people"].to_numpy(np.float64), 1.0)
        return np.asarray(known[unit] / np.bincount(unit, minlength=len(known))[unit])

    @cached_property
    def names(self) -> Names:
        """Names of matters, categories and units in both languages."""
        tables = (self.matters, self.categories, self.places)
        named = [[*zip(t["name_zh"], t["name_en"], strict=True)] for t in tables]
        syndromes = [(each.name_zh, each.name_en) for each in self.profile.warning.syndromes]
        return Names(named[0], named[1], named[2], syndromes)

    @cached_property
    def urgent(self) -> frozenset[int]:
        """Rows of the matters whose alerts stand one level higher."""
        keys = list(self.matters["key"])
        return frozenset(keys.index(k) for k in self.profile.warning.urgent if k in keys)

    @cached_property
    def syndromes(self) -> tuple[tuple[int, ...], ...]:
        """Rows of the matters of each syndrome."""
        keys = list(self.matters["key"])
        found = [
            tuple(keys.index(key) for key in each.matters if key in keys)
            for each in self.profile.warning.syndromes
        ]
        return tuple(found)

    @cached_property
    def of_category(self) -> tuple[frozenset[int], ...]:
        """Rows of the matters of each category."""
        category = self.matters["category"].to_numpy(np.int64)
        rows = range(len(self.categories))
        return tuple(frozenset(np.flatnonzero(category == row).tolist()) for row in rows)

    def cases(self, reports: Iterable[Columns], now: int) -> Cases:
        """Cases of WANTED columns (0 for a moment that has not come): those that count by now."""
        none = {name: np.empty(0, np.int64) for name in WANTED}
        whole = in_time(self._counting(columns, now) for columns in chain([none], reports))
        return Cases(**whole, zones=self.zones[:, whole["site"]])

    def _counting(self, columns: Columns, now: int) -> Columns:
        """Those of some cases that count, as narrow as they may be."""
        count = (columns["reported"] <= now) & (columns["duplicate_of"] < 0)
        count &= (columns["voided"] == 0) | (columns["voided"] > now)
        rows = np.flatnonzero(count)
        site = columns["site"][rows].astype(np.int64)
        given = (columns["lon"][rows].astype(np.float64), columns["lat"][rows].astype(np.float64))
        points = [
            np.where(np.isfinite(own), own, of_site[site])
            for own, of_site in zip(given, self._points, strict=True)
        ]
        x, y = self.plane.metres(*points)
        found = {name: columns[name][rows] for name in ("id", "reported", "matter", "category")}
        found |= {"x": x, "y": y, "site": site}
        return {name: found[name].astype(kind) for name, kind in NARROW.items()}
