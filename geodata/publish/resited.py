"""A published city whose units are others now: its sites numbered anew, and what refers to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.model.places import Tree
from geodata.model.schemas import (
    INCIDENTS,
    LATER_COLUMNS,
    SITE_FORMER,
    SITE_OUTDOOR,
    SITE_UNKNOWN,
)
from geodata.publish.divisions import NO_RANGE
from geodata.publish.hierarchies import Made
from geodata.publish.sites import building_order
from geodata.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    from geodata.model.draft import Arranged
    from geodata.model.profile import Level, Profile
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

GONE: Final = -1
NULLABLE: Final = {pa.uint32(): pd.UInt32Dtype()}


@dataclass(frozen=True, eq=False)
class Resited:
    """From the rows of one publication to those of the next.

    before: the city as it was; arranged: as it is now; codes: by site of before, the code of its
    unit now; split: by site of before, whether its cases must be placed by their points; found:
    from longitudes and latitudes to the codes of the units there, "" = none.
    """

    before: City
    arranged: Arranged
    codes: npt.NDArray[np.object_]
    split: Mapping[int, tuple[str, ...]]
    found: Callable[[Floats, Floats], npt.NDArray[np.object_]]

    @cached_property
    def row(self) -> dict[str, int]:
        """Row of a unit now, by its code."""
        return {str(code): row for row, code in enumerate(self.arranged.places["code"])}

    @cached_property
    def units(self) -> Ints:
        """By unit of before, its row now; GONE where it is no more."""
        codes = self.before.places["code"].astype(str)
        return np.array([self.row.get(code, GONE) for code in codes], dtype=np.int32)

    @cached_property
    def buildings(self) -> Ints:
        """By building of before, its row now."""
        old = self.before.buildings
        units = self._unit_now[old["site"].to_numpy()]
        now = np.empty(len(old), dtype=np.int32)
        now[building_order(old["code"], units)] = np.arange(len(old))
        return now

    @cached_property
    def sites(self) -> Ints:
        """By site of before, its row now."""
        kinds = self.before.sites["kind"].to_numpy()
        now = np.full(len(kinds), GONE, dtype=np.int32)
        built = self.before.sites["building"].to_numpy()
        own = self.arranged.buildings["site"].to_numpy()
        now[built >= 0] = own[self.buildings[built[built >= 0]]]
        open_air = np.flatnonzero(kinds == SITE_OUTDOOR)
        now[open_air] = self._in_order(self._unit_now[open_air], SITE_OUTDOOR)
        for site in np.flatnonzero(kinds >= SITE_UNKNOWN).tolist():
            now[site] = self._unknown_of(site, str(self.codes[site]))
        return now

    def _in_order(self, units: Ints, kind: int) -> Ints:
        """The sites of a kind that were handed in for some units, in that order."""
        found = np.empty(len(units), dtype=np.int32)
        order = np.argsort(units, kind="stable")
        found[order] = np.flatnonzero(self.arranged.sites["kind"] == kind)
        return found

    def _unknown_of(self, site: int, code: str) -> int:
        """Where cases of an unknown place of before lie in a unit: in its own if it is the same."""
        former = self._former.get((site, code))
        return int(self.unknown[self.row[code]]) if former is None else former

    @cached_property
    def _former(self) -> dict[tuple[int, str], int]:
        pairs = former(self.before, self.codes, self.split)
        units = np.array([self.row[code] for _, code in pairs], dtype=np.int32)
        return dict(zip(pairs, self._in_order(units, SITE_FORMER).tolist(), strict=True))

    @cached_property
    def unknown(self) -> Ints:
        """By unit of now, its unknown place."""
        sites = self.arranged.sites
        rows = np.flatnonzero(sites["kind"] == SITE_UNKNOWN)
        found = np.empty(len(self.arranged.places), dtype=np.int32)
        found[sites["unit"].to_numpy()[rows]] = rows
        return found

    @cached_property
    def _unit_now(self) -> Ints:
        return np.array([self.row[code] for code in self.codes], dtype=np.int32)

    def incidents(self, path: Path) -> pd.DataFrame:
        """A file of incidents with the sites of now; no row is lost."""
        frame: pd.DataFrame = pq.read_table(path).to_pandas(types_mapper=NULLABLE.get)
        for name in (each for each in LATER_COLUMNS if each not in frame):
            frame[name] = pd.NA if INCIDENTS[name] == "UInt32" else LATER_COLUMNS[name]
        old = frame["site"].to_numpy()
        now = self.sites[old]
        known = np.flatnonzero(np.isin(old, list(self.split)) & frame["lon"].notna().to_numpy())
        spots = (frame[name].to_numpy(dtype=np.float64)[known] for name in ("lon", "lat"))
        for row, code in zip(known.tolist(), self.found(*spots).tolist(), strict=True):
            if code in self.split[int(old[row])]:
                now[row] = self._unknown_of(int(old[row]), code)
        return frame.assign(site=now)

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Any other table with its references of now; rows of units that are no more go."""
        if "unit" in frame:
            units = self.units[frame["unit"].to_numpy()]
            if "site" in frame:  # an alert is told of where it was raised
                at = np.maximum(frame["site"].to_numpy(), 0)
                units = np.where(units == GONE, self._unit_now[at], units)
            frame = frame.assign(unit=units)[units != GONE]
        if "site" in frame:
            sites = frame["site"].to_numpy()
            frame = frame.assign(site=np.where(sites < 0, sites, self.sites[np.maximum(sites, 0)]))
        if "building" in frame:
            frame = frame.assign(building=self.buildings[frame["building"].to_numpy()])
        return frame.reset_index(drop=True)

    def hierarchy(self, made: Made, profile: Profile) -> Made:
        """A hierarchy over the sites of before as one over those of now."""
        places = made.places.assign(site_from=NO_RANGE, site_to=NO_RANGE)
        tree = Tree.of(places, profile.model_copy(update={"levels": made.levels}))
        units = np.full(len(self.arranged.sites), GONE, dtype=np.int32)
        units[self.sites] = made.units
        for (site, _), now in self._former.items():
            units[now] = made.units[site]
        ranges = self.arranged.places[["site_from", "site_to"]].to_numpy()
        own = self.arranged.sites["unit"].to_numpy()
        for site in np.flatnonzero(units == GONE).tolist():  # of units that nobody knew before
            held = units[slice(*ranges[own[site]])]
            held = held[held != GONE]
            units[site] = tree.holder(int(held.min()), int(held.max())) if len(held) else 0
        return Made(made.key, made.name_zh, made.name_en, made.until, made.levels,
                    gpd.GeoDataFrame(places), units)  # fmt: skip


def former(
    city: City, codes: npt.NDArray[np.object_], split: Mapping[int, tuple[str, ...]]
) -> list[tuple[int, str]]:
    """Unknown places of before that are in a unit other than their own now, and its code.

    They stay places of their own, so that under the boundaries of before every case is still
    counted where it was.
    """
    own = city.places["code"].astype(str).to_numpy(dtype=object)[city.sites["unit"].to_numpy()]
    kinds = city.sites["kind"].to_numpy()
    found = []
    for site in np.flatnonzero(kinds >= SITE_UNKNOWN).tolist():
        wanted = dict.fromkeys((str(codes[site]), *split.get(site, ())))
        fresh = kinds[site] == SITE_FORMER
        found += [(site, code) for code in wanted if fresh or code != own[site]]
    return found


def hierarchies(city: City) -> Iterable[Made]:
    """The other hierarchies of a published city."""
    for each in city.divisions.values():
        levels: tuple[Level, ...] = city.division_levels(each.key)
        yield Made(
            each.key, each.name_zh, each.name_en, each.until, levels,
            city.division_places(each.key), city.division(each.key).units,
        )  # fmt: skip


def read_table(path: Path) -> pd.DataFrame:
    """A table of a snapshot, with its shapes where it has some."""
    shaped = b"geo" in (pq.read_schema(path).metadata or {})
    return tables.read_shapes(path) if shaped else tables.read(path)
