"""Foreign files read in a process of their own: without network, within limits, then gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from geodata.formats import handover
from geodata.formats.frames import sheet_of
from geodata.formats.sheet import LIMITS, FileRefusedError, Limits, Sheet

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
    with tempfile.TemporaryDirectory(prefix="yiping-read-") as folder:
        job = {
            "path": str(path.absolute()),
            "folder": folder,
            "encoding": encoding,
            "layer": layer,
            "limits": asdict(limits),
        }
        _run(path, job, limits)
        try:
            return sheet_of(handover.take(Path(folder)))
        except FileRefusedError as error:
            raise error.of(str(path)) from error


def _run(path: Path, job: dict[str, Any], limits: Limits) -> None:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-m", "geodata.formats.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=job["folder"],
        env={**kept, **_CALM, "PYTHONPATH": str(_ROOT), "TMPDIR": job["folder"]},
        start_new_session=True,
    ) as child:
        try:
            _, said = child.communicate(json.dumps(job).encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            detail = f"takes longer than {limits.seconds:g} s to read"
            raise FileRefusedError(
                reason="too_slow", detail=detail, cure="split it", file=str(path)
            ) from error
        finally:
            child.kill()
    if child.returncode:
        raise _broken(path, child.returncode, said.decode(errors="replace"), limits)


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
