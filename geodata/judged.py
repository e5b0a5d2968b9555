"""Cases read and judged: the end of a history at its publication, and what arrives after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geodata.engine.files import covering
from geodata.model.periods import DAY
from geodata.store.reports import read_reports
from geodata.warning import WANTED, Cases, Ground, Judge, needed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City

LIVE_DAYS: Final = 7  # what nobody judged is judged no further back
STRETCH_S: Final = DAY  # judged at once, so that no look takes long; the next goes on from there


def of_history(ground: Ground, paths: Iterable[Path], now: int) -> pd.DataFrame:
    """WARNINGS (without `alert`) of the last days of a history that is published."""
    since = now - ground.profile.warning.judged_days * DAY
    judge = Judge.before(ground, since)
    judge.look(_cases(ground, paths, needed(ground, judge.until), now, None), now)
    return judge.table(since)


class Standing:
    """The alerts of a live city, which go on from what its table says."""

    def __init__(self, city: City) -> None:
        """Read what is known; nothing is judged yet."""
        self._city = city
        self.table, self._known = city.warnings()
        self._judge: Judge | None = None

    def look(self, live: Overlay | None, now: int) -> bool:
        """Judge what arrived, a day of it at most; says whether the table is another one now."""
        judge = self._judge = self._judge or self._begun(now)
        until = min(now, judge.until + STRETCH_S)
        first = needed(judge.ground, judge.until)
        names = set(covering(self._city.incident_files(), (first, until + 1)))
        paths = [path for path in self._city.incident_files() if str(path) in names]
        judge.look(_cases(judge.ground, paths, first, until, live), until)
        pa.default_memory_pool().release_unused()  # the files were large, and the server lives on
        found = judge.table().convert_dtypes()
        if self.table is not None and found.equals(_comparable(self.table, found)):
            return False
        self.table = judge.table()
        return True

    @property
    def until(self) -> int:
        """The moment up to which cases have been judged."""
        return self._judge.until if self._judge is not None else self._known

    def _begun(self, now: int) -> Judge:
        """The judge of a city, from what is known or a week ago."""
        city = self._city
        housed = city.building_people
        ground = Ground(
            city.profile, city.places, city.sites, housed, city.matters, city.categories
        )
        start = max(min(self._known, now), now - LIVE_DAYS * DAY)
        if self.table is None:
            return Judge(ground, start)
        return Judge.resumed(ground, self.table, start)


def _comparable(table: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    return table[list(like.columns)].convert_dtypes().reset_index(drop=True)


def _cases(
    ground: Ground, paths: Iterable[Path], first: int, now: int, live: Overlay | None
) -> Cases:
    """Cases of files and of what arrived, each piece narrowed before the next is read."""
    reports = read_reports(paths, WANTED, first, now, live)
    return ground.cases(reports, now)
