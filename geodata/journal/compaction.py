"""Compaction: cases leave memory for files, in the same form as the published ones.

The journal stays the truth. A generation holds the rows of every case with an event up to a number;
what comes later is folded on top, and a case of it that is named again is folded from its events
once more. So it does not matter which cases are compacted, nor when.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.columns.file import write
from geodata.columns.folder import rules_of
from geodata.columns.segment import read_month
from geodata.journal import locking
from geodata.journal.cases import LIVE_IDS
from geodata.journal.facts import named
from geodata.journal.generation import (
    CURRENT,
    EVENTS,
    LOCK,
    REPLACED,
    CompactionError,
    Generation,
    checksum_of,
    folder_of,
    hashes_of,
    refuse,
)
from geodata.journal.opening import cases_of
from geodata.journal.past import Past, past_of
from geodata.journal.sweeping import retired, sweep, sweep_pruned
from geodata.model.draft import Progress, silent
from geodata.model.overlay import Overlay
from geodata.store import room
from geodata.store.months import SCHEMA, put_month

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geodata.journal.cases import Cases
    from geodata.journal.journal import Entry, Journal
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int64]
    Run = npt.NDArray[np.uint64]

STEP: Final = 250_000  # events that are folded at a time: memory does not grow with the journal
FEW: Final = 10_000  # events that are not worth a compaction just after another one
LOOK_EVERY_S: Final = 0.2
DRAFT: Final = f".{CURRENT}.new"
COMPACTING: Final = "compact"


def compact(city: City, journal: Journal, progress: Progress = silent) -> Generation:
    """Put every case of the journal into files; whoever else is doing it is waited for.

    Where somebody else did it meanwhile, the few events since are left for the next time.

    Raises:
        JournalError: the journal cannot be read.
        CompactionError: the files cannot be written; the earlier ones stay.
    """
    folder = folder_of(city)
    try:
        few = 0
        while (held := locking.hold(folder / LOCK, str(os.getpid()))) is None:
            few = FEW
            time.sleep(LOOK_EVERY_S)
        try:
            return _on(city, journal, few, progress)
        finally:
            locking.let_go(held)
    except (OSError, pa.ArrowException) as error:
        msg = f"{folder}: cannot be written ({error}); check the disk and its owner"
        raise CompactionError(msg) from error


def _on(city: City, journal: Journal, few: int, progress: Progress) -> Generation:
    past = past_of(city, journal, whole=True)
    if past is None:
        refuse(folder_of(city))
    newest = past.generation if past else Generation(folder_of(city))
    sweep(newest)
    sweep_pruned(city)
    last = journal.last()
    if past is not None and last - newest.seq < few:
        return newest
    while newest.seq < last:
        cases = cases_of(city, Past(newest, journal))
        folded = _Folded()
        for part in journal.entries(after=newest.seq):
            cases.apply(part)
            folded.add(part)
            if cases.fresh >= STEP:
                break
        newest = _Next(city, newest, journal).written(cases, folded)
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
    journal: Journal
    files: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # For people, they are counted; but after all was removed the count begins anew.
        number = int(self.old.name.partition("-")[0] or 0) + 1
        self.name = f"{number}-{secrets.token_hex(8)}"
        self.folder = self.old.folder / self.name

    def written(self, cases: Cases, folded: _Folded) -> Generation:
        try:
            made = self._drafted(cases, folded)
            self.journal.note(self.name)
            draft = _listed(made)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)  # a full disk shall not stay full
            (self.old.folder / DRAFT).unlink(missing_ok=True)
            raise
        draft.replace(draft.with_name(CURRENT))
        _synced(made.folder)
        return made

    def _drafted(self, cases: Cases, folded: _Folded) -> Generation:
        live = cases.overlay()
        rows = live if live is not None else Overlay("", cases.columns())
        table, run = rows.table().cast(SCHEMA), folded.run()
        self._ask_for_room(table, run)
        self.folder.mkdir(parents=True)
        months = self._months(table, rows.touched)
        runs = self._runs(run)
        self._keep(REPLACED, _replaced(self.old, rows))
        made = Generation(
            folder=self.old.folder,
            name=self.name,
            seq=cases.version[1],
            mark=folded.mark,
            newest=cases.newest,
            months=months,
            runs=runs,
        )
        made = replace(made, files=self._files(made))
        return replace(made, retired=retired(self.old, made))

    def _ask_for_room(self, rows: pa.Table, run: Run) -> None:
        """See before anything is written that it can be: events that arrive need the room too.

        Raises:
            CompactionError: there is none.
        """
        new = {f"{month}.{kind}" for month in _by_month(rows) for kind in ("parquet", "col")}
        again = sum(
            size for name, (size, _) in self.old.files.items() if name.partition("/")[2] in new
        )
        if not room.has_room(self.old.folder, again + rows.nbytes + run.nbytes + room.LEAST):
            msg = f"{self.old.folder}: no room left on its disk; free some space"
            raise CompactionError(msg)

    def _months(self, rows: pa.Table, touched: Ints) -> dict[str, tuple[str, int]]:
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

    def _month(self, month: str, rows: pa.Table) -> tuple[str, int]:
        path, columns = (self.folder / f"{month}.{kind}" for kind in ("parquet", "col"))
        put_month(rows, path)
        write(read_month(path, rules_of(self.city.profile)), columns, {"file": path.name})
        self._note(path)
        self._note(columns)
        return self.name, int(rows["reported"].to_numpy().min())

    def _runs(self, run: Run) -> tuple[str, ...]:
        """Put the events beside the earlier ones; runs of about one size become one."""
        runs = list(self.old.runs)
        while runs:
            last = np.load(self.old.path(runs[-1], EVENTS))
            if last.shape[1] > 2 * run.shape[1]:
                break
            run = _sorted(np.concatenate([last, run], axis=1))
            runs.pop()
        self._keep(EVENTS, run)
        return (*runs, self.name)

    def _keep(self, name: str, values: npt.NDArray[Any]) -> None:
        np.save(self.folder / name, values)
        self._note(self.folder / name)

    def _note(self, path: Path) -> None:
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self.files[f"{self.name}/{path.name}"] = path.stat().st_size, checksum_of(path)

    def _files(self, made: Generation) -> dict[str, tuple[int, int]]:
        """Every file of a generation: ours, and those that were taken over."""
        used = {f"{folder}/{EVENTS}" for folder in made.runs}
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


def _listed(made: Generation) -> Path:
    """Write down a generation that is whole on the disk; the name of the list makes it newest."""
    draft = made.folder / DRAFT
    with draft.open("wb") as file:
        file.write(made.text())
        file.flush()
        os.fsync(file.fileno())
    for folder in (made.folder / made.name, made.folder):
        _synced(folder)
    return draft


def _synced(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
