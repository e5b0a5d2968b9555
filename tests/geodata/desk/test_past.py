from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from geodata import report
from geodata.desk.past import ACCOUNT, left, past
from geodata.publish import publish
from geodata.store.snapshots import SNAPSHOTS, open_snapshot
from tests.browser.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path


def imported(data_dir: Path, name: str, moment: float) -> str:
    draft = tiny()
    profile = draft.profile.model_copy(update={"name_zh": name})
    snapshot = publish(replace(draft, profile=profile), data_dir)
    report.write(open_snapshot(data_dir, snapshot), data_dir, "zh")
    os.utime(data_dir / "reports" / snapshot, (moment, moment))
    return snapshot


def test_past_imports_are_told_from_the_latest_on(tmp_path: Path) -> None:
    assert past(tmp_path) == []
    first, last = imported(tmp_path, "甲城", 1_000), imported(tmp_path, "乙城", 2_000)
    sheet = tmp_path / "quarantine" / "tiny" / "坏行.csv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("x")
    now, before = past(tmp_path)
    assert (now.id, now.name_zh, now.live, now.sheets) == (last, "乙城", True, ("坏行.csv",))
    assert (before.id, before.name_zh, before.live, before.sheets) == (first, "甲城", False, ())
    assert now.files == ACCOUNT
    assert now.made
    assert left(tmp_path, last)["坏行.csv"] == sheet
    assert set(left(tmp_path, first)) == set(ACCOUNT)
    assert left(tmp_path, "..") == {}


def test_the_account_outlives_its_city(tmp_path: Path) -> None:
    first, _ = imported(tmp_path, "甲城", 1_000), imported(tmp_path, "乙城", 2_000)
    shutil.rmtree(tmp_path / SNAPSHOTS / first)
    _, gone = past(tmp_path)
    assert (gone.id, gone.key, gone.made) == (first, "", "")
    assert all(path.is_file() for path in left(tmp_path, first).values())
