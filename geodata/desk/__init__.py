"""The desk where files handed in are looked at and tried out, in a process of their own.

What a file says is believed by nobody in this process: a child reads it, notes what it found beside
the files, and may die of it.
"""

from __future__ import annotations

import logging
import sys
import threading
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from geodata.desk import turn
from geodata.desk.settling import live, take_over
from geodata.model.errors import BusyError, ImportRefusedError, SnapshotError
from geodata.store import arrivals
from geodata.store.prune import prune

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG: Final = logging.getLogger(__name__)
JOB: Final = "job"
TRIAL: Final = "trial"  # folder in which an arrival is published for a trial
LOGGED: Final = "work.log"
OUTDATED: Final = "outdated"
STOP_S: Final = 5.0

Task = Literal["look", "guess", "trial", "enact"]


@dataclass(frozen=True)
class Job:
    """What is being done with an arrival, or was done last.

    share: 0 to 1 of the whole; ended: whether nothing is going on; fault: why it failed, for the
    reader, and the same in Chinese where there are words for it; snapshot: what a trial made;
    beside: the live snapshot then, whose boundaries the trial keeps.
    """

    task: str = ""
    step: str = ""
    share: float = 0.0
    ended: bool = True
    fault: str = ""
    fault_zh: str = ""
    snapshot: str = ""
    beside: str = ""


class OutdatedError(ImportRefusedError):
    """A trial of before the city was last published."""


def job(home: Path) -> Job:
    """What was noted last of the work on an arrival."""
    noted = arrivals.noted(home, JOB)
    now = Job(**noted) if noted else Job()
    return replace(now, fault=now.fault.replace(f"{home / arrivals.FILES}/", ""))


def tell(home: Path, now: Job) -> None:
    """Note how the work goes, for whoever asks."""
    arrivals.note(home, JOB, asdict(now))


class Desk:
    """Does one thing at a time, each in a child process; safe for many threads.

    Whatever changes an arrival goes through here, so that nothing changes under the child's hands
    and no trial outlives what it was a trial of.
    """

    def __init__(self, data_dir: Path) -> None:
        """Take the folder where arrivals lie and cities are published."""
        self._data_dir = data_dir
        self._lock = threading.RLock()
        self._child: turn.Child | None = None
        self._home: Path | None = None

    def job(self, home: Path) -> Job:
        """How the work on an arrival goes; one whose process is gone has failed.

        It has ended when its process has, so that the next task can begin at once, and nothing is
        noted by a child whose server is gone.
        """
        with self._lock:
            now = job(home)
            if self._works_on(home):
                return replace(now, ended=False)
            if not now.ended and not self._is_anothers():
                now = Job(now.task, now.step, now.share, fault="interrupted")
                tell(home, now)
            return now

    def receive(self, home: Path, name: str, at: int, size: int, chunk: bytes) -> int:
        """Take a piece of a file in; see `arrivals.receive`.

        Raises:
            ImportRefusedError: it cannot be accepted.
            BusyError: the arrival is being worked on.
        """
        with self._lock:
            self._need_rest(home)
            got = arrivals.receive(home, name, at, size, chunk)
            if job(home).snapshot:
                tell(home, Job("files"))  # what was tried is not what is here
            return got

    def change(self, home: Path, edit: Callable[[], None], task: Task) -> None:
        """Change something about an arrival and begin the task that follows from it.

        Raises:
            BusyError: something is being worked on; nothing was changed.
        """
        with self._lock:
            self._need_rest()
            edit()
            self.start(home, task)

    def start(self, home: Path, task: Task) -> None:
        """Begin a task on an arrival.

        Raises:
            BusyError: another one is being worked on.
        """
        with self._lock:
            self._need_rest()
            command = [sys.executable, "-m", "geodata.desk", task, str(home)]
            with turn.taken(self._data_dir) as lock:
                tell(home, Job(task=task, ended=False))
                self._child, self._home = turn.Child(lock, command, home / LOGGED), home

    def stop(self, home: Path) -> None:
        """End the task on an arrival, if there is one; what it had begun is not published.

        Raises:
            BusyError: another process works here, and goes on.
        """
        with self._lock:
            if self._child is not None and self._works_on(home):
                self._child.stop(STOP_S)
            elif job(home).ended:
                return
            elif not self._works_on() and not turn.is_free_within(self._data_dir, STOP_S):
                raise BusyError(turn.BUSY)
            tell(home, Job(task=job(home).task, fault="stopped"))

    def confirm(self, home: Path) -> str:
        """Make what the trial made the live city; returns the id of its snapshot.

        Raises:
            OutdatedError: another city is live than when it was tried.
            ImportRefusedError: there was no trial of the arrival as it is now.
        """
        with self._lock:
            self._need_rest(home)
            now = job(home)
            if now.task != "trial" or not now.snapshot:
                msg = "check the import first; nothing was tried since the last change"
                raise ImportRefusedError(msg)
            if live(self._data_dir) not in {now.beside, now.snapshot}:  # the latter: begun before
                tell(home, Job("trial", fault=OUTDATED))
                msg = "another city was published since the import was tried; try it again"
                raise OutdatedError(msg)
            take_over(home / TRIAL, now.snapshot, self._data_dir)
            tell(home, Job("published", share=1.0, snapshot=now.snapshot))
            self._prune()
        LOG.info("published %s from arrival %s", now.snapshot, home.name)
        return now.snapshot

    def _prune(self) -> None:
        try:
            prune(self._data_dir)
        except (OSError, SnapshotError):  # the city is published all the same
            LOG.exception("old snapshots cannot be removed")

    def _works_on(self, home: Path | None = None) -> bool:
        """Whether the child of an arrival, or of any, is alive."""
        mine = home is None or self._home == home
        return mine and self._child is not None and self._child.works

    def _is_anothers(self) -> bool:
        """Whether a child works here that another desk began, perhaps one of a server now gone."""
        return not self._works_on() and turn.is_taken(self._data_dir)

    def _need_rest(self, home: Path | None = None) -> None:
        if self._works_on(home) or self._is_anothers():
            raise BusyError(turn.BUSY)
