"""Work on a scenario that takes a while: in a process of its own, one at a time, with an end.

A job is a folder: what was asked, how far it is, what came of it. So every process of the server
knows it. The child holds the turn for as long as it lives (`geodata.desk.turn`).
"""

from __future__ import annotations

import json
import secrets
import shutil
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.desk.turn import Child, is_taken, taken
from geodata.planner.plan import Plan
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "planning"
ASKED, TOLD, MADE, STOP, LOG = "asked.json", "told.json", "made.json", "stop", "log.txt"
TAKEN: Final = "taken.txt"  # keys of the steps by which its plans were taken
RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"
CHILD: Final = "dashboard.server.planning.working"
END_S: Final = 5.0  # that a child has to go after it said its last word
KEPT: Final = 8  # jobs, the newest
BROKEN: Final = "broken"  # it ended without a word


class NoJobError(LookupError):
    """There is no such job of this scenario, or it was put away."""


@dataclass(frozen=True)
class Told:
    """How far a job is; why: of a failure; made: by alternative, what is said of it."""

    state: str
    share: float
    why: str
    made: list[dict[str, Any]]


class Jobs:
    """The jobs of a data directory."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is begun."""
        self._data_dir, self._home = data_dir, data_dir / FOLDER
        self._lock = threading.Lock()
        self._begun: tuple[str, Child | None] = ("", None)

    def begin(self, plan: str, head: str, asked: dict[str, Any]) -> str:
        """Begin a job on a scenario as it is after a step; its name.

        Raises:
            BusyError: another one is under way.
        """
        self._home.mkdir(parents=True, exist_ok=True)
        with taken(self._home) as lock:
            self._let_go(self._begun[0])  # it has ended, as the turn is ours
            self._put_away()
            self._give_up()
            job = f"{plan[:40]}-{secrets.token_hex(6)}"
            folder = self._home / job
            folder.mkdir()
            told = {"plan": plan, "head": head, "data_dir": str(self._data_dir.resolve()), **asked}
            tell(folder, RUNNING, 0.0)
            write_text(folder / ASKED, json.dumps(told))  # last: by it others know of the job
            command = [sys.executable, "-m", CHILD, str(folder)]
            with self._lock:
                self._begun = (job, Child(lock, command, folder / LOG))
        return job

    def told(self, plan: str, job: str) -> Told:
        """How far it is.

        Raises:
            NoJobError: there is none.
        """
        folder = self._folder(plan, job)
        now = json.loads((folder / TOLD).read_text("utf-8"))
        if now["state"] != RUNNING:
            self._let_go(job)
        elif not is_taken(self._home):
            now = json.loads((folder / TOLD).read_text("utf-8"))  # it may just have ended
            if now["state"] == RUNNING:
                now = {"state": FAILED, "share": now["share"], "why": BROKEN}
        made = json.loads((folder / MADE).read_text("utf-8")) if now["state"] == DONE else []
        return Told(now["state"], now["share"], now.get("why", ""), made)

    def _let_go(self, job: str) -> None:
        """Wait for the child of a job that has ended, so that it leaves nothing behind."""
        with self._lock:
            name, child = self._begun
            if name == job and child is not None:
                child.stop(END_S)
                self._begun = ("", None)

    def stop(self, plan: str, job: str) -> None:
        """Have it end soon.

        Raises:
            NoJobError: there is none.
        """
        (self._folder(plan, job) / STOP).touch()

    def plan(self, plan: str, job: str, key: str, at: Plan) -> Plan:
        """One of the plans it made, with the locks of the plan that it began with.

        Raises:
            NoJobError: there is none of this key.
        """
        path = self._folder(plan, job) / f"{key}.npz"
        if not path.exists():
            raise NoJobError(key)
        with np.load(path, allow_pickle=False) as kept:
            made = {name: kept[name] for name in kept.files}
        return Plan(
            str(made["ground"]), made["grid"], tuple(made["codes"].tolist()), made["community"],
            at.locked,
        )  # fmt: skip

    def asked(self, plan: str, job: str) -> dict[str, Any]:
        """What a job was asked; head: the step of the scenario that it began with.

        Raises:
            NoJobError: there is none.
        """
        found: dict[str, Any] = json.loads((self._folder(plan, job) / ASKED).read_text("utf-8"))
        return found

    def taken(self, plan: str, job: str) -> dict[str, str]:
        """The keys of its plans that were taken, by the step that did it.

        Raises:
            NoJobError: there is none.
        """
        path = self._folder(plan, job) / TAKEN
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return {step: key for step, _, key in (line.partition(" ") for line in lines)}

    def note_taken(self, plan: str, job: str, step: str, key: str) -> None:
        """Note the step by which one of its plans was taken."""
        with (self._folder(plan, job) / TAKEN).open("a", encoding="utf-8") as steps:
            steps.write(f"{step} {key}\n")

    def newest(self, plan: str, at: str, head: str) -> str:
        """The last job of a place, if it runs or its plans can be taken where a scenario stands.

        at: code of the place; head: the scenario's last step. "" = there is none.
        """
        for folder in self._newest_first():
            with suppress(OSError, ValueError, NoJobError):  # put away just now, or damaged
                if self._is_of(folder, plan, at):
                    return folder.name if self._stands(plan, folder.name, head) else ""
        return ""

    def _stands(self, plan: str, job: str, head: str) -> bool:
        here = head in self.taken(plan, job) or head == self.asked(plan, job)["head"]
        return here and self.told(plan, job).state in {RUNNING, DONE}

    @staticmethod
    def _is_of(folder: Path, plan: str, at: str) -> bool:
        asked = json.loads((folder / ASKED).read_text("utf-8"))
        return bool(asked["plan"] == plan and asked.get("at", "") == at)

    def _folder(self, plan: str, job: str) -> Path:
        folder = self._home / job
        if not (folder / ASKED).exists():
            raise NoJobError(job)
        if json.loads((folder / ASKED).read_text("utf-8"))["plan"] != plan:
            raise NoJobError(job)
        return folder

    def _newest_first(self) -> list[Path]:
        """The folders of all jobs."""
        return sorted(
            (path for path in self._home.glob("*/") if path.is_dir()), key=_age, reverse=True
        )

    def _put_away(self) -> None:
        """Drop all but the newest jobs; none of them is under way, as we have the turn."""
        for folder in self._newest_first()[KEPT - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)

    def _give_up(self) -> None:
        """Note of jobs that ended without a word that they did: as we have the turn none runs."""
        for folder in self._newest_first():
            with suppress(OSError, ValueError):  # never begun, or damaged
                now = json.loads((folder / TOLD).read_text("utf-8"))
                if now["state"] == RUNNING:
                    tell(folder, FAILED, now["share"], BROKEN)


def _age(folder: Path) -> int:
    """When a job was begun; one that never was is the oldest."""
    with suppress(FileNotFoundError):
        return (folder / ASKED).stat().st_mtime_ns
    return 0


def tell(folder: Path, state: str, share: float, why: str = "") -> None:
    """Note how far a job is."""
    write_text(folder / TOLD, json.dumps({"state": state, "share": share, "why": why}))


def write_made(folder: Path, made: list[dict[str, Any]]) -> None:
    """Note what is said of each plan that a job made."""
    write_text(folder / MADE, json.dumps(made))


def keep(folder: Path, key: str, plan: Plan) -> None:
    """Keep a plan that a job made."""
    np.savez_compressed(
        folder / f"{key}.npz", ground=np.array(plan.ground), grid=plan.grid,
        codes=np.array(plan.codes), community=plan.community,
    )  # fmt: skip
