"""Hand-ins that are not finished, so that they can be taken up again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geodata.desk import Job, job
from geodata.desk.parts import wholes
from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path

Stage = Literal["files", "working", "check", "trial", "failed"]


@dataclass(frozen=True)
class Waiting:
    """One hand-in that was not published: its files, how far it is, seconds since its last use."""

    id: str
    files: tuple[str, ...]
    stage: Stage
    idle_s: float


def waiting(data_dir: Path) -> list[Waiting]:
    """List the hand-ins that are not finished, the latest used first."""
    shelf = data_dir / arrivals.FOLDER
    homes = [home for home in shelf.iterdir() if home.is_dir()] if shelf.is_dir() else []
    found = [_waiting(home) for home in homes if arrivals.ID.fullmatch(home.name)]
    return sorted((each for each in found if each), key=lambda each: each.idle_s)


def _waiting(home: Path) -> Waiting | None:
    now = job(home)
    try:
        names = tuple(wholes(arrivals.files(home)))
        idle_s = max(0.0, time.time() - home.stat().st_mtime)
    except FileNotFoundError:  # thrown away meanwhile
        return None
    return None if now.task == "published" else Waiting(home.name, names, _stage(now), idle_s)


def _stage(now: Job) -> Stage:
    if not now.ended:
        return "working"
    if now.fault:
        return "failed"
    if now.snapshot:
        return "trial"
    return "check" if now.task in {"look", "guess", "trial"} else "files"
