"""Alerts that other systems raise by the API: kept by code and place, for every publication.

One small file, replaced as a whole: what is acknowledged is on the disk before.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geodata.model.errors import NotAllowedError
from geodata.model.schemas import WARNINGS
from geodata.store.tables import empty, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from geodata.store.snapshots import City

FILE: Final = "alerts.json"
LOCK: Final = ".alerts.lock"
KIND: Final = "raised"  # kind of such alerts in WARNINGS
OF_ONE: Final = "id:"  # begins topics that belong to one alert alone
MOST_OPEN: Final = 2_000
MOST_KEPT: Final = 10_000
KEPT_S: Final = 90 * 86_400  # after it was cleared
ROWS: Final = "rows of raised alerts"  # what a city keeps of them
NOWHERE: Final = -1.0e9  # in place of degrees where only a unit is named


@dataclass(frozen=True)
class Raised:
    """One alert as it was told.

    id: its sender's; unit: code of its place, "" = by lon and lat alone; raised, cleared: epoch
    seconds, 0 = not cleared; sender: who told it.
    """

    id: str
    level: int
    raised: int
    title_zh: str
    title_en: str
    reason_zh: str = ""
    reason_en: str = ""
    unit: str = ""
    lon: float = NOWHERE
    lat: float = NOWHERE
    cleared: int = 0
    sender: str = ""

    @property
    def placed(self) -> bool:
        """Whether a point is known."""
        return self.lon > NOWHERE


def read(data_dir: Path) -> tuple[Raised, ...]:
    """Every alert that is kept, oldest first.

    Raises:
        NotAllowedError: the file is damaged.
    """
    path = data_dir / FILE
    try:
        return tuple(Raised(**each) for each in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (ValueError, TypeError) as error:
        msg = f"{path}: is damaged; move it away and have the alerts sent again"
        raise NotAllowedError(msg) from error


def version(data_dir: Path) -> str:
    """Changes whenever an alert was told; "" where none ever was."""
    try:
        state = (data_dir / FILE).stat()
    except OSError:
        return ""
    return f"{state.st_mtime_ns}.{state.st_ino}"


@dataclass(frozen=True)
class Kept:
    """An alert as it stands now, and as it stood before, None = nobody knew it."""

    now: Raised
    before: Raised | None

    @property
    def is_new(self) -> bool:
        """Whether anything differs."""
        return self.now != self.before


def keep(data_dir: Path, name: str, tell: Callable[[Raised | None], Raised]) -> Kept:
    """Keep the alert of an id; `tell`: what it is, given what it was, while nobody changes it.

    Raises:
        NotAllowedError: too many are open, or the file is damaged.
        OSError: the disk is full, or may not be written.
    """
    with _alone(data_dir):
        known = {each.id: each for each in read(data_dir)}
        before = known.get(name)
        told = tell(before)
        change = Kept(told, before)
        if not change.is_new:
            return change
        known[name] = told
        kept = _recent(list(known.values()), told.raised)
        if sum(not each.cleared for each in kept) > MOST_OPEN:
            msg = f"{MOST_OPEN} alerts are open; clear some of them first"
            raise NotAllowedError(msg)
        text = json.dumps([asdict(each) for each in kept], ensure_ascii=False)
        write_text(data_dir / FILE, text)
        _settle(data_dir)
        return change


def _recent(told: list[Raised], now: int) -> list[Raised]:
    """Without those that were cleared long ago."""
    kept = [each for each in told if not each.cleared or each.cleared > now - KEPT_S]
    over = len(kept) - MOST_KEPT
    gone = {each.id for each in sorted(kept, key=lambda each: each.cleared or now)[: max(0, over)]}
    return [each for each in kept if each.id not in gone]


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """While no other thread or process changes the file."""
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    """See to it that the new name of a file outlives a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def table(city: City) -> pd.DataFrame:
    """The alerts as WARNINGS of a city (without `alert`), each placed once in its units."""
    known: dict[Raised, dict[str, Any]] = city.kept.get(ROWS, {})
    rows = {each: known.get(each) or _row(city, each) for each in read(city.data_dir)}
    city.kept[ROWS] = rows
    if not rows:
        return empty(WARNINGS)
    return pd.DataFrame(list(rows.values())).reindex(columns=list(WARNINGS))


def _row(city: City, told: Raised) -> dict[str, Any]:
    unit = unit_of(city, told)
    place = city.places.iloc[unit]
    lon, lat = (told.lon, told.lat) if told.placed else (place["label_lon"], place["label_lat"])
    names = ("level", "raised", "title_zh", "title_en", "reason_zh", "reason_en")
    return {
        **{name: getattr(told, name) for name in names},
        "unit": unit, "site": -1, "lon": float(lon), "lat": float(lat), "category": -1,
        "cleared": told.cleared or pd.NA, "cases": 0, "kind": KIND, "matter": -1,
        "topic": f"{OF_ONE}{told.id}", "since": pd.NA, "until": pd.NA, "ends": pd.NA,
        "expected": np.nan, "radius_m": 0.0, "recurrence_days": np.nan, "alike": 1,
    }  # fmt: skip


def unit_of(city: City, told: Raised) -> int:
    """Where an alert lies: the unit it names or its nearest ancestor here, else the one around it.

    The whole city where neither is known: an alert is never lost with a boundary.
    """
    for length in range(len(told.unit), 0, -1):
        found = city.tree.find(told.unit[:length])
        if found is not None:
            return int(found)
    return unit_at(city, told.lon, told.lat) if told.placed else 0


def unit_at(city: City, lon: float, lat: float) -> int:
    """The lowest unit around a point; 0 where it lies in none."""
    shapes = city.places.geometry.to_numpy()
    unit = 0
    while True:
        below = np.asarray(city.tree.children(unit), dtype=np.int64)
        known = [int(each) for each in below if shapes[each] is not None]
        inside = [each for each in known if shapely.contains_xy(shapes[each], lon, lat)]
        if not inside:
            return unit
        unit = inside[0]
