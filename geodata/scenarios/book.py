"""One scenario in memory beside its file: what others append is read, one writes at a time."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.model.errors import SnapshotError
from geodata.planner.history import History
from geodata.scenarios import grounds
from geodata.scenarios.grounded import metres
from geodata.scenarios.lines import OWNER_ONLY, Lines
from geodata.scenarios.state import DRAFT, Scenario, writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.scenarios.grounded import Grounded

LINES: Final = "lines.jsonl"
GROUND: Final = "ground"
ORIGIN: Final = np.array([shapely.Point(0, 0)])


def ground_of(folder: Path, scope: str) -> Grounded:
    """The ground on which the scenario in a folder began, of its scope; no line of it is read."""
    return grounds.opened(folder / GROUND, scope)


class Book:
    """The file of one scenario and what it says, read once and then line by line."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self._folder = folder
        self.lines = Lines(folder / LINES)
        self._scenario: Scenario | None = None
        self._lock = threading.RLock()

    def current(self) -> Scenario:
        """The scenario with every line that is in the file.

        Raises:
            SnapshotError: a line was altered, or its ground is damaged.
        """
        with self._lock:
            try:
                for line in self.lines.read():
                    self._scenario = self._after(line)
            except BaseException:  # what was read and not taken over is read again
                self.lines, self._scenario = Lines(self.lines.path), None
                raise
            if self._scenario is None:
                what = "holds half a line" if self.lines.torn else "is empty"
                msg = f"{self.lines.path}: {what}; remove its folder"
                raise SnapshotError(msg)
            seal, torn = self.lines.seal, self.lines.torn
            if (seal, torn) != (self._scenario.seal, self._scenario.torn):
                self._scenario = replace(self._scenario, seal=seal, torn=torn)
            return self._scenario

    def _after(self, line: dict[str, Any]) -> Scenario:
        return self._first(line) if self._scenario is None else self._scenario.told(line)

    def _first(self, line: dict[str, Any]) -> Scenario:
        there = ground_of(self._folder, line["scope"])
        metres(there, ORIGIN)  # the way from degrees is looked up now, not at the first stroke
        told = {name: line[name] for name in ("id", "name", "scope", "rules", "base", "parent",
                                              "author")}  # fmt: skip
        return Scenario(
            **told, created=int(line["at"]), changed=int(line["at"]), by=line["author"],
            state=DRAFT, grounded=there, history=History(there.today),
        )  # fmt: skip

    @contextmanager
    def alone(self) -> Iterator[Scenario]:
        """The scenario as it stands, while no other thread or process may change it."""
        with self._lock:
            handle = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, OWNER_ONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield self.current() if self.lines.path.exists() else None  # type: ignore[misc]
            finally:
                os.close(handle)

    def append(self, line: dict[str, Any], after: Scenario | None = None) -> Scenario:
        """Write a line; after: the scenario that it leads to, where it is at hand.

        Only within `alone`.
        """
        line = {"at": int(time.time()), **line}
        self.lines.append(line)
        if after is None:
            after = self.current().told(line)
        self._scenario = replace(
            after, changed=int(line["at"]), by=writer(line), seal=self.lines.seal, torn=False
        )
        return self._scenario
