"""Reports of a period read and compared: which likely repeat others, and how sources overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.duplicates import READ, Reports, learn, overlap, propose
from geodata.duplicates.pairs import REACH_S
from geodata.engine.files import covering
from geodata.model.periods import DAY
from geodata.store.reports import read_reports

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geodata.model.overlay import Overlay
    from geodata.model.periods import Window
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int64]

MOST: Final = 1_000_000  # reports compared at once, the newest; it takes seconds and 0.5 GB
LEARNT_S: Final = 28 * DAY  # before the end of the period: how agreements are weighed
ASIDE: Final = ("duplicate_of", "voided")  # never compared, but known
SHOWN: Final = (
    "id", "key", "site", "lon", "lat", "category", "matter", "department", "source", "reported",
    "occurred", "closed", "floor", "room", "duplicate_of",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Proposed:
    """What a search found.

    pairs: as `duplicates.propose` gives them, of reports that nobody has marked; cases: SHOWN of
    every report in them, by id; since, until: the period that was searched; compared: how many
    reports of it; cut: whether the period asked for begins earlier.
    """

    pairs: pd.DataFrame
    cases: pd.DataFrame
    since: int
    until: int
    compared: int
    cut: bool
    _told: dict[str, Ints]
    _known: dict[tuple[int, int], tuple[Ints, int]] = field(default_factory=dict)

    def overlap(self, sites: Ints, sources: int) -> tuple[Ints, int]:
        """Matters by pair of sources as they are known now, and of how many reports."""
        if not _is_range(sites):
            return self._overlap(sites, sources)
        place = (int(sites[0]), int(sites[-1]))
        if place not in self._known:
            self._known[place] = self._overlap(sites, sources)
        return self._known[place]

    def _overlap(self, sites: Ints, sources: int) -> tuple[Ints, int]:
        here = _within(self._told["site"], sites)
        ids, source, first = (self._told[name][here] for name in ("id", "source", "duplicate_of"))
        again = first >= 0
        return overlap(ids, source, ids[again], first[again], sources), int(here.sum())


def _is_range(sites: Ints) -> bool:
    """Whether these are all sites from one to another."""
    return len(sites) > 0 and int(sites[-1] - sites[0]) == len(sites) - 1


def _within(site: Ints, sites: Ints) -> npt.NDArray[np.bool_]:
    """Which reports are of some sites, which mostly are a range."""
    if _is_range(sites):
        return np.asarray((site >= sites[0]) & (site <= sites[-1]))
    return np.isin(site, sites)


def search(city: City, live: Overlay | None, span: Window) -> Proposed:
    """Search the reports of a period, which ends when it ends or just now."""
    until = min(span.end - 1, city.now())
    early = min(span.start - 2 * REACH_S, until - LEARNT_S)
    frame = _read(city, live, early, until)
    cut = len(frame) > MOST and int(frame["reported"].iloc[-MOST]) > span.start
    frame = frame.tail(MOST)
    since = int(frame["reported"].iloc[0]) + 2 * REACH_S if cut else span.start
    reports = Reports.of(frame)
    recent = reports.rows(np.flatnonzero(reports.reported > until - LEARNT_S))
    pairs = propose(reports, learn(recent), since=since)
    marked = frame.loc[frame["duplicate_of"] >= 0, "id"]
    pairs = pairs[~pairs["id"].isin(marked)].reset_index(drop=True)
    asked = frame["reported"] >= since
    told = {name: frame.loc[asked, name].to_numpy(np.int64) for name in _TOLD}
    cases = _cases(city, live, early, until, pairs)
    pa.default_memory_pool().release_unused()  # the files were large, and the server lives on
    found = Proposed(pairs, cases, since, until, int(asked.sum()), cut, told)
    found.overlap(np.arange(len(city.sites)), len(city.sources))  # it takes long: not in a request
    return found


_TOLD: Final = ("id", "site", "source", "duplicate_of")


def _read(city: City, live: Overlay | None, first: int, until: int) -> pd.DataFrame:
    """The reports that nobody voided, in order of time."""
    parts = read_reports(_paths(city, first, until), (*READ, *ASIDE), first, until, live)
    frames = [frame[frame["voided"] == 0] for frame in map(pd.DataFrame, parts)]
    if not frames:
        return pd.DataFrame({name: np.empty(0) for name in (*READ, *ASIDE)})
    frame = pd.concat(frames, ignore_index=True)
    return frame.sort_values(["reported", "id"], kind="stable", ignore_index=True)


def _cases(
    city: City, live: Overlay | None, first: int, until: int, pairs: pd.DataFrame
) -> pd.DataFrame:
    """SHOWN of the reports that are proposed and of those they repeat."""
    ids = np.unique(pairs[["id", "like", "first"]].to_numpy(np.int64))
    paths = _paths(city, first, until) if len(ids) else []
    parts = read_reports(paths, SHOWN, first, until, live, only=ids)
    frames = [pd.DataFrame({name: [] for name in SHOWN}), *map(pd.DataFrame, parts)]
    frame = pd.concat([each for each in frames if len(each)] or frames[:1], ignore_index=True)
    return frame.drop_duplicates("id").set_index("id")


def _paths(city: City, first: int, until: int) -> list[Path]:
    """The files of some time, the newest that together have as many rows as are compared."""
    names = set(covering(city.incident_files(), (first, until + 1)))
    found: list[Path] = []
    rows = 0
    for path in reversed(city.incident_files()):
        if str(path) in names and rows < MOST:
            found.append(path)
            rows += pq.read_metadata(path).num_rows
    return found[::-1]
