"""Imports of the past with what each left to take away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geodata.desk.settling import QUARANTINE, REPORTS, live
from geodata.model.errors import ProfileError, SnapshotError
from geodata.store.snapshots import open_snapshot

if TYPE_CHECKING:
    from pathlib import Path

SHOWN: Final = 20
ACCOUNT: Final = ("report.html", "findings.csv")  # as the report names them


@dataclass(frozen=True)
class Past:
    """One import that became a city: its snapshot, its names, how many cases, when it was made.

    live: whether it is on show; names and moment are "" once its snapshot was removed; sheets: of
    the rows it rejected, which only the last import of a city keeps.
    """

    id: str
    files: tuple[str, ...]
    live: bool = False
    key: str = ""
    name_zh: str = ""
    name_en: str = ""
    cases: int = 0
    made: str = ""
    sheets: tuple[str, ...] = ()


def past(data_dir: Path) -> list[Past]:
    """List them, the latest first."""
    shelf = data_dir / REPORTS
    homes = [home for home in shelf.iterdir() if home.is_dir()] if shelf.is_dir() else []
    homes = [home for home in homes if not home.name.startswith(".")]
    homes.sort(key=lambda home: home.stat().st_mtime, reverse=True)
    now = live(data_dir)
    found, keys = [], set()
    for home in homes[:SHOWN]:
        each = _past(data_dir, home, now)
        if each.key and each.key not in keys:
            keys.add(each.key)
            each = replace(each, sheets=tuple(sorted(_sheets(data_dir, each.key))))
        found.append(each)
    return found


def left(data_dir: Path, snapshot: str) -> dict[str, Path]:
    """Give the files of the account of an import and of its rejected rows, by name."""
    each = next((each for each in past(data_dir) if each.id == snapshot), None)
    if each is None:
        return {}
    sheets = _sheets(data_dir, each.key) if each.sheets else {}
    return {name: data_dir / REPORTS / each.id / name for name in each.files} | sheets


def _past(data_dir: Path, home: Path, now: str) -> Past:
    files = tuple(name for name in ACCOUNT if (home / name).is_file())
    bare = Past(home.name, files, live=home.name == now)
    try:
        city = open_snapshot(data_dir, home.name)
    except (SnapshotError, ProfileError):  # removed since, or of a version that is no more
        return bare
    profile = city.profile
    made = datetime.fromtimestamp(city.meta["built"], ZoneInfo(profile.time_zone))
    return replace(
        bare,
        key=profile.key,
        name_zh=profile.name_zh,
        name_en=profile.name_en,
        cases=int(city.meta["counts"]["incidents"]),
        made=f"{made:%Y-%m-%d %H:%M}",
    )


def _sheets(data_dir: Path, key: str) -> dict[str, Path]:
    return {path.name: path for path in (data_dir / QUARANTINE / key).glob("*.csv")}
