"""Draft plans drawn as divisions of one snapshot: the same files as a published one, beside it.

`drafted/<plan>/<snapshot>/<version>/` holds the tables, `newest.json` beside them says which
version stands. Versions are never changed, so that a browser may keep their tiles; all of it can be
drawn anew.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from typing import TYPE_CHECKING, Final

from geodata.model.places import DRAFT  # draft.<plan>, or draft.<plan>.<version>
from geodata.store.divisions import Division
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DRAFTED: Final = "drafted"
SNAPSHOTS: Final = "snapshots"  # as the store names it, which knows of this module
NEWEST: Final = "newest.json"
KEPT: Final = 3  # versions of a plan that may still be looked at
_KEY: Final = re.compile(r"draft\.([\w\-]{1,64})\.([\w\-]{1,64})")
_ASKED: Final = re.compile(r"draft\.([\w\-]{1,64})")


def home_of(data_dir: Path, plan: str) -> Path:
    """Where lies what is made of a plan."""
    return data_dir / DRAFTED / plan


def asked_of(plan: str) -> str:
    """How an address asks for the newest drawing of a plan."""
    return f"{DRAFT}{plan}"


def home(data_dir: Path, snapshot: str, key: str) -> Path | None:
    """Where the tables of a drawn version lie; None = there is none."""
    known = _KEY.fullmatch(key)
    if known is None:
        return None
    folder = _of(data_dir, known[1], snapshot) / known[2]
    return folder if folder.is_dir() else None


def newest(data_dir: Path, snapshot: str, asked: str) -> Division | None:
    """The newest drawing of a plan over a snapshot, as `asked_of` asks; None = there is none."""
    known = _ASKED.fullmatch(asked)
    return _newest(_of(data_dir, known[1], snapshot), known[1]) if known else None


def drawn(data_dir: Path, snapshot: str) -> list[Division]:
    """The newest drawing of every plan over a snapshot, by plan."""
    folders = sorted((data_dir / DRAFTED).glob(f"*/{snapshot}"))
    found = [_newest(folder, folder.parent.name) for folder in folders]
    return [each for each in found if each is not None]


def find(data_dir: Path, snapshot: str, key: str) -> Division | None:
    """A drawn version by its key; None = there is none."""
    if home(data_dir, snapshot, key) is None:
        return None
    told = newest(data_dir, snapshot, key.rpartition(".")[0])
    return Division(key, told.name_zh if told else key, told.name_en if told else key, "")


def keep(
    data_dir: Path, snapshot: str, division: Division, write: Callable[[Path], None]
) -> Division:
    """Keep a drawn version under its key, whole or not at all, and have it stand as the newest.

    write: puts the tables into a folder; not asked where the version is kept already.

    Raises:
        ValueError: the key is not that of a draft.
    """
    known = _KEY.fullmatch(division.key)
    if known is None:
        raise ValueError(division.key)
    folder = _of(data_dir, known[1], snapshot)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / known[2]
    if not target.is_dir():
        draft = folder / f".{known[2]}.{secrets.token_hex(4)}"
        try:
            draft.mkdir()
            write(draft)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    told = {"version": known[2], "name_zh": division.name_zh, "name_en": division.name_en}
    write_text(folder / NEWEST, json.dumps(told, ensure_ascii=False))
    _thin(folder, known[2])
    for old in _snapshots(folder.parent):
        if not (data_dir / SNAPSHOTS / old.name).is_dir():
            shutil.rmtree(old, ignore_errors=True)
    return division


def forget(data_dir: Path, plan: str) -> None:
    """Remove every drawing of a plan, as once it is in force or withdrawn."""
    for folder in _snapshots(home_of(data_dir, plan)):
        shutil.rmtree(folder, ignore_errors=True)


def _of(data_dir: Path, plan: str, snapshot: str) -> Path:
    return home_of(data_dir, plan) / snapshot


def _snapshots(folder: Path) -> list[Path]:
    """Folders of the snapshots over which a plan was drawn."""
    return [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []


def _newest(folder: Path, plan: str) -> Division | None:
    try:
        told = json.loads((folder / NEWEST).read_text(encoding="utf-8"))
        key = f"{DRAFT}{plan}.{told['version']}"
        return Division(key, str(told["name_zh"]), str(told["name_en"]), "")
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _thin(folder: Path, standing: str) -> None:
    """Let the oldest versions go; the one that stands stays."""
    versions = sorted(
        (each for each in folder.iterdir() if each.is_dir() and each.name[0] != "."),
        key=lambda each: each.stat().st_mtime_ns,
    )
    for old in [each for each in versions if each.name != standing][: -(KEPT - 1)]:
        shutil.rmtree(old, ignore_errors=True)
