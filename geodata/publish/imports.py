"""One import from a profile to a published snapshot, on the terminal and at the desk alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from geodata.ingest import corrections, draft_from_profile, quarantine
from geodata.ingest.findings import Account
from geodata.metrics import schemes
from geodata.model.draft import Progress, silent
from geodata.model.profile import read_profile
from geodata.publish import publish
from geodata.publish.steps import PUBLISHING, READING, staged

if TYPE_CHECKING:
    from pathlib import Path

READ: Final = 0.5  # share of the time of an import that goes by before it is published
PUBLISHED: Final = 0.95  # and before its rejected rows are written


class Imported(NamedTuple):
    """What an import made: the id of its snapshot, and the sheets of rejected rows."""

    snapshot: str
    sheets: list[Path]


def imported(
    profile_path: Path,
    data_dir: Path,
    target: Path,
    progress: Progress = silent,
    past: Path | None = None,
) -> Imported:
    """Read a city with the corrections of `data_dir`; publish it and its quarantine in `target`.

    `past`: where its last publication lies, by default in `target`.

    Raises:
        ProfileError: the profile cannot be used.
        ImportRefusedError: a file cannot be used as a whole, or the city contradicts itself.
    """
    profile = read_profile(profile_path)
    schemes.check(profile.schemes)  # told before anything is read
    account = Account(corrections.load(data_dir, profile.key))
    read = staged(progress, READING, (0.0, READ))
    draft = draft_from_profile(profile_path, read, account)
    snapshot = publish(draft, target, staged(progress, PUBLISHING, (READ, PUBLISHED)), past)
    left = staged(progress, {quarantine.QUARANTINE: 1.0}, (PUBLISHED, 1.0))
    return Imported(snapshot, quarantine.write(target, draft.profile, profile_path, account, left))
