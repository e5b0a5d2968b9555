"""What a trial made comes to the city with its snapshot, and what is too old goes."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geodata import desk
from geodata.columns import Columns
from geodata.desk import Desk, Job
from geodata.model.errors import ImportRefusedError
from geodata.publish import publish
from geodata.store.prune import COLUMNS, KEYS
from geodata.store.snapshots import SNAPSHOTS, live_id, open_city, snapshot_ids
from geodata.store.writer import switch
from tests.browser.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600


@pytest.fixture
def tried(home: Path) -> str:
    """The snapshot of a trial of an hour ago and more."""
    snapshot = publish(tiny(), home / desk.TRIAL)
    meta = home / desk.TRIAL / SNAPSHOTS / snapshot / "meta.json"
    os.utime(meta, (time.time() - 2 * HOUR,) * 2)
    desk.tell(home, Job("trial", share=1.0, snapshot=snapshot))
    return snapshot


def published_before(data_dir: Path, ages_h: list[int]) -> list[str]:
    """Lay out snapshots with their columns, so many hours old; the last one is live."""
    names = [f"old-{age}" for age in ages_h]
    for name, age in zip(names, ages_h, strict=True):
        for derived in (COLUMNS, KEYS):
            (data_dir / derived / name).mkdir(parents=True)
        folder = data_dir / SNAPSHOTS / name
        folder.mkdir(parents=True)
        (folder / "meta.json").write_text(json.dumps({}), encoding="utf-8")
        os.utime(folder / "meta.json", (time.time() - age * HOUR,) * 2)
    switch(data_dir, names[-1])
    return names


def test_the_columns_come_with_the_city(tmp_path: Path, home: Path, tried: str) -> None:
    Desk(tmp_path).confirm(home)
    city = open_city(tmp_path)
    assert (city.id, bool(city.incident_files())) == (tried, True)
    assert Columns(city).book() is not None


def test_a_damaged_trial_leaves_no_columns(tmp_path: Path, home: Path, tried: str) -> None:
    (home / desk.TRIAL / SNAPSHOTS / tried / "places.parquet").unlink()
    with pytest.raises(ImportRefusedError, match="is missing; check the import again"):
        Desk(tmp_path).confirm(home)
    assert not [*(tmp_path / COLUMNS).glob("*"), *(tmp_path / KEYS).glob("*")]


def test_a_city_that_is_there_already_keeps_its_columns(tmp_path: Path, home: Path) -> None:
    snapshot = publish(tiny(), tmp_path)
    assert publish(tiny(), home / desk.TRIAL) == snapshot
    desk.tell(home, Job("trial", share=1.0, snapshot=snapshot))
    Desk(tmp_path).confirm(home)
    assert Columns(open_city(tmp_path)).book() is not None


def test_a_confirmation_prunes(tmp_path: Path, home: Path, tried: str) -> None:
    names = published_before(tmp_path, [90, 80, 70, 1])
    desk.tell(home, replace(desk.job(home), beside=live_id(tmp_path)))  # tried after them
    Desk(tmp_path).confirm(home)
    assert live_id(tmp_path) == tried
    assert snapshot_ids(tmp_path) == [*names[2:], tried]  # by publication, not by trial
    for derived in (COLUMNS, KEYS):
        assert {path.name for path in (tmp_path / derived).iterdir()} == {*names[2:], tried}


def test_what_cannot_be_pruned_does_not_undo_a_publication(
    tmp_path: Path, home: Path, tried: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError

    monkeypatch.setattr(desk, "prune", full)
    assert Desk(tmp_path).confirm(home) == tried
    assert desk.job(home).task == "published"
