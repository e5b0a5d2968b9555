"""What people have decided about proposals, in the order in which they did; nothing is changed."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

import orjson

from geodata.model.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = "decisions"
FILE: Final = "duplicates.jsonl"
OWNER_ONLY: Final = 0o600
CONFIRMED, DECLINED, UNDONE = "confirmed", "declined", "undone"
SAID: Final = (CONFIRMED, DECLINED, UNDONE)
Case = tuple[str, str]  # key of the source, and the number under which it knows the case


@dataclass(frozen=True)
class Decision:
    """Whether a report repeats another: who decided it and when (epoch seconds).

    said: confirmed, declined, or undone, which takes the last word back; alike: the report that
    it is most alike, where that is not the first.
    """

    said: str
    case: Case
    first: Case
    alike: Case
    actor: str
    at: int


@dataclass
class Decided:
    """Every decision as it stands: the last word on each report, if it was not taken back."""

    standing: dict[Case, Decision] = field(default_factory=dict)
    declined: dict[Case, set[Case]] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        """Put one further decision in."""
        case, pair = decision.case, {decision.first, decision.alike}
        if decision.said == UNDONE:
            self.standing.pop(case, None)
            self.declined[case] = self.declined.get(case, set()) - pair
            return
        self.standing[case] = decision
        if decision.said == DECLINED:
            self.declined[case] = self.declined.get(case, set()) | pair

    def is_settled(self, case: Case, first: Case, alike: Case) -> bool:
        """Whether somebody has decided about this pair, so that it is not proposed again."""
        word = self.standing.get(case)
        confirmed = word is not None and word.said == CONFIRMED
        return confirmed or bool(self.declined.get(case, set()) & {first, alike})


def read(data_dir: Path) -> Decided:
    """Every decision as it stands now.

    Raises:
        SnapshotError: the file is damaged.
    """
    path, decided = data_dir / FOLDER / FILE, Decided()
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return decided
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            break  # a kill left half of it, and nobody was told that it is kept
        try:
            said = orjson.loads(line)
            pairs = {name: tuple(said[name]) for name in ("case", "first", "alike")}
            decided.take(Decision(**{**said, **pairs}))
        except (ValueError, KeyError, TypeError) as error:
            msg = f"{path}, line {number}: is damaged; put it back from a backup"
            raise SnapshotError(msg) from error
    return decided


@contextmanager
def alone(data_dir: Path) -> Iterator[Decided]:
    """Decide while nobody else does: look first, and `keep` what was decided."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield read(data_dir)
    finally:
        os.close(handle)


def keep(data_dir: Path, decision: Decision) -> None:
    """Append a decision, on the disk before this returns; only within `alone`.

    Raises:
        OSError: it cannot be written.
    """
    path = data_dir / FOLDER / FILE
    handle = os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    with os.fdopen(handle, "rb+") as file:
        end = file.seek(0, os.SEEK_END)
        whole = _whole(path, end)
        try:
            file.truncate(whole)
            file.seek(whole)
            file.write(orjson.dumps(asdict(decision)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(whole)
            raise


def _whole(path: Path, end: int) -> int:
    """Bytes of the file without half a line at its end."""
    return path.read_bytes().rfind(b"\n") + 1 if end else 0
