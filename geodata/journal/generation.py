"""Cases that were compacted: in which files they lie, up to which event, and whether all is whole.

`DIR/compacted/<snapshot>/current.json` names the newest generation: files in numbered folders, each
with its size and checksum. None of them is ever changed; the next generation takes over those in
which nothing is new. All of it is derived and may be removed at any time.

    7/2026-11.parquet   cases by the month of their report, as published ones are kept
    7/2026-11.col       the same as columns
    7/events.npy        which events name a case: hash of the case and number, in order of hash
    7/replaced.npy      ids of published cases among these
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.columns.segment import FORMAT
from geodata.model.errors import YipingError
from geodata.model.overlay import Settled
from geodata.store.prune import COMPACTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int64]

CURRENT: Final = "current.json"
EVENTS: Final = "events.npy"
REPLACED: Final = "replaced.npy"
# Of the files, of the columns, and of the fold: where one is another, all is made anew.
FORM: Final = (1, FORMAT)
CHUNK: Final = 1 << 22
HASH_BYTES: Final = 8
NEVER: Final = 2**32 - 1


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

    seq, mark: number and checksum of the newest event in it; newest: the latest moment of one;
    months: month → folder of its files and the earliest report in them; runs: folders of `events`;
    files: name → bytes and checksum; retired: files of earlier generations that somebody may still
    read → since when.
    """

    folder: Path
    number: int = 0
    seq: int = 0
    mark: int = 0
    newest: int = 0
    months: dict[str, tuple[int, int]] = field(default_factory=dict)
    runs: tuple[int, ...] = ()
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)

    def path(self, number: int, name: str) -> Path:
        """One of its files."""
        return self.folder / str(number) / name

    @cached_property
    def settled(self) -> Settled:
        """Its cases, as engines take them."""
        months = sorted((month, number) for month, (number, _) in self.months.items())
        return Settled(
            months=tuple(self.path(number, f"{month}.parquet") for month, number in months),
            segments=tuple(self.path(number, f"{month}.col") for month, number in months),
            replaced=np.load(self.path(self.number, REPLACED)) if self.number else _NO_IDS,
            first=min((first for _, first in self.months.values()), default=NEVER),
        )

    @cached_property
    def _runs(self) -> list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]]:
        read = (np.load(self.path(number, EVENTS), mmap_mode="r") for number in self.runs)
        return [(run[0], run[1]) for run in read]

    def events(self, cases: Sequence[tuple[str, str]]) -> list[int]:
        """Numbers of the events that name one of these cases, and perhaps of others."""
        wanted = np.unique(hashes_of(cases))
        found: list[int] = []
        for hashes, numbers in self._runs:
            low, high = (np.searchsorted(hashes, wanted, side) for side in ("left", "right"))
            for first, last in zip(low[low < high], high[low < high], strict=True):
                found += numbers[first:last].tolist()
        return sorted(set(found))

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
        return (0, 0)
    return (state.st_mtime_ns, state.st_ino)
