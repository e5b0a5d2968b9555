"""Published versions of the city, which one is live, and its tables, read when first asked for.

Everything is read-only here; `geodata.store.writer` makes a snapshot.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.model.errors import NoCityError, NotAllowedError, SnapshotError
from geodata.model.footers import newest_moment
from geodata.model.profile import read_profile
from geodata.model.schemas import WARNINGS
from geodata.store import raised, tables
from geodata.store.contents import Contents
from geodata.store.months import PAST_MOMENTS
from geodata.store.reading import CURE, read_meta, readable

if TYPE_CHECKING:
    from pathlib import Path


LOG: Final = logging.getLogger(__name__)
LIVE: Final = "live.json"
SNAPSHOTS: Final = "snapshots"
FEED: Final = "feed"
META: Final = "meta.json"
PROFILE: Final = "profile.toml"
INCIDENT_FOLDER: Final = "incidents"
DAY_FILES: Final = "????-??-??.parquet"


@dataclass(frozen=True, eq=False)
class City(Contents):
    """One published city: its tables, what was judged and fed since, and as of when it is seen."""

    _telling: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def alerts(self) -> pd.DataFrame:
        """ALERTS that were imported, WARNINGS as judged last, then those that others raised."""
        newest: tuple[str, pd.DataFrame] | None = self.kept.get("alerts")
        if newest is not None and newest[0] == self.alerts_version():
            return newest[1]
        with self._telling:  # by one thread at a time; the others take what it has made
            stamp = self.alerts_version()
            newest = self.kept.get("alerts")
            if newest is None or newest[0] != stamp:
                newest = self.kept["alerts"] = (stamp, self._alerts())
            return newest[1]

    def warnings(self) -> tuple[pd.DataFrame | None, int]:
        """WARNINGS that stand now, and up to when cases were judged; None where nobody judged."""
        path = self.data_dir / FEED / self.id / tables.LIVE_WARNINGS
        try:
            if path.exists() and (until := readable(path, tables.judged_until)):
                return _whole(readable(path, tables.read)), until
        except SnapshotError:
            LOG.warning("%s: cannot be read; going on from the published warnings", path)
        if not self._has("warnings"):
            return None, 0
        return _whole(self._table("warnings")), int(self.meta["last"])

    def incident_files(self) -> list[Path]:
        """Every Parquet file of incidents: the months, then the feed's days."""
        months = [
            self.folder / INCIDENT_FOLDER / f"{month}.parquet" for month in self.meta["months"]
        ]
        return [*months, *self.latest_days()]

    def latest_days(self) -> list[Path]:
        """Files the feed has written since the publication, oldest day first."""
        return sorted((self.data_dir / FEED / self.id).glob(DAY_FILES))

    def alerts_version(self) -> str:
        """Changes whenever the cases were judged anew, or somebody raised an alert."""
        try:
            path = self.data_dir / FEED / self.id / tables.LIVE_WARNINGS
            judged = str(path.stat().st_mtime_ns)
        except OSError:
            judged = "0"
        told = raised.version(self.data_dir)
        return f"{judged}-{told}" if told else judged

    def version(self) -> str:
        """Name the state of the data: changes whenever any record could have."""
        states = [path.stat() for path in self.latest_days()]
        if not states:
            return self.id
        newest = max(state.st_mtime_ns for state in states)
        return f"{self.id}.{len(states)}.{sum(state.st_size for state in states)}.{newest}"

    def now(self) -> int:
        """Epoch seconds at which the city is looked at: the wall clock's or the newest record's."""
        if self.profile.as_of == "now":
            return int(time.time())
        return max([int(self.meta["last"]), *map(self._newest, self.latest_days())])

    def _newest(self, path: Path) -> int:
        """The newest moment of a feed's day; its footer is read once, until the file changes."""
        tops: dict[Path, tuple[tuple[int, int], int]] = self.kept.setdefault("newest", {})
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        if path not in tops or tops[path][0] != stamp:
            tops[path] = (stamp, newest_moment(path, PAST_MOMENTS) or 0)
        return tops[path][1]

    def _alerts(self) -> pd.DataFrame:
        frames = [self._table("alerts").assign(kind=tables.IMPORTED, matter=np.int16(-1))]
        judged = self.data_dir / FEED / self.id / tables.LIVE_WARNINGS
        try:
            frames.append(readable(judged, tables.read) if judged.exists() else self._warned())
        except SnapshotError:  # it is told once, and written anew at the next judging
            LOG.exception("the alerts as judged cannot be read; showing the published ones")
            frames.append(self._warned())
        try:
            frames.append(raised.table(self))
        except NotAllowedError:
            LOG.exception("the alerts that others raised cannot be read; showing the others")
        return _whole(pd.concat(frames, ignore_index=True))

    def _warned(self) -> pd.DataFrame:
        """WARNINGS as of the publication."""
        return self._table("warnings") if self._has("warnings") else tables.empty(WARNINGS)


def _whole(warnings: pd.DataFrame) -> pd.DataFrame:
    """A table of alerts with every column of today's, numbered."""
    numbered = warnings.assign(alert=np.arange(len(warnings), dtype=np.int32))
    return tables.conform(numbered.reindex(columns=list(WARNINGS)), WARNINGS, "alerts")


def open_city(data_dir: Path) -> City:
    """Open the live snapshot.

    Raises:
        NoCityError: nothing is published.
        SnapshotError: what is live cannot be read.
    """
    return open_snapshot(data_dir, live_id(data_dir))


def open_snapshot(data_dir: Path, snapshot: str) -> City:
    """Open a snapshot by its id.

    Raises:
        SnapshotError: it is not there or cannot be read.
    """
    folder = data_dir / SNAPSHOTS / snapshot
    meta = readable(folder / META, read_meta)
    profile = read_profile(folder / PROFILE)
    return City(data_dir=data_dir, id=snapshot, folder=folder, meta=meta, profile=profile)


def kept_snapshot(data_dir: Path, snapshot: str) -> City | None:
    """Open a snapshot by its id; None where it was put away, or cannot be read."""
    with suppress(SnapshotError):
        return open_snapshot(data_dir, snapshot)
    return None


def live_id(data_dir: Path) -> str:
    """Name the live snapshot.

    Raises:
        NoCityError: nothing is published.
        SnapshotError: what is cannot be read.
    """
    path = data_dir / LIVE
    if not path.exists():
        msg = f"{path}: no city is published here; {CURE}"
        raise NoCityError(msg)
    live = readable(path, lambda file: json.loads(file.read_text(encoding="utf-8")))
    if not isinstance(live, dict) or not isinstance(live.get("snapshot"), str):
        msg = f"{path}: does not name a snapshot; {CURE}"
        raise SnapshotError(msg)
    return str(live["snapshot"])


def snapshot_ids(data_dir: Path) -> list[str]:
    """Name every whole snapshot, oldest publication first."""
    found = (data_dir / SNAPSHOTS).glob(f"[!.]*/{META}")
    return [path.parent.name for path in sorted(found, key=lambda path: path.stat().st_mtime_ns)]
