"""Foreign files read in a process of their own: without network, within limits, then gone."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from geodata.formats import cage, handover, warm
from geodata.formats.frames import sheet_of
from geodata.formats.sheet import LIMITS, FileRefusedError, Limits, Sheet

LOG: Final = logging.getLogger(__name__)
_LAST: Final = 4096  # bytes of what a broken reader said that are looked at
_ROOT: Final = Path(__file__).parents[2]
_KEPT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TZDIR")
# One thread: the cage is closed around the first, and a second core is for the parent.
_CALM: Final = {
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSAFEPATH": "1",
    "PYTHONUTF8": "1",
}


def read(path: Path, *, encoding: str = "", layer: str = "", limits: Limits = LIMITS) -> Sheet:
    """Read a file in a child process that can do no harm.

    Raises:
        FileRefusedError: naming the file, what is wrong with it as a whole, and the cure.
    """
    limits = limits.for_size(cage.size_of(path))
    with tempfile.TemporaryDirectory(prefix="yiping-read-") as folder:
        job = {
            "path": str(path.absolute()),
            "folder": folder,
            "encoding": encoding,
            "layer": layer,
            "limits": asdict(limits),
        }
        _run(path, job, limits)
        note_missing(Path(folder))
        try:
            return sheet_of(handover.take(Path(folder)))
        except FileRefusedError as error:
            raise error.of(str(path)) from error


def _run(path: Path, job: dict[str, Any], limits: Limits) -> None:
    # To a file: what a broken reader says may be more than the memory holds.
    with tempfile.TemporaryFile() as said:
        try:
            code = warm.NURSERY.run(job, said, limits.seconds, _env())
            if code is None:
                code = _run_anew(job, said, limits.seconds)
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            detail = f"takes longer than {limits.seconds:g} s to read"
            raise FileRefusedError(
                reason="too_slow", detail=detail, cure="split it", file=str(path)
            ) from error
        if code:
            raise _broken(path, code, last_said(said), limits)


def _run_anew(job: dict[str, Any], said: IO[bytes], seconds: float) -> int:
    """Read in a child that is started for this file alone, and give its exit code."""
    with _begun(job["folder"], said) as child:
        try:
            child.communicate(json.dumps(job).encode(), timeout=seconds)
        finally:
            child.kill()
        return child.returncode


def _begun(folder: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "geodata.formats.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        cwd=folder,
        env={**_env(), "TMPDIR": folder},
        start_new_session=True,
    )


def _env() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_CALM, "PYTHONPATH": str(_ROOT)}


def last_said(said: IO[bytes]) -> str:
    """Give the end of what a reader said; the rest may be of any length."""
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _LAST))
    return said.read(_LAST).decode(errors="replace")


def note_missing(folder: Path) -> None:
    """Warn of the walls that this platform could not close; the child's word is not trusted."""
    with (folder / cage.MISSING).open("rb") as file:
        named = file.read(_LAST).decode(errors="replace").splitlines()
    if missing := tuple(wall for wall in cage.WALLS if wall in named):
        warn_once(missing)


@cache
def warn_once(missing: tuple[str, ...]) -> None:
    """Say it once for this process: it is true of every file."""
    LOG.warning("files are read without %s: this system cannot set it", " and ".join(missing))


def _broken(path: Path, code: int, said: str, limits: Limits) -> FileRefusedError:
    """Say why a child ended without an answer."""
    if code == -getattr(signal, "SIGXCPU", 0) and code:
        detail = f"takes longer than {limits.seconds:g} s to read"
        return FileRefusedError(reason="too_slow", detail=detail, cure="split it", file=str(path))
    last = said.strip().splitlines()[-1:] or [f"code {code}"]
    detail = f"breaks the reader, or needs more than {limits.memory >> 20:,} MiB ({last[0][:200]})"
    return FileRefusedError(
        reason="breaks_reader", detail=detail, cure="split it, or export it again", file=str(path)
    )
