"""The thread that has a backup made once a day, where the settings say into which folder."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from flask import current_app

import geodata
from dashboard.server import keeper
from geodata.backup import newest
from geodata.model.periods import DAY

ROOT: Final = Path(geodata.__file__).parents[1]
LOG: Final = logging.getLogger(__name__)
FAILED: Final = "backup_failed"
LOOK_EVERY_S: Final = 600.0
SAID: Final = 400  # characters of a failure that are worth keeping


class Keeper(keeper.Keeper):
    """Looks now and then whether the newest backup is a day old, and has another one made.

    A process of its own makes it: it reads every event there is, and no screen waits for that.
    fault: why the last one failed; "" = it did not.
    """

    name = "backups"
    hindered = "no backup was made"

    def __init__(self, data_dir: Path, to: Path, journal: str = "") -> None:
        """Remember whose backups go where; nothing runs yet."""
        super().__init__()
        self._to = to
        self._command = [
            *(sys.executable, "-m", "geodata", "backup", "--to", str(to.absolute())),
            *("--data-dir", str(data_dir.absolute())),
        ]
        self._environment = os.environ | {"YIPING_JOURNAL": journal}
        self.fault = ""

    def pause_s(self) -> float:
        """A while."""
        return LOOK_EVERY_S

    def look(self) -> bool:
        """Have a backup made if one is due; gives whether one was."""
        if time.time() - newest(self._to) < DAY:
            return False
        done = subprocess.run(  # noqa: S603 (a command of our own)
            self._command,
            env=self._environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.fault = (done.stderr.strip() or done.stdout.strip())[-SAID:] if done.returncode else ""
        if self.fault:
            LOG.error("no backup was made: %s", self.fault)
        return not self.fault

    def failed(self, error: Exception) -> None:
        """Keep why; the server says so."""
        self.fault = str(error)
        super().failed(error)


def faults() -> list[str]:
    """What is wrong with the backups, by reason; needs an application context."""
    found = current_app.extensions.get(keeper.key(Keeper.name))
    return [FAILED] if isinstance(found, Keeper) and found.fault else []
