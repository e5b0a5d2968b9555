"""Cases that were compacted: in which files they lie, up to which event, and whether all is whole.

`DIR/compacted/<snapshot>/current.json` names the newest generation: files in numbered folders, each
with its size and checksum. None of them is ever changed; the next generation takes over those in
which nothing is new. All of it is derived and may be removed at any time.

    7-5f…/2026-11.parquet   cases by the month of their report, as published ones are kept
    7-5f…/2026-11.col       the same as columns
    7-5f…/events.npy        which events name a case: hash of the case, and number, ordered by hash
    7-5f…/replaced.npy      ids of published cases among these

A folder has a name that none had before, so that no file is taken for another, and the journal
knows the name: where it was put back from an older copy it does not, and nothing is taken over.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.columns.file import FORMAT
from geodata.journal import locking
from geodata.model.errors import YipingError
from geodata.model.overlay import Settled
from geodata.store.prune import COMPACTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int64]

CURRENT: Final = "current.json"
REFUSED: Final = "refused.json"  # what was `current.json`, until nobody reads its files any more
LOCK: Final = "compact.lock"
EVENTS: Final = "events.npy"
REPLACED: Final = "replaced.npy"
# Of the files, of the columns, and of the fold: where one is another, all is made anew.
FORM: Final = (4, FORMAT)
CHUNK: Final = 1 << 22
HASH_BYTES: Final = 8
NEVER: Final = 2**32 - 1
NO_STAMP: Final = (0, 0)


class CompactionError(YipingError):
    """What was compacted cannot be used, or cannot be made; the message names the file."""


def folder_of(city: City) -> Path:
    """Where the generations of a city lie."""
    return city.data_dir / COMPACTED / city.id


def hashes_of(cases: Iterable[tuple[str, str]]) -> npt.NDArray[np.uint64]:
    """A number for each case, by its channel and number; two may share one."""
    texts = (f"{source}\0{key}".encode() for source, key in cases)
    whole = b"".join(hashlib.blake2b(each, digest_size=HASH_BYTES).digest() for each in texts)
    return np.frombuffer(whole, np.uint64)


@dataclass(frozen=True, eq=False)
class Generation:
    """One state of what was compacted.

    name: of its own folder; seq, mark: number and checksum of the newest event in it; newest: the
    latest moment of one; months: month → folder of its files and the earliest report in them; runs:
    folders of `events`; files: name → bytes and checksum; retired: files of earlier generations
    that somebody may still read → since when.
    """

    folder: Path
    name: str = ""
    seq: int = 0
    mark: int = 0
    newest: int = 0
    months: dict[str, tuple[str, int]] = field(default_factory=dict)
    runs: tuple[str, ...] = ()
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)

    def path(self, folder: str, name: str) -> Path:
        """One of its files."""
        return self.folder / folder / name

    @cached_property
    def settled(self) -> Settled:
        """Its cases, as engines take them."""
        months = sorted((month, folder) for month, (folder, _) in self.months.items())
        return Settled(
            months=tuple(self.path(folder, f"{month}.parquet") for month, folder in months),
            segments=tuple(self.path(folder, f"{month}.col") for month, folder in months),
            replaced=np.load(self.path(self.name, REPLACED)) if self.name else _NO_IDS,
            first=min((first for _, first in self.months.values()), default=NEVER),
        )

    def open(self) -> None:
        """Read or map what the fold needs, which then stays though the files be removed.

        Raises:
            CompactionError: a file is not there, or not what it should be.
        """
        with self._told():
            self.settled, self._index  # noqa: B018

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, IndexError) as error:
            msg = f"{self.folder / self.name}: cannot be read ({error})"
            raise CompactionError(msg) from error

    @cached_property
    def _index(self) -> list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]]:
        read = (np.load(self.path(folder, EVENTS), mmap_mode="r") for folder in self.runs)
        return [(run[0], run[1]) for run in read]

    def events(self, cases: Sequence[tuple[str, str]]) -> list[int]:
        """Numbers of the events that name one of these cases, and perhaps of others.

        Raises:
            CompactionError: as `open`.
        """
        with self._told():
            return sorted(self._events(np.unique(hashes_of(cases))))

    def _events(self, wanted: npt.NDArray[np.uint64]) -> set[int]:
        found: set[int] = set()
        for hashes, numbers in self._index:
            low, high = (np.searchsorted(hashes, wanted, side) for side in ("left", "right"))
            for first, last in zip(low[low < high], high[low < high], strict=True):
                found.update(numbers[first:last].tolist())
        return found

    def faults(self, *, whole: bool = False) -> list[str]:
        """Say in one sentence each which files are not as they were written.

        whole: all of them are read, not only their sizes.
        """
        found = []
        for name, (size, checksum) in self.files.items():
            path = self.folder / name
            try:
                is_same = path.stat().st_size == size
                is_same = is_same and (not whole or checksum_of(path) == checksum)
            except OSError:
                is_same = False
            if not is_same:
                found.append(f"{path}: is not as it was written")
        return found

    def text(self) -> bytes:
        """As it is written down."""
        body = asdict(self) | {"form": FORM}
        del body["folder"]
        line = json.dumps(body, sort_keys=True)
        return json.dumps({"check": zlib.crc32(line.encode()), "generation": line}).encode()


_NO_IDS: Final = np.empty(0, np.int64)


def checksum_of(path: Path) -> int:
    """Of a whole file."""
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            checksum = zlib.crc32(part, checksum)
    return checksum


def current(folder: Path) -> Generation | None:
    """The newest generation of a folder; None where there is none that this program can read.

    Raises:
        CompactionError: what is written about it is damaged.
    """
    path = folder / CURRENT
    try:
        said = json.loads(path.read_bytes())
        line = said["generation"]
        if zlib.crc32(line.encode()) != said["check"]:
            msg = f"{path}: is not as it was written"
            raise CompactionError(msg)
        body = json.loads(line)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise CompactionError(msg) from error
    if tuple(body.pop("form")) != FORM:
        return None
    return Generation(folder=folder, **body)


def stamp(folder: Path) -> tuple[int, int]:
    """Changes with the newest generation; zeros where there is none."""
    try:
        state = (folder / CURRENT).stat()
    except OSError:
        return NO_STAMP
    return (state.st_mtime_ns, state.st_ino)


def refuse(folder: Path) -> None:
    """Let nobody begin with the newest generation; its files stay for those who read them."""
    with contextlib.suppress(FileNotFoundError):
        (folder / CURRENT).replace(folder / REFUSED)
        os.utime(folder / REFUSED)


def give_up(generation: Generation) -> None:
    """Refuse a generation, unless another is in its place or being made, by whom it is read whole.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = generation.folder
    held = locking.hold(folder / LOCK, str(os.getpid()))
    if held is None:
        return
    try:
        found = current(folder)
        if found is not None and found.name == generation.name:
            refuse(folder)
    except CompactionError:
        refuse(folder)
    finally:
        locking.let_go(held)
