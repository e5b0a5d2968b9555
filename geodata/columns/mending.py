"""Columns that are not what was written: named, removed, and made anew from the files."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from geodata.columns.file import intact
from geodata.columns.folder import COLUMNS, SUFFIX, build_columns

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.columns.folder import CityFiles

LOG: Final = logging.getLogger(__name__)
KIND: Final = 10  # to the other threads, as of `nice`: the first screens need the machine


def build_behind(city: CityFiles) -> threading.Thread:
    """Make what is missing or damaged of a city's columns while others ask; failures are logged."""

    def build() -> None:
        try:
            build_columns(city)
            with suppress(AttributeError, OSError):  # only where a thread may be told apart
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), KIND)
            if mend(city):
                build_columns(city)
        except Exception:  # the city is served without; nothing is lost
            LOG.exception("the columns of %s could not be made; its files are asked", city.id)

    thread = threading.Thread(target=build, name="columns", daemon=True)
    thread.start()
    return thread


def mend(city: CityFiles) -> list[Path]:
    """Read every file of columns once and remove those that were damaged; gives which."""
    found = sorted((city.data_dir / COLUMNS / city.id).glob(f"*{SUFFIX}"))
    wrong = [path for path in found if not intact(path)]
    for path in wrong:
        LOG.error("%s: has changed since it was written; it is made anew", path)
        path.unlink(missing_ok=True)
    return wrong
