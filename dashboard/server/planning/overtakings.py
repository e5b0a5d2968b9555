"""Which scenarios a publication overtook: each ground is looked at once, and never by a list."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from geodata.desk import lawful
from geodata.planner.kept import MISSING, Kept
from geodata.scenarios.book import ground_of
from geodata.scenarios.overtaken import overtaken
from geodata.scenarios.scenario import PLANS, WITHDRAWN
from geodata.store.snapshots import kept_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.listing import Listed
    from geodata.scenarios.scenario import Scenario
    from geodata.store.snapshots import City

    Codes = tuple[str, ...]

LOG: Final = logging.getLogger(__name__)
MOST: Final = 1_000  # places of bases that are kept


class Overtakings:
    """What is known of scenarios on older cities; safe for many threads."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is looked at yet."""
        self._data_dir = data_dir
        self._known = Kept(MOST)
        self._damaged: set[tuple[str, str]] = set()
        self._looking, self._behind = threading.Lock(), threading.Lock()

    def of(self, it: Scenario | Listed, city: City, began: Callable[[], Grounded]) -> Codes:
        """Grids a scenario began with that a publication changed since; none of one that is over.

        began: gives the ground that it began on.
        """
        if self._is_over(it, city):
            return ()
        key = (it.base, it.scope, city.id)
        if (known := self._known.held(key)) is not MISSING:
            return tuple(known)
        with self._looking:  # once for all desks that ask after a publication: it takes seconds
            found: Codes = self._known.of(
                key,
                lambda: overtaken(began(), city, kept_snapshot(self._data_dir, it.base)),
            )
        return found

    def known(self, it: Listed, city: City) -> Codes | None:
        """The same without a look at any ground; None = nobody has looked yet."""
        if it.fault or self._is_over(it, city):
            return ()
        found: Any = self._known.held((it.base, it.scope, city.id))
        if found is MISSING:
            return () if (it.id, city.id) in self._damaged else None
        return tuple(found)

    def look(self, those: Iterable[Listed], city: City) -> None:
        """Look at some scenarios behind whoever asks, unless that is being done."""
        wanted = list(those)
        if wanted and self._behind.acquire(blocking=False):
            looking = threading.Thread(
                target=self._look, args=(wanted, city), name="overtaken", daemon=True
            )
            try:
                looking.start()
            except RuntimeError:  # of no more threads: whoever asks next tries again
                self._behind.release()
                raise

    def _look(self, wanted: list[Listed], city: City) -> None:
        try:
            for it in wanted:
                self._looked(it, city)
        finally:
            self._behind.release()

    def _looked(self, it: Listed, city: City) -> None:
        try:
            self.of(it, city, lambda: ground_of(self._data_dir / PLANS / it.id, it.scope))
        except Exception:  # whatever a damaged ground leads to: it hinders no other scenario
            LOG.exception("plan %s: its ground cannot be compared with today's grids", it.id)
            self._damaged.add((it.id, city.id))

    def _is_over(self, it: Scenario | Listed, city: City) -> bool:
        """Whether nothing can overtake it: on today's city, withdrawn, in force or once so."""
        if it.base == city.id or it.state == WITHDRAWN:
            return True
        return lawful.record(self._data_dir, it.id) is not None
