"""Who looked at which building: one row of the audit a view."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from dashboard.access import Actor, holder
from geodata.model.errors import SnapshotError
from geodata.store import audit

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = audit.FOLDER
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
    """Append one row: when, who, which building, by which route.

    Raises:
        OSError: the row cannot be written; then the building is not shown either.
    """
    audit.record(data_dir, {"actor": actor.name, "building": code, "through": through})
