"""A plan that becomes law: the city published anew with its grids, from what is published already.

Every building, outdoor atom and case stays what it is; only the units that hold them are others.
The boundaries before stay as an earlier version, professional grids as they were.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.ingest import findings as found
from geodata.ingest.locate import WGS84
from geodata.model.draft import Draft, Progress, silent
from geodata.model.schemas import CODE_LISTS, SITE_OUTDOOR
from geodata.publish import Carried, arrange, put
from geodata.publish.hierarchies import Made
from geodata.publish.resited import Resited, former, hierarchies, read_table
from geodata.publish.versions import MOST
from geodata.scenarios.given import SPENT, codes_of
from geodata.scenarios.grounded import mover
from geodata.scenarios.redrawn import redrawn
from geodata.scenarios.refused import refuse
from geodata.store.months import write_day
from geodata.store.particulars import NAME, SEALED
from geodata.store.snapshots import FEED, live_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.redrawn import Redrawn
    from geodata.store.snapshots import City

    Floats = npt.NDArray[np.float64]

OWN: Final = frozenset({
    "places", "sites", "buildings", "estates", "divisions", "alerts", "warnings", "findings",
    NAME, *CODE_LISTS,
})  # fmt: skip
SOME: Final = 5  # codes that a refusal names
LOOSE: Final = "unit_parted"
ENACTED: Final = "enacted"  # among the notes of a publication


@dataclass(frozen=True)
class Law:
    """A plan that has been approved: name is its id, since the first day of its boundaries."""

    grounded: Grounded
    plan: Plan
    name: str
    since: date


def enact(city: City, law: Law, progress: Progress = silent) -> str:
    """Publish a city with the grids of a plan and give the id of the snapshot, live from then on.

    Raises:
        ImportRefusedError: the boundaries in force began after that day, codes of the plan were
            given meanwhile, or another city was published; what is live stays.
    """
    grounded, plan, since, name = law.grounded, law.plan, law.since, law.name
    _check(city, since)
    _check_codes(city, law)
    progress("places", 0.0)
    under = redrawn(city, grounded, plan)
    draft = _draft(city, under, {ENACTED: {"plan": name, "since": since.isoformat()},
                                 SPENT: _spent(city, plan, under)})  # fmt: skip
    told = len(draft.findings)
    arranged, _ = arrange(draft)
    del draft.findings[told:]  # new borders meet old ones to the centimetre, which is no finding
    codes = under.units["code"].to_numpy(dtype=object)[under.site]
    moved = Resited(city, arranged, codes, under.split, partial(_grids_at, grounded, plan))
    draft = replace(
        draft,
        incidents=lambda _: (moved.incidents(path) for path in _months(city)),
        alerts=lambda _: _alerts(city, moved),
        extras=lambda _: dict(_extras(city, moved)),
    )
    progress("places", 0.5)
    return put(draft, arranged, _versions(city, moved, since), city.data_dir, progress,
               Carried(partial(_inside, city), partial(_beside, city, moved)))  # fmt: skip


def _check(city: City, since: date) -> None:
    newest = max((each.until for each in city.divisions.values()), default="")
    if since.isoformat() < newest:
        refuse(
            f"effective date {since}: the boundaries in force began on {newest}; "
            f"take {newest} or a later day",
            f"生效日期 {since} 早于现行区划的启用日期 {newest}；请改为 {newest} 或以后",
        )


def _check_codes(city: City, law: Law) -> None:
    """Another plan may have given the same code, or dropped it, since this one was begun."""
    plan = law.plan
    new = {plan.codes[number] for number in plan.living} - set(law.grounded.today.codes)
    if taken := sorted(new & codes_of(city)):
        some = ", ".join(taken[:SOME]) + (" …" if len(taken) > SOME else "")
        refuse(
            f"codes {some} were given since the plan was begun; "
            "take it back to the draft and give its grids others",
            f"编码 {some} 在方案起草后已被使用；请退回草案并改用新编码",
        )


def _spent(city: City, plan: Plan, under: Redrawn) -> list[str]:
    """Codes that were given and that no unit has any more."""
    return sorted({*codes_of(city), *plan.codes} - set(under.units["code"]))


def _draft(city: City, under: Redrawn, noted: Mapping[str, object]) -> Draft:
    """The city as a draft whose units are others; cases and tables follow once it is numbered."""
    codes = under.units["code"].to_numpy(dtype=object)[under.site]
    sites = city.sites
    open_air = np.flatnonzero(sites["kind"].to_numpy() == SITE_OUTDOOR)
    points = gpd.GeoSeries.from_xy(sites["lon"].iloc[open_air], sites["lat"].iloc[open_air])
    estates = None if city.estates is None else city.estates.assign(unit=_estates(city, under))
    told: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in city.findings.to_dict("records")
    ]
    told += [
        found.finding(code, "kept", LOOSE, cure="draw it anew within one grid")
        for code in under.loose
    ]
    return Draft(
        profile=city.profile,
        units=under.units,
        buildings=_buildings(city, codes),
        code_lists={name: getattr(city, name) for name in CODE_LISTS},
        incidents=lambda _: iter(()),
        alerts=lambda _: city.table("alerts"),  # type: ignore[arg-type,return-value]
        estates=estates,
        former=tuple(code for _, code in former(city, codes, under.split)),
        outdoors=gpd.GeoDataFrame({"unit": codes[open_air]}, geometry=points.to_numpy(), crs=WGS84),
        basemap=_basemap(city),
        findings=told,
        notes={**city.meta.get("notes", {}), **noted},
    )


def _buildings(city: City, codes: npt.NDArray[np.object_]) -> gpd.GeoDataFrame:
    """The buildings with their shapes; codes: of the unit of each site."""
    own = city.buildings.assign(unit=codes[city.buildings["site"].to_numpy()])
    shapes = city.footprints.shapes(np.arange(len(own)))
    return gpd.GeoDataFrame(own, geometry=shapes, crs=WGS84)


def _estates(city: City, under: Redrawn) -> npt.NDArray[np.object_]:
    """The unit of each estate, "" = to be found by its place: its grid has another border."""
    codes = city.places["code"].astype(str).to_numpy(dtype=object)
    stay = {int(row) for row in under.same if row >= 0}
    units = [] if city.estates is None else city.estates["unit"].tolist()
    return np.array([codes[unit] if unit in stay else "" for unit in units], dtype=object)


def _basemap(city: City) -> dict[str, gpd.GeoDataFrame]:
    start = "basemap/"
    names = [
        file.removeprefix(start).removesuffix(".parquet")
        for file in city.meta["files"] if file.startswith(start)
    ]  # fmt: skip
    return {name: layer for name in names if (layer := city.basemap(name)) is not None}


def _months(city: City) -> Iterator[Path]:
    days = set(city.latest_days())
    yield from (path for path in city.incident_files() if path not in days)


def _alerts(city: City, moved: Resited) -> pd.DataFrame:
    told = city.table("alerts")
    assert told is not None  # noqa: S101 (every publication writes them)
    return moved.table(told).drop(columns="alert")


def _extras(city: City, moved: Resited) -> Iterator[tuple[str, pd.DataFrame]]:
    """Further tables of the city, as they refer to its units and buildings now."""
    for file in city.meta["files"]:
        name = file.removesuffix(".parquet")
        if name != file and "/" not in name and name not in OWN:
            yield name, moved.table(read_table(city.folder / file))


def _versions(city: City, moved: Resited, since: date) -> list[Made]:
    """Professional grids, then the earlier boundaries with those that end now, the newest first."""
    known = {each.key: each for each in hierarchies(city)}
    now = since.isoformat()
    # Of two that begin on one day the first was never in force for a day.
    known.setdefault(now, Made(now, "", "", now, city.profile.levels, city.places,
                               city.sites["unit"].to_numpy()))  # fmt: skip
    whole = [moved.hierarchy(each, city.profile) for each in known.values()]
    ended = sorted((each for each in whole if each.until), key=lambda each: each.until)
    return [*(each for each in whole if not each.until), *ended[::-1][:MOST]]


def _grids_at(grounded: Grounded, plan: Plan, lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
    """Codes of the grids at some points, "" = none."""
    at = shapely.points(mover(WGS84, grounded.crs)(np.column_stack((lon, lat))))
    point, atom = shapely.STRtree(grounded.ground.shapes).query(at, predicate="intersects")
    codes = np.full(len(lon), "", dtype=object)
    codes[point] = np.array(plan.codes, dtype=object)[plan.grid[atom]]
    return codes


def _inside(city: City, folder: Path) -> None:
    """Who reported what stays as it is: it is kept by the case."""
    names = (f"{NAME}.parquet", f"{SEALED}/{NAME}.parquet")
    for source, target in ((city.folder / name, folder / name) for name in names):
        if source.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            shutil.copy2(source, target)


def _beside(city: City, moved: Resited, snapshot: str) -> None:
    """What a feed has written since the publication; nothing if another city is live by now."""
    if live_id(city.data_dir) != city.id:
        refuse(
            "another city was published meanwhile; try again, on that one",
            "其间已发布新的城市数据；请在新数据上重试",
        )
    for path in city.latest_days():
        write_day(city.data_dir / FEED / snapshot, path.stem, moved.incidents(path))
