"""Waiting until a server has done what it does after a start, which would be measured too."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

LOOK_EVERY_S: Final = 2.0
SHARE: Final = 0.1  # of one processor, which is rest
MOST_S: Final = 90.0


def settle() -> None:
    """Wait until the processes below this one have little to do."""
    until, used = time.monotonic() + MOST_S, _processor_s()
    while time.monotonic() < until:
        time.sleep(LOOK_EVERY_S)
        before, used = used, _processor_s()
        if used - before < SHARE * LOOK_EVERY_S:
            return


def _processor_s() -> float:
    """Processor time of the server and the browser so far, in seconds."""
    ticks, me = 0, os.getpid()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent, *fields = entry.read_text("utf-8").rpartition(")")[2].split()[1:]
            ticks += (int(fields[9]) + int(fields[10])) * (int(parent) == me)
    return ticks / os.sysconf("SC_CLK_TCK")
