"""A snapshot is written beside the others and becomes live in one step, or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Self

import geopandas as gpd

from geodata.model.errors import DiskFullError, ImportRefusedError
from geodata.store import tables
from geodata.store.months import MonthWriter
from geodata.store.particulars import Particulars
from geodata.store.room import is_full, told_if_full
from geodata.store.snapshots import INCIDENT_FOLDER, LIVE, META, PROFILE, SNAPSHOTS
from geodata.store.toml import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    import pandas as pd

    from geodata.model.profile import Profile
    from geodata.model.schemas import Schema

log = logging.getLogger(__name__)

BUILDING: Final = ".building-"
FULL: Final = "what was live stays live; free some space and publish again"
CHUNK: Final = 1 << 20


class SnapshotWriter:
    """Builds one snapshot in a hidden folder; leaving the `with` block early removes it."""

    def __init__(self, data_dir: Path, profile: Profile) -> None:
        """Prepare to write; nothing is on disk before the `with` block begins."""
        self.data_dir = data_dir
        self.profile = profile
        self.folder = data_dir / SNAPSHOTS / f"{BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
        self._held = -1

    def __enter__(self) -> Self:
        """Make the hidden folder, and remove those of publications that were killed."""
        with told_if_full(self.data_dir, FULL):
            self._begin()
        return self

    def _begin(self) -> None:
        with _turn(self.data_dir / SNAPSHOTS):
            sweep(self.data_dir / SNAPSHOTS)
            self.folder.mkdir()
            self._held = _locked(self.folder)
        try:
            settings = self.profile.model_dump(mode="json", exclude_none=True)
            (self.folder / PROFILE).write_text(dump(settings), encoding="utf-8")
        except OSError:
            self._end()
            raise

    def _end(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._held)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the hidden folder if it has not become a snapshot.

        Raises:
            DiskFullError: in place of what the system says where there is no room.
        """
        full = error is not None and is_full(error, self.data_dir)
        self._end()
        if full:
            msg = f"{self.data_dir}: no room left on its disk; {FULL}"
            raise DiskFullError(msg) from error

    def table(self, name: str, frame: pd.DataFrame, schema: Schema | None = None) -> pd.DataFrame:
        """Write `name`.parquet in its schema (a known name has one) and return what was written."""
        schema = schema or tables.KNOWN.get(name)
        if schema is not None:
            frame = tables.masked(tables.conform(frame, schema, name), name)
        if isinstance(frame, gpd.GeoDataFrame) and frame.crs != tables.WGS84:
            frame = frame.to_crs(tables.WGS84) if frame.crs else frame.set_crs(tables.WGS84)
        tables.write(frame, self.folder / f"{name}.parquet")
        return frame

    def months(self, limits: Mapping[str, int]) -> MonthWriter:
        """Begin the incident files; see `MonthWriter`."""
        return MonthWriter(self.folder / INCIDENT_FOLDER, limits)

    def particulars(self) -> Particulars:
        """Begin the files of who reported what; see `Particulars`."""
        return Particulars(self.folder)

    def publish(self, meta: Mapping[str, Any], ready: Callable[[str], None] | None = None) -> str:
        """Seal what was written, name it after its contents and make it live; returns the id.

        ready: is told the id before it is live.

        The same contents have the same id, so that a snapshot that exists already is kept.
        """
        files = fingerprints(self.folder)
        snapshot = f"{_slug(self.profile.key)}-{_digest(files)}"
        sealed = {"id": snapshot, "city": self.profile.key, "built": int(time.time()), **meta}
        text = json.dumps({**sealed, "files": files}, ensure_ascii=False, indent=1, sort_keys=True)
        tables.write_text(self.folder / META, text)
        sync(self.folder)
        target = self.data_dir / SNAPSHOTS / snapshot
        if target.exists() and (faults := damage(target)):
            # Contents are the same by name only: what is there was damaged later.
            log.warning("%s; replaced by what is published now", "; ".join(faults))
            target.rename(target.with_name(f"{BUILDING}damaged-{secrets.token_hex(4)}"))
        if not target.exists():
            self.folder.rename(target)
        sync_folder(target.parent)
        if ready is not None:
            ready(snapshot)
        switch(self.data_dir, snapshot)
        return snapshot


def switch(data_dir: Path, snapshot: str) -> None:
    """Make a snapshot live: readers see the old one or the new one, nothing between."""
    tables.write_text(data_dir / LIVE, json.dumps({"snapshot": snapshot}))
    sync_folder(data_dir)


def adopt(source: Path, snapshot: str, data_dir: Path) -> None:
    """Take a snapshot over from another data directory of the same disk, and make it live.

    Raises:
        ImportRefusedError: it is not there, or was damaged since it was made.
    """
    made, target = source / SNAPSHOTS / snapshot, data_dir / SNAPSHOTS / snapshot
    if not target.exists():
        if faults := damage(made):
            msg = "; ".join(faults) + "; check the import again"
            raise ImportRefusedError(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        made.rename(target)
        sync_folder(target.parent)
    switch(data_dir, snapshot)


def fingerprints(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of every file of a snapshot but `meta.json`, by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != META)
    with ThreadPoolExecutor(2) as pool:
        hashes = list(pool.map(_sha256, paths))
    return {
        path.relative_to(folder).as_posix(): {"sha256": found, "bytes": path.stat().st_size}
        for path, found in zip(paths, hashes, strict=True)
    }


def damage(folder: Path) -> list[str]:
    """Say in one sentence each which files of a snapshot are not as they were published."""
    path = folder / META
    try:
        expected = dict(json.loads(path.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{path}: cannot be read ({error})"]
    found = fingerprints(folder)
    faults = [f"{folder / name}: is missing" for name in expected if name not in found]
    faults += [f"{folder / name}: was not published" for name in found if name not in expected]
    return faults + [
        f"{folder / name}: has changed since publication"
        for name in expected
        if name in found and found[name] != expected[name]
    ]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _digest(files: Mapping[str, Mapping[str, Any]]) -> str:
    listing = "\n".join(f"{name} {files[name]['sha256']}" for name in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()[:12]


def _slug(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-") or "city"


def sync(folder: Path) -> None:
    """Have everything in a folder on the disk before a name points to it."""
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _turn(snapshots: Path) -> Iterator[None]:
    """One at a time makes its folder or sweeps: a folder is never seen before its lock."""
    snapshots.mkdir(parents=True, exist_ok=True)
    held = _locked(snapshots)
    try:
        yield
    finally:
        os.close(held)


def _locked(folder: Path) -> int:
    """Hold a folder by a lock that falls with this process, however that ends."""
    handle = os.open(folder, os.O_RDONLY)
    # A disk of the network may know no such locks; then nothing can be swept there either.
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def sweep(snapshots: Path) -> None:
    """Remove what killed publications left behind, but not what another is building now."""
    for left in snapshots.glob(f"{BUILDING}*"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(handle)
