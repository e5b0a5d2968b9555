"""The thread that has a backup made once a day, where the settings say into which folder."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import current_app

import geodata
from geodata.backup import newest
from geodata.model.periods import DAY

if TYPE_CHECKING:
    from flask import Flask

ROOT: Final = Path(geodata.__file__).parents[1]
LOG: Final = logging.getLogger(__name__)
KEY: Final = "yiping-backups"
FAILED: Final = "backup_failed"
LOOK_EVERY_S: Final = 600.0
SAID: Final = 400  # characters of a failure that are worth keeping


class Keeper:
    """Looks now and then whether the newest backup is a day old, and has another one made.

    A process of its own makes it: it reads every event there is, and no screen waits for that.
    fault: why the last one failed; "" = it did not.
    """

    def __init__(self, data_dir: Path, to: Path, journal: str = "") -> None:
        """Remember whose backups go where; nothing runs yet."""
        self._to = to
        self._command = [
            *(sys.executable, "-m", "geodata", "backup", "--to", str(to.absolute())),
            *("--data-dir", str(data_dir.absolute())),
        ]
        self._environment = os.environ | {"YIPING_JOURNAL": journal}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)
        self.fault = ""

    def start(self, server: Flask) -> None:
        """Begin in a thread of its own, whose failures the server tells."""
        server.extensions[KEY] = self
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self._thread.join()

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

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception as error:  # it is tried again, whatever it was
                LOG.exception("no backup was made")
                self.fault = str(error)
            self._stop.wait(LOOK_EVERY_S)


def faults() -> list[str]:
    """What is wrong with the backups, by reason; needs an application context."""
    keeper = current_app.extensions.get(KEY)
    return [FAILED] if isinstance(keeper, Keeper) and keeper.fault else []
