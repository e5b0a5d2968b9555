"""The planner's child process: `python -m dashboard.server.planning.working JOB_FOLDER`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dashboard.server.planning import jobs
from geodata.desk.turn import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY_S: Final = 0.1
TELL_EVERY_S: Final = 0.3


def work(folder: Path) -> None:
    """Do a job; whatever goes wrong is noted for the reader, and in full in the log."""
    threading.Thread(target=_watch, args=(folder,), daemon=True).start()
    try:
        _work(folder, json.loads((folder / jobs.ASKED).read_text("utf-8")))
        jobs.tell(folder, jobs.DONE, 1.0)
    except Exception as error:  # noqa: BLE001 - a child that ends without a word seems broken
        traceback.print_exc()
        jobs.tell(folder, jobs.FAILED, 1.0, _why(error))


def _work(folder: Path, asked: dict[str, Any]) -> None:
    from dashboard.server.planning import reckoning  # noqa: PLC0415 - only this child pays for it

    made = reckoning.work_out(Path(asked["data_dir"]), asked, _telling(folder))
    for key, plan in made.plans.items():
        jobs.keep(folder, key, plan)
    jobs.write_made(folder, made.said)


def _telling(folder: Path) -> Callable[[float], None]:
    """Notes how far it is, now and then."""
    last = 0.0

    def told(share: float) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_EVERY_S:
            last = time.monotonic()
            jobs.tell(folder, jobs.RUNNING, share)

    return told


def _watch(folder: Path) -> None:
    """End at once when somebody wants it; nothing is written but in the folder of the job."""
    while not (folder / jobs.STOP).exists():
        time.sleep(LOOK_EVERY_S)
    jobs.tell(folder, jobs.CANCELLED, 0.0)
    os._exit(1)


def _why(error: Exception) -> str:
    """The key of a reason that the desk has words for, or the error's own words."""
    why = getattr(error, "why", None)
    return str(why.name.lower()) if why is not None else str(error)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end_with_parent()
    work(Path(sys.argv[1]))
