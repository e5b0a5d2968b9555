"""Earlier boundaries that a profile declares: files of some levels, the others as today's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.ingest.findings import Account
from geodata.ingest.units import read_units

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from geodata.ingest.findings import Finding
    from geodata.model.profile import Earlier, Profile


def read_earlier(
    profile: Profile, folder: Path, findings: list[Finding]
) -> dict[date, gpd.GeoDataFrame]:
    """Units of all levels as they were, by the first day of those that followed.

    Raises:
        ImportRefusedError: a file cannot be used as a whole.
    """
    return {each.until: _units(each, profile, folder, findings) for each in profile.earlier}


def _units(
    each: Earlier, profile: Profile, folder: Path, findings: list[Finding]
) -> gpd.GeoDataFrame:
    own = {level.key: {"sources": level.sources} for level in each.levels}
    levels = [level.model_copy(update=own.get(level.key, {})) for level in profile.levels]
    known = findings if isinstance(findings, Account) else Account()
    account = Account(known.corrections)
    units = read_units(profile.model_copy(update={"levels": tuple(levels)}), folder, account)
    # What is as today's was told when it was read for today.
    known.take(account, [layer for level in profile.levels for layer in level.sources])
    return units
