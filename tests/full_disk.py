"""A disk of 8 MB that a test may fill: a file system of its own where one may be mounted.

As root it is mounted, else in a user namespace in which the processes of the test live. Where
neither is allowed, as in most containers, a limit on what these processes may write to any file
stands for it: all their writes fail as they would on a disk whose quota is used up.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.forked import Nursery, nursery

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE: Final = "8m"
MODES: Final = ("mounted", "namespace", "limited")
FILLER: Final = "filler"


class Disk:
    """here: the folder as the test sees it; there: as its processes do."""

    def __init__(self, mode: str, here: Path, there: Path, forked: Nursery) -> None:
        self.mode, self.here, self.there, self.forked = mode, here, there, forked

    def fill(self, leave: int = 0) -> None:
        """Leave no more than so many bytes; where writes are limited, none at all."""
        if self.mode == "limited":
            self._limit(0)
            return
        with (self.here / FILLER).open("ab", buffering=0) as file:
            room = os.statvfs(self.here)
            size = max(room.f_bavail * room.f_frsize - leave, 0)
            os.posix_fallocate(file.fileno(), file.tell(), size) if size else None
            with suppress(OSError):
                while not leave:
                    file.write(b"\0")

    def free(self) -> None:
        """Make room again."""
        if self.mode == "limited":
            self._limit(resource.RLIM_INFINITY)
        (self.here / FILLER).unlink(missing_ok=True)

    def _limit(self, size: int) -> None:
        for pid in self.forked.pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def possible() -> str:
    """The most real of the ways that this machine allows."""
    probe = (
        "d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s"
    )
    if _runs("sh", "-c", probe):
        return "mounted"
    return "namespace" if _runs("unshare", "-rm", "sh", "-c", probe) else "limited"


def _runs(*command: str) -> bool:
    try:
        return not subprocess.run(  # noqa: S603
            command, capture_output=True, check=False
        ).returncode
    except OSError:
        return False


@contextmanager
def disk(mode: str, folder: Path) -> Iterator[Disk]:
    """A disk at a folder, and the processes that see it."""
    folder.mkdir(parents=True)
    made = {"mounted": _mounted, "namespace": _namespace, "limited": _limited}[mode]
    with made(folder) as found:
        yield found
        found.free()


@contextmanager
def _mounted(folder: Path) -> Iterator[Disk]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)  # noqa: S603
    try:
        with nursery() as forked:
            yield Disk("mounted", folder, folder, forked)
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


@contextmanager
def _namespace(folder: Path) -> Iterator[Disk]:
    script = f'mount -t tmpfs -o size={SIZE} tmpfs "$0" && echo ready && exec cat'
    keeper = subprocess.Popen(  # noqa: S603
        ["unshare", "-rm", "sh", "-c", script, str(folder)],  # noqa: S607
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert keeper.stdin
    assert keeper.stdout
    try:
        assert keeper.stdout.readline() == b"ready\n"
        inside = ("nsenter", "-t", str(keeper.pid), "-U", "-m", "--preserve-credentials", "--wd=.")
        with nursery(*inside) as forked:
            here = Path(f"/proc/{keeper.pid}/root{folder}")
            yield Disk("namespace", here, folder, forked)
    finally:
        keeper.stdin.close()
        keeper.wait()
        keeper.stdout.close()


@contextmanager
def _limited(folder: Path) -> Iterator[Disk]:
    with nursery() as forked:
        yield Disk("limited", folder, folder, forked)


def copied(source: Path, target: Path) -> None:
    """Lay a published city on a disk, without what a server would derive again."""
    shutil.copytree(source / "snapshots", target / "snapshots")
    shutil.copytree(source / "columns", target / "columns")
    shutil.copy(source / "live.json", target)
