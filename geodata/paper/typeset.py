"""The page as a PDF, set by a child process that is ended when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from geodata.paper import fonts
from geodata.paper.errors import NO_FONT, FontError, PaperError

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).parents[2]
LONGEST_S: Final = 30.0
KEPT: Final = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")  # of the environment


@dataclass(frozen=True)
class Sheet:
    """What is to be set: plain data by a layout of ours.

    stamp: the moment that stands in the file, in epoch seconds.
    """

    layout: Path
    content: Mapping[str, Any]
    stamp: int


def pdf(sheet: Sheet, own_fonts: Path | None = None) -> bytes:
    """The sheet as a PDF.

    Raises:
        FontError: no font has Chinese characters.
        PaperError: the page was not set, or not in time.
    """
    job = {"layout": str(sheet.layout), "content": sheet.content, "stamp": sheet.stamp}
    return _made(job | {"format": "pdf", "ppi": None}, own_fonts)


def _made(job: dict[str, Any], own_fonts: Path | None) -> bytes:
    job |= {"folders": fonts.folders(own_fonts), "families": fonts.FAMILIES}
    command = [sys.executable, "-m", "geodata.paper.child"]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        with TemporaryDirectory(prefix="yiping-paper-") as root:  # an empty one
            done = subprocess.run(  # noqa: S603 (our own program, and no word of the data)
                command, input=json.dumps(job | {"root": root}).encode(), capture_output=True,
                cwd=ROOT, env=environment, timeout=LONGEST_S, check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        message = f"the page was not set within {LONGEST_S:g} s; ask again"
        raise PaperError(message) from error
    if done.returncode == NO_FONT:
        message = f"{', '.join(job['folders'])}: {fonts.MISSING}"
        raise FontError(message)
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        message = f"the page could not be set ({said[-1] if said else done.returncode})"
        raise PaperError(message)
    return done.stdout
