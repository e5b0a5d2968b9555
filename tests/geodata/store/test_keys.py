from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geodata.model.schemas import INCIDENTS, MOMENTS
from geodata.store import keys
from geodata.store.keys import Base
from geodata.store.months import write_day

if TYPE_CHECKING:
    from pathlib import Path

    from tests.geodata.conftest import Sketch


@dataclass
class Days:
    """A city of incident files only."""

    data_dir: Path
    id: str = "days-1"

    def incident_files(self) -> list[Path]:
        return sorted((self.data_dir / "days").glob("*.parquet"))


def write(city: Days, sketch: Sketch, day: str, first: int, count: int, **more: object) -> None:
    start = int(pd.Timestamp(day).timestamp())
    frame = sketch.cases(np.arange(count), start + np.arange(count), first)
    write_day(city.data_dir / "days", day, frame.assign(**more))


@pytest.fixture
def days(tmp_path: Path, sketch: Sketch) -> Days:
    city = Days(tmp_path)
    write(city, sketch, "2026-11-01", 0, 200)
    write(city, sketch, "2026-11-02", 200, 200, source=1)
    return city


def test_cases_are_found_by_channel_and_number(days: Days) -> None:
    asked = [(0, "7"), (1, "7"), (1, "399"), (0, "nobody"), (0, "199")]
    found, rows = Base(days).find(*zip(*asked, strict=True))
    assert dict(zip(found, rows["id"].tolist(), strict=True)) == {0: 7, 2: 399, 4: 199}
    assert list(rows) == list(INCIDENTS)
    for name in MOMENTS:
        assert rows[name].dtype.kind in "iu"
    assert rows["closed"].tolist() == [0, 0, 0]


def test_nothing_asked_or_found_is_nothing(days: Days) -> None:
    assert Base(days).find([], []) == ([], {})
    assert Base(days).find([0], ["nobody"]) == ([], {})


def test_every_case_of_many_row_groups_is_found(
    tmp_path: Path, sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.store.months.ROW_GROUP", 16)
    city = Days(tmp_path)
    write(city, sketch, "2026-11-01", 0, 100)
    found, rows = Base(city).find([0] * 100, [str(n) for n in range(99, -1, -1)])
    assert {n: int(i) for n, i in zip(found, rows["id"], strict=True)} == {
        n: 99 - n for n in range(100)
    }
    assert [rows["site"][k] for k in np.argsort(rows["id"])] == list(range(100))


def test_of_two_rows_of_a_number_the_later_file_counts(days: Days, sketch: Sketch) -> None:
    write(days, sketch, "2026-11-03", 5, 1, floor=9)
    found, rows = Base(days).find([0], ["5"])
    assert (found, rows["floor"].tolist()) == ([0], [9])


def test_a_file_that_changed_is_read_anew(days: Days, sketch: Sketch) -> None:
    kept = Base(days)
    assert kept.find([1], ["900"])[0] == []
    write(days, sketch, "2026-11-02", 900, 3, source=1)
    path = days.incident_files()[1]
    os.utime(path, ns=(1, 1))
    assert kept.find([1], ["900"])[0] == [0]
    assert kept.find([1], ["399"])[0] == []
    folders = list((days.data_dir / "keys" / days.id).glob("*/*"))
    assert len(folders) == 2  # that of the old file is gone


def test_a_column_that_came_later_is_nought_in_older_files(days: Days) -> None:
    path = days.incident_files()[0]
    frame = pd.read_parquet(path).drop(columns=["by_day", "due_original", "first_department"])
    frame.to_parquet(path, index=False)
    _, rows = Base(days).find([0], ["7"])
    assert rows["by_day"].tolist() == rows["due_original"].tolist() == [0]
    assert rows["first_department"].tolist() == [-1]


def test_without_room_for_the_index_cases_are_found_all_the_same(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(keys, "_keep", full)
    assert Base(days).find([0], ["7"])[0] == [0]
    assert not (days.data_dir / "keys").exists()


def test_what_was_indexed_is_used_by_the_next_process(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float] = []
    Base(days).prepare(lambda _, share: heard.append(share))
    assert heard[-1] == 1.0
    monkeypatch.setattr(keys, "HASH_FILE", "SELECT nothing")
    assert Base(days).find([0], ["8"])[0] == [0]
