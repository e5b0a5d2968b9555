"""One publication: number, measure, write, then switch the live snapshot in one step."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np

from geodata.columns import build_columns
from geodata.ingest import findings as found
from geodata.ingest.locate import WGS84
from geodata.judged import of_history
from geodata.kernels import compile_all
from geodata.model.draft import Arranged, Draft, Progress, silent
from geodata.model.places import Tree
from geodata.model.schemas import BUILDINGS, CODE_LISTS, ESTATES, PLACES, SITES
from geodata.publish.clock import Clock
from geodata.publish.divisions import professional
from geodata.publish.hierarchies import draw, write_hierarchies
from geodata.publish.numbering import number_units
from geodata.publish.shapes import measure, misfits, to_wgs84
from geodata.publish.sites import Assigner, arrange_buildings, make_sites, site_ranges
from geodata.publish.versions import earlier
from geodata.store import drafts
from geodata.store.keys import Base
from geodata.store.prune import prune
from geodata.store.room import is_full
from geodata.store.snapshots import INCIDENT_FOLDER, open_snapshot
from geodata.store.tables import conform, empty_shapes
from geodata.store.writer import SnapshotWriter
from geodata.warning import Ground

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from geodata.publish.hierarchies import Made
    from geodata.store.months import MonthWriter

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Carried:
    """What an earlier publication of the same city hands on to the next one.

    inside: puts files into the folder of the snapshot before it is sealed; beside: is told its id
    before it is live.
    """

    inside: Callable[[Path], None]
    beside: Callable[[str], None]


NOTHING: Final = Carried(lambda _: None, lambda _: None)


def publish(
    draft: Draft, data_dir: Path, progress: Progress = silent, past: Path | None = None
) -> str:
    """Publish a draft and return the id of the snapshot, which is live from then on.

    Snapshots that are older than the last few go; boundaries that are no longer in force stay with
    the new one. `past`: where the publication before lies, by default where this one goes.

    Raises:
        ImportRefusedError: the draft contradicts itself; what was live stays live.
    """
    progress("places", 0.0)
    arranged, tree = arrange(draft)
    made = [*professional(draft, arranged, tree), *earlier(draft, arranged, past or data_dir)]
    return put(draft, arranged, made, data_dir, progress)


def put(  # noqa: PLR0913, PLR0917 (one publication)
    draft: Draft,
    arranged: Arranged,
    made: list[Made],
    data_dir: Path,
    progress: Progress = silent,
    carried: Carried = NOTHING,
) -> str:
    """Publish a draft whose places are numbered; made: its other hierarchies.

    carried: what an earlier publication hands on to this one as files.
    """
    with SnapshotWriter(data_dir, draft.profile) as writer:
        _write_places(writer, arranged)
        progress("places", 0.8)
        write_hierarchies(writer, made)
        for name, layer in draft.basemap.items():
            writer.table(f"basemap/{name}", to_wgs84(layer.reset_index(drop=True)))
        progress("places", 1.0)
        progress("incidents", 0.0)
        clock = Clock(draft.profile.time_zone)
        months = _write_incidents(writer, draft, arranged, clock)
        names = months.finish()
        progress("incidents", 1.0)
        writer.table("alerts", _numbered(draft.alerts(arranged), "alert"))
        progress("warnings", 0.0)
        now = clock.at(months.last)
        writer.table("warnings", _numbered(_warned(draft, arranged, writer.folder, now), "alert"))
        for name, frame in draft.extras(arranged).items():
            writer.table(name, frame)
        carried.inside(writer.folder)
        writer.table("findings", found.table(draft.findings))
        draw(writer.folder, draft.profile, made, progress)
        progress("switch", 0.0)
        snapshot = writer.publish(_meta(draft, arranged, months, names, clock), carried.beside)
    progress("switch", 1.0)
    prune(data_dir)  # first, as it makes room
    drafts.sweep(data_dir)
    try:
        derive(data_dir, snapshot, progress)
    except OSError as error:
        if not is_full(error, data_dir):
            raise
        LOG.warning("%s: no room left for columns; the city is served without", data_dir)
    return snapshot


def _warned(draft: Draft, arranged: Arranged, folder: Path, now: int) -> pd.DataFrame:
    """Judge the last days before `now`; WARNINGS without `alert`. Months lie in the folder."""
    lists = (draft.code_lists[name].reset_index(drop=True) for name in ("matters", "categories"))
    people = arranged.buildings["people"].to_numpy()
    ground = Ground(draft.profile, arranged.places, arranged.sites, people, *lists)
    return of_history(ground, sorted((folder / INCIDENT_FOLDER).glob("*.parquet")), now)


def derive(data_dir: Path, snapshot: str, progress: Progress = silent) -> None:
    """Make what engine and journal read, and the machine code, before anybody asks."""
    compile_all(progress)
    city = open_snapshot(data_dir, snapshot)
    build_columns(city, progress)
    Base(city).prepare(progress)


def arrange(draft: Draft) -> tuple[Arranged, Tree]:
    """Number a draft's places, buildings and sites; findings are added to the draft's."""
    places = measure(to_wgs84(number_units(draft.units, draft.profile)))
    places = places.assign(site_from=np.int32(0), site_to=np.int32(0))
    tree = Tree.of(places, draft.profile)
    _check_coverage(places, draft)
    assigner = Assigner(places, draft.nearest_m, draft.findings)
    buildings = arrange_buildings(draft.buildings, assigner)
    sites = make_sites(places, buildings, draft.outdoors, assigner, draft.former)
    places["site_from"], places["site_to"] = site_ranges(sites, tree.ends)
    own = sites[sites["building"] >= 0]
    buildings.loc[own["building"].to_numpy(), "site"] = own["site"].to_numpy()
    estates = _estates(draft.estates, assigner)
    arranged = Arranged(
        places=gpd.GeoDataFrame(conform(places, PLACES, "places"), crs=WGS84),
        sites=conform(sites, SITES, "sites"),
        buildings=gpd.GeoDataFrame(conform(buildings, BUILDINGS, "buildings"), crs=WGS84),
        estates=estates,
    )
    return arranged, tree


def _estates(estates: gpd.GeoDataFrame | None, assigner: Assigner) -> gpd.GeoDataFrame:
    if estates is None or not len(estates):
        return empty_shapes(ESTATES)
    estates = to_wgs84(estates.reset_index(drop=True))
    units, _ = assigner.units(estates, "estates")
    estates = estates.assign(unit=units).sort_values(["unit", "code"], kind="stable")
    return gpd.GeoDataFrame(conform(estates, ESTATES, "estates"), crs=WGS84)


def _check_coverage(places: gpd.GeoDataFrame, draft: Draft) -> None:
    """Report borders that do not fit; exclaves and slivers are real, so that nothing is refused."""
    for level in draft.profile.levels:
        shapes = gpd.GeoSeries(places.geometry[(places["level"] == level.key).to_numpy()])
        if count := misfits(shapes):
            cure = "compare the borders of neighbours; an exclave or a surveyed gap may stay"
            draft.findings.append(
                found.finding(
                    f"level {level.key}", "read", "borders_do_not_fit", cure=cure, rows=count
                )
            )


def _write_places(writer: SnapshotWriter, arranged: Arranged) -> None:
    writer.table("places", arranged.places)
    writer.table("sites", arranged.sites)
    writer.table("buildings", arranged.buildings)
    if len(arranged.estates):
        writer.table("estates", arranged.estates)


def _write_incidents(
    writer: SnapshotWriter, draft: Draft, arranged: Arranged, clock: Clock
) -> MonthWriter:
    lists = {
        name: writer.table(name, draft.code_lists[name].reset_index(drop=True))
        for name in CODE_LISTS
    }
    months = writer.months(
        {
            "site": len(arranged.sites),
            "category": len(lists["categories"]),
            "matter": len(lists["matters"]),
            "department": len(lists["departments"]),
            "first_department": len(lists["departments"]),
            "source": len(lists["sources"]),
        }
    )
    with writer.particulars() as people:
        for frame in draft.incidents(arranged):
            months.add(frame)
            clock.see(frame)
            people.add(frame)
    return months


def _meta(
    draft: Draft, arranged: Arranged, months: MonthWriter, names: tuple[str, ...], clock: Clock
) -> dict[str, Any]:
    levels = arranged.places["level"].value_counts()
    return {
        "first": months.first,
        "last": clock.at(months.last),
        "months": list(names),
        "counts": {
            "incidents": months.rows,
            "sites": len(arranged.sites),
            "buildings": len(arranged.buildings),
            "estates": len(arranged.estates),
            **{
                f"level {level.key}": int(levels.get(level.key, 0))
                for level in draft.profile.levels
            },
        },
        "notes": dict(draft.notes),
    }


def _numbered(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.reset_index(drop=True).assign(**{column: np.arange(len(frame), dtype=np.int32)})
