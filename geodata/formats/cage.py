"""What a reading child may not do, from the first byte of a foreign file on.

Four walls, each as far as the platform has it: limits of memory and time; Python's own audit
hook; a filter of system calls (no network, no other program, no signals, no change of what a file
is); and Landlock (no file but this one).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.formats import landlock, seccomp
from geodata.formats.unpack import PARTS

if TYPE_CHECKING:
    from geodata.formats.sheet import Limits

_FORBIDDEN: Final = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"),
    *("ftplib.", "http.client.", "imaplib.", "smtplib.", "urllib.", "webbrowser."),
)
_ROOT: Final = Path(__file__).parents[2]
WALLS: Final = ("landlock", "seccomp")
MISSING: Final = "missing.txt"  # in the child's folder: the walls that could not be closed
_FILES: Final = 256  # open at once
_GRACE_S: Final = 2.0  # of processor time beyond the wall clock's limit
_LIBRARIES: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share")
_DEVICES: Final = ("/dev/null", "/dev/urandom", "/proc/self", "/proc/meminfo", "/proc/cpuinfo")


def shut(path: Path, folder: Path, limits: Limits) -> tuple[str, ...]:
    """Close every wall that this platform has; names those it has not."""
    _bound(limits)
    # Of the project only the code: its folder may hold the city's data.
    code = [known for known in sys.path if known != str(_ROOT)] + [str(_ROOT / "geodata")]
    readable = [*code, sys.prefix, sys.base_prefix, *_LIBRARIES, *_DEVICES, *_parts(path)]
    files = landlock.restrict(
        listed=[str(path.parent), str(_ROOT)],
        readable=[known for known in readable if known and os.path.exists(known)],  # noqa: PTH110 (strings)
        writable=[str(folder)],
    )
    calls = seccomp.deny()
    sys.addaudithook(_refuse)
    return tuple(name for name, closed in zip(WALLS, (files, calls), strict=True) if not closed)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        msg = f"a file may not do this: {event}"
        raise PermissionError(msg)


def _parts(path: Path) -> list[str]:
    """Give a file and what belongs to it by its name, as a shapefile's parts do.

    Files only: beside 2024.csv the folder 2024 may hold anything.
    """
    stem = path.stem.lower()
    try:
        beside = [each for each in path.parent.iterdir() if each.stem.lower() == stem]
    except OSError:
        beside = []
    return [str(each) for each in {path: None, **dict.fromkeys(beside)} if each.is_file()]


def size_of(path: Path) -> int:
    """Give the bytes of a file, the parts of a shapefile among them; 0 if it is not there."""
    parts = _parts(path) if path.suffix.lower() == ".shp" else [str(path)]
    wanted = [Path(part) for part in parts if part == str(path) or part.lower().endswith(PARTS)]
    try:
        return sum(part.stat().st_size for part in wanted)
    except OSError:
        return 0


def _bound(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (Windows has none)

    seconds = int(limits.seconds + _GRACE_S)
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.inflated + limits.memory),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))
