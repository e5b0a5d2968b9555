"""A compaction in a process of its own: no request waits for it, and its memory goes with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from geodata.journal.generation import CompactionError

ROOT: Final = Path(__file__).parents[2]  # where `geodata` is found
SAID: Final = 300  # characters of what it says in the end


def compact_apart(data_dir: Path, url: str, snapshot: str, *, gently: bool = False) -> None:
    """Compact the journal for one city, and wait for it.

    snapshot: id of the city, which may be live no more; gently: it gives way to everything else on
    this machine.

    Raises:
        CompactionError: it did not succeed; what it said is in the message.
    """
    command = [sys.executable, "-m", "geodata", "compact", "--data-dir", str(data_dir.absolute())]
    command += ["--snapshot", snapshot]
    done = subprocess.run(  # noqa: S603 (our own program)
        [*command, "--gently"] if gently else command,
        cwd=ROOT,
        # The URL may hold a password, which a list of processes would show.
        env=os.environ | {"YIPING_JOURNAL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()[-SAID:]
        msg = f"{data_dir}: the journal could not be compacted ({said or done.returncode})"
        raise CompactionError(msg)
