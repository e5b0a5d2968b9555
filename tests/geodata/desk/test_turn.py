"""A child at the desk ends with the server that began it, and every other desk knows of it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from geodata import desk
from geodata.desk import Desk, Job
from geodata.model.errors import BusyError

SERVER = """
import sys, time
from pathlib import Path
from geodata.desk import Desk
counter = Desk(Path(sys.argv[1]))
counter.start(Path(sys.argv[2]), "look")
print("begun", flush=True)
time.sleep(600)
"""


def working_on(home: Path) -> list[str]:
    """Command lines of the processes that work on an arrival."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:  # it has ended meanwhile
            continue
        if "geodata.desk" in words and str(home) in words:
            found.append(" ".join(words))
    return found


def test_work_ends_with_its_server(tmp_path: Path, home: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path), str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603 (our own)
        assert server.stdout is not None
        assert server.stdout.readline() == b"begun\n"
        assert working_on(home)
        server.kill()
    counter, until = Desk(tmp_path), time.monotonic() + 60
    while not counter.job(home).ended:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert working_on(home) == []
    assert counter.job(home) == Job("look", fault="interrupted")


def test_another_desk_waits_for_the_work_that_this_one_began(tmp_path: Path, home: Path) -> None:
    counter, other = Desk(tmp_path), Desk(tmp_path)
    counter.start(home, "look")
    assert not other.job(home).ended
    for forbidden in (
        lambda: other.start(home, "trial"),
        lambda: other.receive(home, "b.csv", 0, 1, b"x"),
        lambda: other.confirm(home),
    ):
        with pytest.raises(BusyError, match="wait for it or stop it"):
            forbidden()
    assert not desk.job(home).fault
    counter.stop(home)
    assert other.job(home).fault == "stopped"


def test_what_another_desk_works_on_is_not_said_to_be_stopped(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "STOP_S", 0.1)
    counter, other = Desk(tmp_path), Desk(tmp_path)
    counter.start(home, "look")
    with pytest.raises(BusyError):
        other.stop(home)
    assert working_on(home)
    counter.stop(home)
    other.stop(home)
    assert other.job(home).fault == "stopped"


def test_work_that_nobody_ends_any_more_can_be_stopped(tmp_path: Path, home: Path) -> None:
    desk.tell(home, Job("trial", "incidents", 0.4, ended=False))
    Desk(tmp_path).stop(home)
    assert desk.job(home) == Job("trial", fault="stopped")
