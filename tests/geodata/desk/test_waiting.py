from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from geodata import desk
from geodata.desk import Job
from geodata.desk.waiting import waiting
from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path


def begun(data_dir: Path, now: Job, idle_s: float = 0) -> str:
    arrival = arrivals.begin(data_dir)
    home = arrivals.folder(data_dir, arrival)
    arrivals.receive(home, "a.csv", 0, 1, b"x")
    desk.tell(home, now)
    os.utime(home, times=(time.time() - idle_s,) * 2)
    return arrival


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (Job(), "files"),
        (Job("look", ended=False), "working"),
        (Job("look", share=1.0), "check"),
        (Job("look", fault="stopped"), "failed"),
        (Job("trial", snapshot="s"), "trial"),
    ],
)
def test_how_far_a_hand_in_is(tmp_path: Path, now: Job, stage: str) -> None:
    arrival = begun(tmp_path, now)
    (found,) = waiting(tmp_path)
    assert (found.id, found.files, found.stage) == (arrival, ("a.csv",), stage)


def test_what_is_published_waits_no_more_and_the_latest_comes_first(tmp_path: Path) -> None:
    assert waiting(tmp_path) == []
    old = begun(tmp_path, Job("look"), idle_s=7_200)
    begun(tmp_path, Job("published", snapshot="s"))
    new = begun(tmp_path, Job("look"))
    assert [each.id for each in waiting(tmp_path)] == [new, old]
    assert waiting(tmp_path)[1].idle_s >= 7_200
