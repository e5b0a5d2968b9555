"""Who looked at which building: one line a view, appended to a file a month."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import threading
import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from dashboard.access import Actor, holder
from geodata.model.errors import SnapshotError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "audit"
ONE_VIEW_S: Final = 300  # an open page refreshes more often than this
MOST_VIEWS: Final = 10_000


class Views:
    """Which views are going on, so that the refreshes of an open page are not views of their own.

    Kept on the server: what a browser says of the reason for its request is not to be trusted.
    """

    def __init__(self) -> None:
        """Nobody looks at anything yet."""
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def begins(self, actor: str, code: str) -> bool:
        """Whether this is a new view, rather than one that goes on."""
        now = time.monotonic()
        with self._lock:
            last = self._seen.pop((actor, code), None)
            self._seen[actor, code] = now
            if len(self._seen) > MOST_VIEWS:
                self._seen.popitem(last=False)
        return last is None or now - last > ONE_VIEW_S


def watch(data_dir: Path, actor: Actor, code: str, through: str) -> None:
    """Record the view if the code is a building's."""
    if not code:
        return
    try:
        building = holder().current().city.building(code)
    except SnapshotError:
        return  # the answer itself will say so
    if building is not None:
        record(data_dir, actor, code, through)


def record(data_dir: Path, actor: Actor, code: str, through: str) -> None:
    """Append one line: when, who, which building, by which route.

    Raises:
        OSError: the line cannot be written; then the building is not shown either.
    """
    now = time.time()
    month = datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    line = {"at": round(now, 3), "actor": actor.name, "building": code, "through": through}
    data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
    handle = os.open(folder / f"{month}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # lines of several threads and processes never mix
        end = os.fstat(handle).st_size
        if os.write(handle, data) < len(data):
            os.ftruncate(handle, end)  # half a line would spoil the next one too
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    finally:
        os.close(handle)
