"""A whole city from its profile: every file read, every finding kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.clocks import reckoner_of
from geodata.ingest import shift
from geodata.ingest.alerts import read_alerts
from geodata.ingest.basemap import read_basemap
from geodata.ingest.codes import CodeLists
from geodata.ingest.divisions import read_divisions
from geodata.ingest.earlier import read_earlier
from geodata.ingest.files import expand
from geodata.ingest.findings import Account
from geodata.ingest.incidents import note_shared, read_feed
from geodata.ingest.placing import placed
from geodata.ingest.ratings import read_ratings
from geodata.ingest.things import read_buildings
from geodata.ingest.topology import examine
from geodata.ingest.units import read_units
from geodata.model.draft import Draft, Progress, silent
from geodata.model.profile import read_profile

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geodata.model.draft import Arranged


def draft_from_profile(
    profile_path: Path, progress: Progress = silent, account: Account | None = None
) -> Draft:
    """Read a city from the files its profile names; paths are relative to `root` there.

    `account` brings the corrections to put in, and takes the findings.

    Raises:
        ProfileError: the profile cannot be used.
        ImportRefusedError: a file cannot be used as a whole; the message names it and the cure.
    """
    profile = read_profile(profile_path)
    reckoner_of(profile)  # a calendar that there is not is told before anything is read
    folder = profile_path.parent / expand(profile.root)
    findings = Account() if account is None else account
    progress("boundaries", 0.0)
    units = read_units(profile, folder, findings)
    progress("boundaries", 0.5)
    units, topology = examine(units, profile, findings)
    divisions = read_divisions(profile, folder, units, findings)
    earlier = read_earlier(profile, folder, findings)
    progress("boundaries", 1.0)
    progress("buildings", 0.0)
    buildings = read_buildings(profile, folder, findings)
    progress("buildings", 1.0)
    progress("basemap", 0.0)
    basemap = read_basemap(profile, folder, findings)
    shift.note_roads(buildings, basemap.get("roads"), findings)
    progress("basemap", 1.0)
    progress("incidents", 0.0)
    lists = CodeLists.of(profile)
    several = len(profile.incidents) > 1
    feeds = [
        part
        for feed in profile.incidents
        for part in read_feed(feed, profile, folder, lists, findings, several=several)
    ]
    if several:
        note_shared(feeds, findings)
    progress("incidents", 1.0)

    def extras(arranged: Arranged) -> dict[str, pd.DataFrame]:
        rated = read_ratings(profile, folder, lists, arranged, findings)
        return {"topology": topology} | ({} if rated is None else {"ratings": rated})

    return Draft(
        profile=profile,
        units=units,
        buildings=buildings,
        basemap=basemap,
        divisions=divisions,
        earlier=earlier,
        extras=extras,
        code_lists=lists.tables(),
        incidents=lambda arranged: placed(feeds, arranged, 0.0, findings),
        alerts=lambda arranged: read_alerts(profile, folder, lists, arranged, findings),
        findings=findings,
        nearest_m=profile.building_nearest_m,
        notes={"profile": profile_path.name},
    )
