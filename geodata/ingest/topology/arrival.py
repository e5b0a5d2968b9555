"""Borders as they arrive: surveyed, noted, and drawn together where the profile asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geodata.ingest.locate import WGS84
from geodata.ingest.topology.borders import survey
from geodata.ingest.topology.findings import note
from geodata.ingest.topology.repair import snap
from geodata.model.schemas import TOPOLOGY
from geodata.store.tables import empty_shapes

if TYPE_CHECKING:
    from geodata.ingest.findings import Finding
    from geodata.model.profile import Profile


def examine(
    units: gpd.GeoDataFrame, profile: Profile, findings: list[Finding]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Survey every level and mend those the profile says; returns the units and the TOPOLOGY.

    Findings tell what the files hold; the table tells what is left of it, and what was moved.
    """
    levels = [level.key for level in profile.levels if level.geometry and level.sources]
    found = survey(units, levels)
    note(found, findings)
    mend = [level for level in profile.levels if level.repair]
    if not mend:
        return units, found
    moves = []
    for level in mend:
        units, moved = snap(units, level, findings)
        moves.append(moved)
    return units, _joined([survey(units, levels), *moves])


def _joined(tables: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    whole = [table for table in tables if len(table)]
    if not whole:
        return empty_shapes(TOPOLOGY)
    return gpd.GeoDataFrame(pd.concat(whole, ignore_index=True), crs=WGS84)
