"""Corrected sheets of rejected rows that were handed in among the files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from geodata.desk import TRIAL
from geodata.desk.settling import CORRECTIONS
from geodata.ingest.corrections import heads, take_in
from geodata.store import arrivals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geodata.wizard import Look

MENDED: Final = "mended"


def told_apart(home: Path, looks: Sequence[Look]) -> tuple[Look, ...]:
    """Note which files are corrected sheets, known by our heads in them, and give the others."""
    own = {heads()["file"], heads()["check"]}
    sheets = {look.file for look in looks if own <= {str(name) for name in look.frame.columns}}
    arrivals.note(home, MENDED, sorted(sheets))
    return tuple(look for look in looks if look.file not in sheets)


def gather(home: Path, data_dir: Path, key: str) -> Path:
    """Give the folder whose corrections a trial uses: with sheets handed in it is the trial's own.

    Those of the city itself change with the publication only.
    """
    sheets = [home / arrivals.FILES / name for name in arrivals.noted(home, MENDED) or []]
    sheets = [sheet for sheet in sheets if sheet.is_file()]
    if not sheets:
        return data_dir
    known, own = (root / CORRECTIONS / key for root in (data_dir, home / TRIAL))
    if known.is_dir():
        shutil.copytree(known, own)
    own.mkdir(parents=True, exist_ok=True)
    take_in(home / TRIAL, key, sheets)
    return home / TRIAL
