"""Compaction: cases leave memory for files, in the same form as the published ones.

The journal stays the truth. A generation holds the rows of every case with an event up to a number;
what comes later is folded on top, and a case of it that is named again is folded from its events
once more. So it does not matter which cases are compacted, nor when.
"""

from __future__ import annotations

import os
import time
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.columns.folder import rules_of
from geodata.columns.segment import read_month, write
from geodata.journal import locking
from geodata.journal.cases import LIVE_IDS
from geodata.journal.facts import named
from geodata.journal.generation import (
    CURRENT,
    EVENTS,
    REPLACED,
    CompactionError,
    Generation,
    checksum_of,
    folder_of,
    hashes_of,
)
from geodata.journal.opening import cases_of
from geodata.journal.past import Past, past_of
from geodata.model.draft import Progress, silent
from geodata.model.overlay import Overlay
from geodata.store.months import SCHEMA, put_month

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geodata.journal.cases import Cases
    from geodata.journal.journal import Entry, Journal
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int64]
    Run = npt.NDArray[np.uint64]

LOCK: Final = "compact.lock"
STEP: Final = 250_000  # events that are folded at a time: memory does not grow with the journal
READ_ON_S: Final = 3_600  # for so long somebody may still read files of an earlier generation
LOOK_EVERY_S: Final = 0.2
COMPACTING: Final = "compact"


def compact(city: City, journal: Journal, progress: Progress = silent) -> Generation:
    """Put every case of the journal into files; whoever else is doing it is waited for.

    Raises:
        JournalError: the journal cannot be read.
        CompactionError: the files cannot be written; the earlier ones stay.
    """
    folder = folder_of(city)
    try:
        while (held := locking.hold(folder / LOCK, str(os.getpid()))) is None:
            time.sleep(LOOK_EVERY_S)
        try:
            return _on(city, journal, progress)
        finally:
            locking.let_go(held)
    except (OSError, pa.ArrowException) as error:
        msg = f"{folder}: cannot be written ({error}); check the disk and its owner"
        raise CompactionError(msg) from error


def _on(city: City, journal: Journal, progress: Progress) -> Generation:
    past = past_of(city, journal, whole=True)
    newest = past.generation if past else Generation(folder_of(city))
    if past:
        _sweep(newest)
    last = journal.last()
    while newest.seq < last:
        cases = cases_of(city, Past(newest, journal))
        folded = _Folded()
        for part in journal.entries(after=newest.seq):
            cases.apply(part)
            folded.add(part)
            if cases.fresh >= STEP:
                break
        newest = _Next(city, newest).written(cases, folded)
        progress(COMPACTING, min(newest.seq / last, 1.0))
    return newest


@dataclass
class _Folded:
    """Which cases the events of one generation name."""

    cases: dict[tuple[str, str], int] = field(default_factory=dict)
    which: list[int] = field(default_factory=list)  # of the cases, and by which event
    numbers: list[int] = field(default_factory=list)
    mark: int = 0

    def add(self, entries: list[Entry]) -> None:
        for entry in entries:
            for case in named(entry.line):
                self.which.append(self.cases.setdefault(case, len(self.cases)))
                self.numbers.append(entry.seq)
        self.mark = zlib.crc32(entries[-1].line)

    def run(self) -> Run:
        hashes = hashes_of(self.cases)[self.which]
        return _sorted(np.stack([hashes, np.array(self.numbers, np.uint64)]))


@dataclass
class _Next:
    """Writes the generation after another one; nobody sees it before all of it is on the disk."""

    city: City
    old: Generation
    files: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken = [int(path.name) for path in self.old.folder.iterdir() if path.name.isdecimal()]
        self.number = max([self.old.number, *taken]) + 1
        self.folder = self.old.folder / str(self.number)

    def written(self, cases: Cases, folded: _Folded) -> Generation:
        live = cases.overlay()
        rows = live if live is not None else Overlay("", cases.columns())
        self.folder.mkdir(parents=True)
        months = self._months(rows.table().cast(SCHEMA), rows.touched)
        runs = self._runs(folded.run())
        self._keep(REPLACED, _replaced(self.old, rows))
        made = Generation(
            folder=self.old.folder,
            number=self.number,
            seq=cases.version[1],
            mark=folded.mark,
            newest=cases.newest,
            months=months,
            runs=runs,
        )
        return _switched(self.old, replace(made, files=self._files(made)))

    def _months(self, rows: pa.Table, touched: Ints) -> dict[str, tuple[int, int]]:
        """Write the months in which something is new; the others stay as they are."""
        by_month = _by_month(rows)
        months = dict(self.old.months)
        for month in sorted({*by_month, *months}):
            before = self._before(month)
            gone = np.isin(before["id"].to_numpy(), touched)
            if month not in by_month and not gone.any():
                continue
            kept = before.filter(pa.array(~gone))
            whole = pa.concat_tables([kept, *by_month.get(month, [])])
            months.pop(month, None)
            if len(whole):
                months[month] = self._month(month, whole)
        return months

    def _before(self, month: str) -> pa.Table:
        if month not in self.old.months:
            return SCHEMA.empty_table()
        return pq.read_table(self.old.path(self.old.months[month][0], f"{month}.parquet"))

    def _month(self, month: str, rows: pa.Table) -> tuple[int, int]:
        path, columns = (self.folder / f"{month}.{kind}" for kind in ("parquet", "col"))
        put_month(rows, path)
        write(read_month(path, rules_of(self.city.profile)), columns, {"file": path.name})
        self._note(path)
        self._note(columns)
        return self.number, int(rows["reported"].to_numpy().min())

    def _runs(self, run: Run) -> tuple[int, ...]:
        """Put the events beside the earlier ones; runs of about one size become one."""
        runs = list(self.old.runs)
        while runs:
            last = np.load(self.old.path(runs[-1], EVENTS))
            if last.shape[1] > 2 * run.shape[1]:
                break
            run = _sorted(np.concatenate([last, run], axis=1))
            runs.pop()
        self._keep(EVENTS, run)
        return (*runs, self.number)

    def _keep(self, name: str, values: npt.NDArray[Any]) -> None:
        np.save(self.folder / name, values)
        self._note(self.folder / name)

    def _note(self, path: Path) -> None:
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self.files[f"{self.number}/{path.name}"] = path.stat().st_size, checksum_of(path)

    def _files(self, made: Generation) -> dict[str, tuple[int, int]]:
        """Every file of a generation: ours, and those that were taken over."""
        used = {f"{number}/{EVENTS}" for number in made.runs}
        used |= {
            f"{n}/{m}.{kind}" for m, (n, _) in made.months.items() for kind in ("parquet", "col")
        }
        return {name: state for name, state in self.old.files.items() if name in used} | self.files


def _sorted(run: Run) -> Run:
    return run[:, np.argsort(run[0], kind="stable")]


def _replaced(old: Generation, rows: Overlay) -> Ints:
    before = np.setdiff1d(old.settled.replaced, rows.touched)
    ids = rows.columns["id"]
    return np.union1d(before, ids[ids < LIVE_IDS])


def _by_month(rows: pa.Table) -> dict[str, list[pa.Table]]:
    reported = rows["reported"].to_numpy().astype("datetime64[s]").astype("datetime64[M]")
    return {str(m): [rows.filter(pa.array(reported == m))] for m in np.unique(reported)}


def _switched(old: Generation, made: Generation) -> Generation:
    """Make a generation the newest, in one step."""
    now = int(time.time())
    retired = {name: since for name, since in old.retired.items() if now - since < READ_ON_S}
    retired |= {name: now for name in old.files if name not in made.files}
    made = replace(made, retired=retired)
    path = made.folder / CURRENT
    draft = path.with_name(f".{CURRENT}.new")
    with draft.open("wb") as file:
        file.write(made.text())
        file.flush()
        os.fsync(file.fileno())
    for folder in (made.folder / str(made.number), made.folder):
        _synced(folder)
    draft.replace(path)
    _synced(made.folder)
    return made


def _synced(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(newest: Generation) -> None:
    """Remove what nobody reads any more, and what a broken compaction left."""
    now = time.time()
    kept = {*newest.files}
    kept |= {name for name, since in newest.retired.items() if now - since < READ_ON_S}
    for path in newest.folder.glob("*/*"):
        if f"{path.parent.name}/{path.name}" not in kept:
            path.unlink(missing_ok=True)
    for folder in newest.folder.iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
