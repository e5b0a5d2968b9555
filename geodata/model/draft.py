"""A city before publication: what the importers and the demo generator hand to `publish`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import pandas as pd

    from geodata.model.profile import Profile

Progress = Callable[[str, float], None]  # the step, in a word; share of that step done, 0 to 1


def silent(step: str, share: float) -> None:
    """Take a report of progress and say nothing."""


@dataclass(frozen=True)
class Arranged:
    """The city's places after numbering: the tables of `schemas`, row number = reference."""

    places: gpd.GeoDataFrame
    sites: pd.DataFrame
    buildings: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame


@dataclass(frozen=True)
class Draft:
    """Everything a publication needs, in any CRS, keyed by codes instead of row numbers.

    units: code, parent (code, "" for the root), level, name_zh, name_en, kind, people,
        households, geometry (may be null).
    buildings: columns of BUILDINGS without building, site, lon, lat; `unit` is a unit code or ""
        (then found by polygon, else nearest within `nearest_m`).
    estates: columns of ESTATES, `unit` a code.
    outdoors: outdoor atoms: unit (code), geometry (a point).
    former: unit (code) of each unknown place of a unit that is no more.
    basemap: water (kind), roads (cls, width_m), green (kind), blocks (kind), details (kind), each
        with name_zh, name_en ("" allowed) and geometry.
    divisions: professional grids over the same atoms: division key → table with code, name_zh,
        name_en and unit (code of a base unit; every base leaf belongs to exactly one row's code).
    earlier: boundaries that were in force before: first day of those that followed → a table like
        `units`, of levels of the profile.
    keeps_past: whether those of the publication before are earlier boundaries too; a made-up city
        knows all of its own.
    code_lists: departments, categories, matters, sources as in `schemas.CODE_LISTS`.
    incidents: makes frames with the columns of INCIDENTS once places are numbered; frames may
        come in any order but each incident once.
    alerts: makes the ALERTS table (without `alert`), likewise.
    extras: further tables by name, written as they are once places are numbered
        (rosters, inspections, ratings, service_centres …).
    findings: FINDINGS rows collected while reading; `incidents` may append to the same list.
    """

    profile: Profile
    units: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    code_lists: Mapping[str, pd.DataFrame]
    incidents: Callable[[Arranged], Iterator[pd.DataFrame]]
    alerts: Callable[[Arranged], pd.DataFrame]
    estates: gpd.GeoDataFrame | None = None
    outdoors: gpd.GeoDataFrame | None = None
    former: tuple[str, ...] = ()
    basemap: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    divisions: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    earlier: Mapping[date, gpd.GeoDataFrame] = field(default_factory=dict)
    keeps_past: bool = True
    extras: Callable[[Arranged], Mapping[str, pd.DataFrame]] = lambda _: {}
    findings: list[dict[str, object]] = field(default_factory=list)
    nearest_m: float = 30.0
    notes: Mapping[str, object] = field(default_factory=dict)  # seed, scale, until … into meta.json
