"""Columns: the same cases as in the files, mapped, checked, made anew when the files change."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geodata.columns import Columns, build_columns, damaged
from geodata.columns.file import intact, opened
from geodata.columns.mending import build_behind
from geodata.engine.fused import FusedEngine
from geodata.kernels.judge import NEVER, REPORTED
from tests.geodata.engine.city import HandMade, make_city
from tests.geodata.engine.oracle import DAY, NOW, Case, random_incidents
from tests.geodata.engine.test_engine import WEEK

if TYPE_CHECKING:
    from pathlib import Path

CASE = Case(9, 700, (0, 0, 20), "street", 30.0, 0.0, (), (), (), "", "closed", "Asia/Shanghai")


@pytest.fixture
def city(tmp_path: Path) -> HandMade:
    made = make_city(tmp_path, random_incidents(CASE))
    build_columns(made)
    return made


def files(city: HandMade) -> list[Path]:
    return sorted((city.data_dir / "columns" / city.id).glob("*.col"))


def test_every_case_is_there_once_in_order_of_place(city: HandMade) -> None:
    book = Columns(city).book()
    assert book is not None
    ids = np.concatenate([segment.id for segment in book.segments])
    assert sorted(ids) == list(range(CASE.rows))
    for segment in book.segments:
        assert (np.diff(segment.rows.site) >= 0).all()
        assert segment.first <= segment.rows.reported.min()
        assert segment.rows.reported.max() < segment.last


def test_columns_are_mapped_and_cannot_be_written_to(city: HandMade) -> None:
    segment = opened(files(city)[0])
    with pytest.raises(ValueError, match="read-only"):
        segment.rows.reported[0] = 1


def test_a_month_that_changes_is_made_anew_and_no_other(city: HandMade) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in files(city)}
    months = [path for path in city.incident_files() if len(path.stem) == len("2026-11")]
    os.utime(months[0], ns=(1, 1))
    assert Columns(city).book() is None
    build_columns(city)
    assert Columns(city).book() is not None
    after = {path.name: path.stat().st_mtime_ns for path in files(city)}
    assert [name for name in before if before[name] != after[name]] == [f"{months[0].stem}.col"]


def test_another_rule_of_the_city_makes_columns_stale(city: HandMade) -> None:
    changed = replace(city, profile=city.profile.model_copy(update={"deadline": "resolved"}))
    assert Columns(city).book() is not None
    assert Columns(changed).book() is None


def test_a_damaged_file_is_told(city: HandMade) -> None:
    path = files(city)[0]
    assert intact(path)
    assert damaged(city) == []
    whole = bytearray(path.read_bytes())
    whole[-200] ^= 1
    path.write_bytes(bytes(whole))
    assert not intact(path)
    assert [str(path) in told for told in damaged(city)] == [True]
    path.write_bytes(b"no columns")
    assert not intact(path)
    assert Columns(city).book() is None


def test_an_interrupted_write_leaves_nothing(
    city: HandMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = [path for path in city.incident_files() if len(path.stem) == len("2026-11")]
    os.utime(months[0], ns=(1, 1))
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        build_columns(city)
    left = {path.name for path in files(city)[0].parent.iterdir()}
    assert left == {path.name for path in files(city)}


def test_without_columns_the_database_answers(city: HandMade) -> None:
    for path in files(city):
        path.unlink()
    engine = FusedEngine(city, grain_s=1)
    assert engine.columns.book() is None
    assert engine.screen(WEEK).total["reported"] > 0
    assert engine.freshness(NOW).newest > 0


def test_cases_taken_out_count_as_never_reported(city: HandMade) -> None:
    book = Columns(city).book()
    assert book is not None
    segment = book.segments[0]
    gone = segment.without(segment.where(segment.id[:5]))
    assert (gone.rows.reported == NEVER).sum() == 5
    assert segment.without(segment.where(np.array([-7]))) is segment
    assert len(gone) == len(segment)


@pytest.mark.parametrize("back", [0, 3 * DAY, 60 * DAY, 200 * DAY])
def test_freshness_is_that_of_the_database(city: HandMade, back: int) -> None:
    fused = FusedEngine(city, grain_s=1)
    database = super(FusedEngine, fused).freshness(NOW - back)
    assert fused.freshness(NOW - back) == database


def test_patterns_stand_for_masks(city: HandMade) -> None:
    book = Columns(city).book()
    assert book is not None
    for segment in book.segments:
        masks = book.masks[segment.rows.known[segment.rows.pattern]]
        np.testing.assert_array_equal(masks, segment.masks[segment.rows.pattern])
        valid = segment.rows.stages.duplicate == 0
        valid &= segment.rows.stages.voided == NEVER
        np.testing.assert_array_equal(masks & REPORTED != 0, valid)


def test_missing_columns_are_made_while_the_city_is_served(city: HandMade) -> None:
    for path in files(city):
        path.unlink()
    build_behind(city).join()
    assert Columns(city).book() is not None


def test_columns_that_cannot_be_made_are_told_in_the_log(
    city: HandMade, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for path in files(city):
        path.unlink()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space")))
    build_behind(city).join()
    assert "could not be made" in caplog.text
    assert Columns(city).book() is None
