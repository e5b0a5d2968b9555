from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from geodata.model.errors import SnapshotError
from geodata.publish import publish
from geodata.store.prune import prune
from geodata.store.snapshots import live_id, open_city, snapshot_ids
from geodata.store.writer import damage, switch

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("bare")
HOUR = 3600
BESIDE = ("feed", "reports", "columns", "keys", "compacted")


def fill(data_dir: Path, ages: list[float]) -> list[str]:
    """Lay out snapshots of so many seconds, the oldest first; the last one is live."""
    names = [f"city-{number}" for number in range(len(ages))]
    for name, age in zip(names, ages, strict=True):
        folder = data_dir / "snapshots" / name
        folder.mkdir(parents=True)
        (folder / "meta.json").write_text("{}", encoding="utf-8")
        os.utime(folder / "meta.json", (time.time() - age,) * 2)
        for beside in BESIDE:
            (data_dir / beside / name).mkdir(parents=True)
            (data_dir / beside / name / "file").touch()
        (data_dir / "planted").mkdir(exist_ok=True)
        for suffix in ("json", "duplicates.parquet"):
            (data_dir / "planted" / f"{name}.{suffix}").touch()
    switch(data_dir, names[-1])
    return names


def test_the_last_ones_stay(tmp_path: Path) -> None:
    names = fill(tmp_path, [hours * HOUR for hours in (90, 80, 70, 60, 50)])
    assert prune(tmp_path, 3) == names[:2]
    assert snapshot_ids(tmp_path) == names[2:]
    for beside in BESIDE:
        assert sorted(path.name for path in (tmp_path / beside).iterdir()) == names[2:]
    planted = {path.name.partition(".")[0] for path in (tmp_path / "planted").iterdir()}
    assert planted == set(names[2:])
    assert not list((tmp_path / "snapshots").glob(".*"))
    assert prune(tmp_path, 3) == []


def test_the_live_one_stays_however_old(tmp_path: Path) -> None:
    names = fill(tmp_path, [hours * HOUR for hours in (90, 80, 70)])
    switch(tmp_path, names[0])
    assert prune(tmp_path, 1) == [names[1]]
    assert snapshot_ids(tmp_path) == [names[0], names[2]]
    assert live_id(tmp_path) == names[0]


def test_what_was_live_within_the_hour_stays(tmp_path: Path) -> None:
    names = fill(tmp_path, [90 * HOUR, 80 * HOUR, 0.5 * HOUR, 60])
    assert prune(tmp_path, 0) == [names[0]]
    assert snapshot_ids(tmp_path) == names[1:]


def test_nothing_goes_where_nobody_knows_what_is_live(tmp_path: Path) -> None:
    names = fill(tmp_path, [hours * HOUR for hours in (90, 80)])
    (tmp_path / "live.json").unlink()
    with pytest.raises(SnapshotError, match="no city is published"):
        prune(tmp_path, 0)
    assert snapshot_ids(tmp_path) == names


def test_a_publication_prunes(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    names = fill(tmp_path, [hours * HOUR for hours in (90, 80, 70, 60)])
    live = publish(sketch.draft(), tmp_path)
    assert snapshot_ids(tmp_path) == [*names[2:], live]


@pytest.mark.parametrize("text", ["[]", '{"files": 3}', "{", '{"id": "x"}'])
def test_damaged_notes_are_named(tmp_path: Path, sketch: Any, text: str) -> None:  # noqa: ANN401
    publish(sketch.draft(), tmp_path)
    folder = open_city(tmp_path).folder
    (folder / "meta.json").write_text(text, encoding="utf-8")
    assert [fault.split(" (")[0] for fault in damage(folder)] == [
        f"{folder / 'meta.json'}: cannot be read"
    ]
    with pytest.raises(SnapshotError, match=r"meta\.json: is damaged .*; run"):
        open_city(tmp_path)


def test_damage_that_is_replaced_is_logged(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    caplog: pytest.LogCaptureFixture,
) -> None:
    live = publish(sketch.draft(), tmp_path)
    path = tmp_path / "snapshots" / live / "sites.parquet"
    path.write_bytes(b"")
    assert publish(sketch.draft(), tmp_path) == live
    assert f"{path}: has changed since publication; replaced" in caplog.text
    assert json.loads((tmp_path / "live.json").read_text(encoding="utf-8")) == {"snapshot": live}
    assert path.read_bytes()
