from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from geodata.engine.spare import LOCK, discard, spare_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def aged(folder: Path) -> Path:
    os.utime(folder, (0, 0))
    return folder


def test_what_a_killed_engine_left_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    killed, lock = spare_folder()
    lock.close()  # as the system does for a process that is killed
    used, kept = spare_folder()
    assert killed.exists()  # young: its engine might be about to lock it
    other = tmp_path / "yiping-demo"
    other.mkdir()
    for folder in (killed, used, other):
        aged(folder)
    mine, lock = spare_folder()
    assert {path.name for path in tmp_path.iterdir()} == {used.name, mine.name, other.name}
    discard(mine, lock)
    discard(used, kept)
    assert [path.name for path in tmp_path.iterdir()] == [other.name]


def test_a_folder_without_a_lock_is_not_touched() -> None:
    folder, lock = spare_folder()
    (folder / LOCK).unlink()
    aged(folder)
    discard(*spare_folder())
    assert folder.exists()
    discard(folder, lock)
