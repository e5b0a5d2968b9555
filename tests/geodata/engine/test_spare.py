from __future__ import annotations

import fcntl
import os
import tempfile
import threading
from pathlib import Path

import pytest

from geodata.engine.spare import LOCK, PREFIX, discard, spare_folder


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


def test_a_folder_without_a_lock_goes_when_it_is_old(tmp_path: Path) -> None:
    young, old = tmp_path / f"{PREFIX}young", tmp_path / f"{PREFIX}old"
    young.mkdir()
    old.mkdir()
    aged(old)
    folder, lock = spare_folder()
    assert {path.name for path in tmp_path.iterdir()} == {young.name, folder.name}
    discard(folder, lock)


def test_who_sweeps_at_that_moment_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeping, real = threading.Event(), Path.open

    def opened(path: Path, *args: object, **kwargs: object) -> object:
        file = real(path, *args, **kwargs)  # type: ignore[call-overload]
        if path.name == LOCK and args == ("w",):
            sweep = real(path, "r+")
            fcntl.flock(sweep, fcntl.LOCK_EX)
            sweeping.set()
            timers.append(threading.Timer(0.05, sweep.close))
            timers[0].start()
        return file

    timers: list[threading.Timer] = []
    monkeypatch.setattr(Path, "open", opened)
    folder, lock = spare_folder()
    assert sweeping.is_set()
    monkeypatch.undo()
    with real(folder / LOCK, "r+") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    discard(folder, lock)
