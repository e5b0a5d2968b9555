"""The columns of one snapshot: a file a month, and the days of the feed in memory."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from geodata.columns.file import FORMAT, intact, opened, origin, write
from geodata.columns.segment import arrays_of, judged, read_month, segment
from geodata.kernels.judge import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from geodata.columns.segment import Segment
    from geodata.model.overlay import Overlay
    from geodata.model.profile import Profile

    Progress = Callable[[str, float], None]

LOG: Final = logging.getLogger(__name__)
COLUMNS: Final = "columns"
SUFFIX: Final = ".col"
MONTH_LENGTH: Final = len("2026-11")


class CityFiles(Protocol):
    """What columns are made from."""

    @property
    def id(self) -> str:
        """Snapshot id."""

    @property
    def data_dir(self) -> Path:
        """Where everything lies."""

    @property
    def profile(self) -> Profile:
        """How the city judges."""

    def incident_files(self) -> list[Path]:
        """Parquet files of INCIDENTS, by month or day."""


def rules_of(profile: Profile) -> Rules:
    """How a city judges, as the kernels want it."""
    return Rules(profile.deadline == "resolved", round(profile.whistle_min * 60))


def build_columns(city: CityFiles, progress: Progress = lambda _, __: None) -> None:
    """Make the columns of every month that has none or has changed; others are left alone."""
    folder = city.data_dir / COLUMNS / city.id
    folder.mkdir(parents=True, exist_ok=True)
    months = [path for path in city.incident_files() if len(path.stem) == MONTH_LENGTH]
    rules = rules_of(city.profile)
    for number, path in enumerate(months):
        target = folder / f"{path.stem}{SUFFIX}"
        wanted = _origin(path, rules)
        if origin(target) != wanted:
            write(read_month(path, rules), target, wanted)
        progress(COLUMNS, (number + 1) / len(months))


def damaged(city: CityFiles) -> list[str]:
    """Say in one sentence each which columns are not as they were written."""
    return [
        f"{path}: has changed since it was written; the next start of the server makes it anew"
        for path in sorted((city.data_dir / COLUMNS / city.id).glob(f"*{SUFFIX}"))
        if not intact(path)
    ]


def _origin(path: Path, rules: Rules) -> dict[str, Any]:
    state = path.stat()
    return {
        "file": path.name,
        "bytes": state.st_size,
        "mtime_ns": state.st_mtime_ns,
        "by_resolved": rules.by_resolved,
        "whistle_s": rules.whistle_s,
        "format": FORMAT,
    }


@dataclass(frozen=True, eq=False)
class Book:
    """Every case of a city at one moment: segments, their patterns numbered by `masks`."""

    segments: tuple[Segment, ...]
    masks: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> Book:
        """Number the patterns of all segments alike."""
        none = np.empty(0, np.uint32)
        masks = np.unique(np.concatenate([none, *(each.masks for each in segments)]))
        return cls(tuple(each.numbered(masks) for each in segments), masks)


class Columns:
    """Opens the columns of a city; safe for many threads."""

    def __init__(self, city: CityFiles) -> None:
        """Remember the city; nothing is opened yet."""
        self._city = city
        self._folder = city.data_dir / COLUMNS / city.id
        self._rules = rules_of(city.profile)
        self._kept: dict[Path, tuple[tuple[int, int, int], Segment]] = {}
        self._less: dict[object, tuple[npt.NDArray[np.intp], Segment]] = {}
        self._book: tuple[tuple[list[Segment], str], Book] | None = None
        self._lock = threading.Lock()

    def book(self, live: Overlay | None = None) -> Book | None:
        """Every case there is, file by file; None while a month has no columns yet.

        live: what arrived since; its cases replace those of the files that have their ids.
        """
        with self._lock:
            found = [self._segment(path) for path in self._city.incident_files()]
            whole = [each for each in found if each is not None]
            if len(whole) < len(found):
                return None
            version = live.version if live is not None else ""
            if self._book is None or self._book[0] != (whole, version):
                self._book = (whole, version), Book.of(self._with(whole, live))
                self._forget(live)
            return self._book[1]

    def _forget(self, live: Overlay | None) -> None:
        """Let go of files that are no longer asked."""
        used = {*self._city.incident_files()}
        used |= {*live.settled.segments} if live is not None and live.settled is not None else set()
        self._kept = {path: kept for path, kept in self._kept.items() if path in used}

    def _with(self, whole: list[Segment], live: Overlay | None) -> list[Segment]:
        if live is None:
            return whole
        files = live.settled.segments if live.settled is not None else ()
        replaced, settled = live.replaced(), [self._settled(path) for path in files]
        found = [self._without(each, replaced) for each in whole]
        found += [self._without(each, live.touched) for each in settled]
        used = {each.token for each in (*whole, *settled)}
        self._less = {token: kept for token, kept in self._less.items() if token in used}
        if len(live):
            found.append(segment(judged(arrays_of(live.table()), self._rules)))
        return found

    def _without(self, whole: Segment, ids: npt.NDArray[np.int64]) -> Segment:
        """The same cases without some; the same segment as before where the same ones are gone."""
        gone = whole.where(ids)
        if not len(gone):
            return whole
        kept = self._less.get(whole.token)
        if kept is None or not np.array_equal(kept[0], gone):
            kept = self._less[whole.token] = gone, whole.without(gone)
        return kept[1]

    def _settled(self, path: Path) -> Segment:
        """Columns of what arrived and was compacted; such a file never changes."""
        kept = self._kept.get(path)
        if kept is None:
            kept = self._kept[path] = (0, 0, 0), opened(path)
        return kept[1]

    def _segment(self, path: Path) -> Segment | None:
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size, self._made(path))
        kept = self._kept.get(path)
        if kept is None or kept[0] != stamp:
            made = self._open(path)
            if made is None:
                return None
            kept = self._kept[path] = (stamp, made)
        return kept[1]

    def _made(self, path: Path) -> int:
        """Which of the files of columns is a month's: a damaged one is replaced by another."""
        try:
            return (self._folder / f"{path.stem}{SUFFIX}").stat().st_mtime_ns
        except OSError:
            return 0

    def _open(self, path: Path) -> Segment | None:
        if len(path.stem) != MONTH_LENGTH:
            return segment(read_month(path, self._rules))
        target = self._folder / f"{path.stem}{SUFFIX}"
        if origin(target) != _origin(path, self._rules):
            return None
        try:
            return opened(target)
        except (OSError, ValueError, KeyError, TypeError):
            LOG.exception("%s: cannot be read; its month is asked until it is made anew", target)
            return None
