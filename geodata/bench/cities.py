"""The city that is measured: reused where it was published before, else made up; never changed."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.columns import build_columns
from geodata.model.periods import DAY
from geodata.publish import publish
from geodata.publish.steps import MAKING, staged
from geodata.store.prune import GROUNDS, KEYS
from geodata.store.snapshots import FEED, LIVE, SNAPSHOTS, City, open_city

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geodata.model.draft import Progress

SEED: Final = 7
COLUMNS: Final = "columns"
CHUNK: Final = 1 << 22  # bytes
OLD_S: Final = 2 * DAY  # a city whose history ended before has nothing in its newest periods


def made_up(folder: Path, scale: str, progress: Progress) -> City:
    """A demo city of this scale in a folder of ours; made anew once its history is old."""
    if (folder / LIVE).exists():
        city = open_city(folder)
        if time.time() - city.meta["built"] < OLD_S:
            return given(folder, progress)
        shutil.rmtree(folder)
    # The generator is heavy and only wanted here.
    from geodata.demo.city import demo_draft  # noqa: PLC0415

    made_of = staged(progress, MAKING)
    made, _ = demo_draft(scale, SEED, None, made_of)
    publish(made, folder, made_of)
    return given(folder, progress)


def given(folder: Path, progress: Progress) -> City:
    """The city published in a folder, with its columns.

    Raises:
        SnapshotError: none is, or it cannot be read.
    """
    city = open_city(folder)
    build_columns(city, progress)
    _read(city.incident_files())
    _read((folder / COLUMNS / city.id).iterdir())
    return city


def _read(paths: Iterable[Path]) -> None:
    """Read files once, so that no bench measures the disk."""
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while file.read(CHUNK):
                pass


def moment(city: City) -> int:
    """When a city is asked about: now, or where its history ends."""
    newest = max(
        [int(city.meta["last"]), *(int(day.stat().st_mtime) for day in city.latest_days())]
    )
    return min(city.now(), newest)


@contextmanager
def borrowed(city: City) -> Iterator[Path]:
    """A data directory with the same city, for a server to write in; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="yiping-bench-") as name:
        folder = Path(name)
        shutil.copy(city.data_dir / LIVE, folder)
        (folder / SNAPSHOTS).mkdir()
        (folder / SNAPSHOTS / city.id).symlink_to(city.folder.absolute())
        for part in (COLUMNS, FEED, GROUNDS, KEYS):
            _linked(city.data_dir / part / city.id, folder / part / city.id)
        yield folder


def _linked(there: Path, here: Path) -> None:
    """A folder whose files are those of another one, until somebody writes them anew."""
    here.mkdir(parents=True)
    for path in there.iterdir() if there.is_dir() else ():
        if path.is_dir():
            _linked(path, here / path.name)
        else:
            (here / path.name).symlink_to(path.absolute())
