"""Lines of a scenario's file: each sealed with the one before, so that none can be altered unseen.

A line is on the disk before anybody is told; half a line that a kill left behind is dropped.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from geodata.model.errors import SnapshotError

if TYPE_CHECKING:
    from pathlib import Path

SEAL: Final = "seal"
LENGTH: Final = 16
OWNER_ONLY: Final = 0o600


@dataclass
class Lines:
    """One file; whoever appends holds the lock of its scenario.

    seal: of the last line read; end: bytes up to there; torn: whether half a line came after.
    """

    path: Path
    seal: str = ""
    end: int = 0
    torn: bool = field(default=False, repr=False)
    _count: int = 0

    def read(self) -> list[dict[str, Any]]:
        """What was appended since the last reading.

        Raises:
            SnapshotError: a line was altered, or cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self.end)
                fresh = file.read()
        except FileNotFoundError:
            return []
        whole = fresh.rfind(b"\n") + 1
        self.torn = whole < len(fresh)
        return [self._taken(line) for line in fresh[:whole].splitlines(keepends=True)]

    def _taken(self, line: bytes) -> dict[str, Any]:
        try:
            told: dict[str, Any] = orjson.loads(line)
            seal = told.pop(SEAL)
        except (ValueError, KeyError, AttributeError) as error:
            raise self._damaged() from error
        if seal != self._sealed(told):
            raise self._damaged()
        self.seal, self.end, self._count = seal, self.end + len(line), self._count + 1
        return told

    def _damaged(self) -> SnapshotError:
        msg = f"{self.path}, line {self._count + 1}: was altered; put the file back from a backup"
        return SnapshotError(msg)

    def append(self, told: dict[str, Any]) -> None:
        """Write a line; it is on the disk when this returns.

        Raises:
            OSError: it cannot be written, and nothing of it stays.
        """
        seal = self._sealed(told)
        line = orjson.dumps(told | {SEAL: seal}) + b"\n"
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        try:
            os.ftruncate(handle, self.end)  # half a line of a killed writer
            try:
                _write(handle, line, self.end)
                os.fdatasync(handle)
            except OSError:
                os.ftruncate(handle, self.end)
                raise
        finally:
            os.close(handle)
        self.seal, self.end, self._count = seal, self.end + len(line), self._count + 1
        self.torn = False

    def _sealed(self, told: dict[str, Any]) -> str:
        text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(self.seal.encode() + text).hexdigest()[:LENGTH]


def _write(handle: int, line: bytes, at: int) -> None:
    while line:
        written = os.pwrite(handle, line, at)
        line, at = line[written:], at + written
