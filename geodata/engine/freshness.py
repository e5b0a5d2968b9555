"""How new the records of a city are, known file by file, so that nothing is read twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.engine import sql
from geodata.engine.cache import Recent
from geodata.engine.files import span
from geodata.engine.statement import Statement
from geodata.model.footers import newest_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb
    import numpy.typing as npt

    from geodata.model.overlay import Overlay

    Ints = npt.NDArray[np.int64]

MOMENTS: Final = ("reported", *sql.LATER)
ANY: Final = -1  # of whatever source, at whatever stage
BYTES_KEPT: Final = 32_000_000
FOOTERS_KEPT: Final = 4_096
STAGES_AFTER: Final = Statement(sql.STAGES_AFTER)
SOURCES_AFTER: Final = Statement(sql.SOURCES_AFTER)


@dataclass(frozen=True)
class Freshness:
    """How new the data of the whole city are: in all, and by source (row → epoch seconds)."""

    newest: int
    by_source: dict[int, int]

    def with_arrivals(self, live: Overlay, now: int, sources: int) -> Freshness:
        """The same with what arrived since."""
        arrived = {source: live.newest(now, source) for source in range(sources)}
        by_source = {
            source: max(at, self.by_source.get(source, 0)) for source, at in arrived.items()
        }
        newest = max(self.newest, live.newest(now))
        return Freshness(newest, {source: at for source, at in by_source.items() if at})


@dataclass(frozen=True)
class Moments:
    """By source (or `ANY`), in order: the newest moment up to `since`, and every later one.

    Files hold moments still to come; as they pass, nothing has to be read again.
    """

    since: int
    at: dict[int, Ints]

    def newest(self, now: int) -> dict[int, int]:
        """By source, the newest moment up to `now`; sources without one are left out."""
        places = {key: int(np.searchsorted(at, now, "right")) for key, at in self.at.items()}
        return {key: int(self.at[key][place - 1]) for key, place in places.items() if place}

    def weight(self) -> int:
        """Bytes held, about."""
        return 200 + sum(at.nbytes + 100 for at in self.at.values())


class Records:
    """The newest moments of incident files; safe to share between threads."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        """Take the database that reads the files."""
        self._database = database
        self._tops: Recent[int | None] = Recent(FOOTERS_KEPT)
        self._moments: Recent[Moments] = Recent(BYTES_KEPT, Moments.weight)

    def freshness(self, paths: Iterable[Path], now: int, sources: int) -> Freshness:
        """How new these files are at a moment; `sources`: how many there may be."""
        latest_first = sorted(paths, key=span, reverse=True)
        newest = max((self._newest(path, now) for path in latest_first), default=0)
        return Freshness(newest, self._by_source(latest_first, now, sources))

    def _newest(self, path: Path, now: int) -> int:
        """The newest moment of a file: from its footer alone where nothing in it lies ahead."""
        top = self._tops.get(_state(path), lambda: newest_moment(path, MOMENTS))
        if top is not None and top <= now:
            return top
        return self._known(STAGES_AFTER, path, now).get(ANY, 0)

    def _by_source(self, latest_first: Sequence[Path], now: int, sources: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for path in latest_first:
            start, end = span(path)
            # No earlier file can hold anything newer once every source has been met.
            if len(found) >= sources and end <= min(found.values(), default=0):
                break
            if start > now:
                continue
            for source, at in self._known(SOURCES_AFTER, path, now).items():
                found[source] = max(at, found.get(source, 0))
        return found

    def _known(self, statement: Statement, path: Path, now: int) -> dict[int, int]:
        key = (statement, *_state(path))
        known = self._moments.get(key, lambda: self._read(statement, path, now))
        if now < known.since:  # asked about a past before the one that was read
            known = self._read(statement, path, now)
        return known.newest(now)

    def _read(self, statement: Statement, path: Path, now: int) -> Moments:
        with self._database.cursor() as cursor:
            rows = statement.run(cursor, {"files": [str(path)], "asof": now}).fetchnumpy()
        keys: Ints = np.ma.filled(rows["key"]).astype(np.int64)
        at: Ints = np.ma.filled(rows["at"], 0).astype(np.int64)
        kinds = np.unique(keys[at > 0])
        return Moments(now, {int(key): np.sort(at[(keys == key) & (at > 0)]) for key in kinds})


def _state(path: Path) -> tuple[str, int, int]:
    state = path.stat()
    return str(path), state.st_mtime_ns, state.st_size
