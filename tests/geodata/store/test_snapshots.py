from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.model.errors import ImportRefusedError, SnapshotError
from geodata.model.profile import read_profile
from geodata.model.schemas import ALERTS, WARNINGS
from geodata.publish import publish
from geodata.store import snapshots
from geodata.store.months import MonthWriter, write_day
from geodata.store.snapshots import live_id, open_city, open_snapshot, snapshot_ids
from geodata.store.tables import IMPORTED, LIVE_WARNINGS, write_text, write_warnings
from geodata.store.writer import SnapshotWriter, damage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("bare")
POWER = "power is gone"


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"live\.json: no city .*`python -m geodata demo`"):
        open_city(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"snapshot": 3}'])
def test_a_damaged_pointer_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "live.json").write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"live\.json: .*make run"):
        open_city(tmp_path)


def test_a_missing_and_a_damaged_table_are_named(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    publish(sketch.draft(), tmp_path)
    city = open_city(tmp_path)
    (city.folder / "sites.parquet").unlink()
    (city.folder / "places.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(SnapshotError, match=r"sites\.parquet: is missing; run"):
        _ = city.sites
    with pytest.raises(SnapshotError, match=r"places\.parquet: is damaged .*; run"):
        _ = city.places
    assert [fault.split(": ")[1] for fault in damage(city.folder)] == [
        "is missing",
        "has changed since publication",
    ]


def test_optional_tables_are_none_and_extras_are_found_by_name(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    rosters = pd.DataFrame(
        {"unit": [0], "role": ["r"], "name_masked": ["张*"], "phone_masked": ["1**"]}
    )
    extras = {"rosters": rosters, "centres": pd.DataFrame({"n": [3]})}
    publish(sketch.draft(extras=lambda _: extras), tmp_path)
    city = open_city(tmp_path)
    assert city.rosters is not None
    assert city.rosters["unit"].dtype == "int32"
    centres = city.table("centres")
    assert centres is not None
    assert centres["n"].tolist() == [3]
    assert city.inspections is None
    assert city.estates is None
    assert city.basemap("water") is None
    assert city.alerts.empty
    with pytest.raises(SnapshotError, match=r"division fire .* there are: none"):
        city.division("fire")


def test_the_profile_comes_back_as_it_was(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    profile = sketch.profile(title_en='A "quoted"\n\x7f title', targets={"on time": 0.95})
    publish(sketch.draft(profile=profile), tmp_path)
    city = open_city(tmp_path)
    assert city.profile == profile
    assert read_profile(city.folder / "profile.toml") == profile


def test_the_version_changes_with_the_feed(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(sketch.draft(profile=sketch.profile(as_of="data")), tmp_path)
    city = open_city(tmp_path)
    before, at = city.version(), city.now()
    assert before == city.id
    frame = sketch.cases(np.array([1, 0]), np.array([at + 60, at + 30]), first_id=99)
    path = write_day(tmp_path / "feed" / city.id, "2025-11-01", frame)
    assert city.latest_days() == [path]
    assert city.incident_files()[-1] == path
    assert city.now() == at + 60
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "newest_moment", None)  # the footer is not read again
        assert city.now() == at + 60
    first = city.version()
    assert first != before
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert city.version() != first
    assert pd.read_parquet(path)["id"].tolist() == [100, 99]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_alerts_judged_since_replace_those_of_the_publication(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
) -> None:
    row = {name: "x" if kind == "string" else 1 for name, kind in WARNINGS.items()}
    imported = pd.DataFrame([row])[list(ALERTS)].drop(columns="alert")
    publish(sketch.draft(alerts=lambda _: imported), tmp_path)
    city = open_city(tmp_path)
    assert city.alerts["kind"].tolist() == [IMPORTED]
    table = pd.DataFrame([row | {"raised": 2}, row | {"raised": 3}]).drop(columns="alert")
    path = tmp_path / "feed" / city.id / LIVE_WARNINGS
    write_warnings(path, table, 7)
    before = city.alerts_version()
    assert city.alerts["raised"].tolist() == [1, 2, 3]
    write_warnings(path, table.iloc[:1], 8)
    os.utime(path, ns=(0, int(before) + 1))
    assert city.alerts["alert"].tolist() == [0, 1]
    assert {c: str(kind) for c, kind in city.alerts.dtypes.items()} == WARNINGS
    assert city.latest_days() == []
    assert city.warnings()[1] == 8


def test_alerts_that_cannot_be_read_are_the_published_ones_and_told_once(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish(sketch.draft(), tmp_path)
    city = open_city(tmp_path)
    published = len(city.alerts)
    path = tmp_path / "feed" / city.id / LIVE_WARNINGS
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PAR1")
    assert len(city.alerts) == len(city.alerts) == published
    assert sum("cannot be read" in record.message for record in caplog.records) == 1
    assert city.warnings()[1] == city.meta["last"]


def test_a_city_that_lives_uses_the_wall_clock(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    publish(sketch.draft(), tmp_path)
    assert abs(open_city(tmp_path).now() - time.time()) < 5


def test_snapshots_are_listed_and_the_newest_is_live(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    first = publish(sketch.draft(), tmp_path)
    second = publish(sketch.draft(notes={"seed": 7}, incidents=lambda _: iter(())), tmp_path)
    assert live_id(tmp_path) == second
    assert set(snapshot_ids(tmp_path)) == {first, second}
    assert open_snapshot(tmp_path, second).meta["notes"] == {"seed": 7}


@pytest.mark.parametrize("step", ["rename", "switch"])
def test_a_crash_while_going_live_leaves_the_old_one(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = publish(sketch.draft(), tmp_path)
    original = type(tmp_path).replace if step == "switch" else type(tmp_path).rename

    def fail(path: Path, target: Path) -> Path:
        if step == "rename" or target.name == "live.json":
            raise OSError(POWER)
        return original(path, target)

    monkeypatch.setattr(type(tmp_path), "replace" if step == "switch" else "rename", fail)
    with pytest.raises(OSError, match="power"):
        publish(sketch.draft(incidents=lambda _: iter(())), tmp_path)
    monkeypatch.undo()
    assert open_city(tmp_path).id == before
    assert not list((tmp_path / "snapshots").glob(".*"))
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["live.json"]


def test_what_a_killed_publication_left_is_swept_away_by_the_next(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
) -> None:
    left = tmp_path / "snapshots" / ".building-1-killed"
    (left / "incidents").mkdir(parents=True)
    with SnapshotWriter(tmp_path, sketch.profile()) as first:
        assert not left.exists()
        with SnapshotWriter(tmp_path, sketch.profile()) as other:
            assert first.folder.is_dir()
            assert other.folder.is_dir()
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_a_table_that_does_not_fit_is_refused(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    with SnapshotWriter(tmp_path, sketch.profile()) as writer:
        with pytest.raises(ImportRefusedError, match="alerts: columns alert, level"):
            writer.table("alerts", pd.DataFrame({"n": [1]}))
        rosters = pd.DataFrame({"unit": ["x"], "role": "", "name_masked": "", "phone_masked": ""})
        with pytest.raises(ImportRefusedError, match="rosters: column unit does not fit int32"):
            writer.table("rosters", rosters)


def test_months_spill_to_disk_and_come_back_sorted(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("geodata.store.months.HELD_ROWS", 10)
    writer = MonthWriter(tmp_path, {"site": 1})
    moments = np.arange(1_760_000_000, 1_770_000_000, 300_000)[::-1]
    for first in range(0, len(moments), 4):
        part = moments[first : first + 4]
        writer.add(sketch.cases(np.zeros(len(part), dtype=int), part, first_id=first))
    months = writer.finish()
    assert {path.name for path in tmp_path.iterdir()} == {f"{month}.parquet" for month in months}
    frames = [pd.read_parquet(tmp_path / f"{month}.parquet") for month in months]
    assert pd.concat(frames)["reported"].tolist() == sorted(moments.tolist())
    assert writer.rows == len(moments)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("reported", pd.NA, "reported"), ("matter", 1.5, "matter"), ("site", None, "site")],
)
def test_values_that_do_not_fit_are_refused_by_column(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    column: str,
    value: object,
    words: str,
) -> None:
    frame = sketch.cases(np.array([0]), np.array([1_760_000_000]))
    frame[column] = pd.Series([value], dtype="UInt32" if column == "reported" else "float64")
    with pytest.raises(ImportRefusedError, match=words):
        MonthWriter(tmp_path, {"site": 1}).add(frame)
    with pytest.raises(ImportRefusedError, match="columns key are missing"):
        MonthWriter(tmp_path, {"site": 1}).add(frame.drop(columns="key"))


def test_text_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_text(path, json.dumps({"a": 1}), 0o600)
    write_text(path, json.dumps({"a": 2}), 0o600)
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": 2}
    assert path.stat().st_mode & 0o777 == 0o600
