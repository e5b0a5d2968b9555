"""Exports of every month are one feed; other files with the same numbers are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geodata.ingest import draft_from_profile
from geodata.model.profile import read_profile
from geodata.publish import publish
from geodata.store.snapshots import City, open_city
from geodata.wizard import Choice, Draft, changed, guess, look_folder, toml
from tests.geodata.formats.writing import workbook
from tests.geodata.wizard.sample import boundaries, cases, table

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.model.profile import Profile

OPEN = {"案件状态": "处理中", "结案时间": ""}
DONE = {"案件状态": "已结案", "结案时间": "2026/05/01 09:00:00"}


def drafted(folder: Path) -> Draft:
    return guess(look_folder(folder), folder=folder.name)


def written(draft: Draft, folder: Path) -> Path:
    path = folder / "t.toml"
    path.write_text(toml(draft), encoding="utf-8")
    return path


def profile(draft: Draft, folder: Path) -> Profile:
    return read_profile(written(draft, folder))


def files(found: Profile) -> list[tuple[str, ...]]:
    return [(feed.layer.path, *feed.paths) for feed in found.incidents]


def city(draft: Draft, folder: Path) -> City:
    publish(draft_from_profile(written(draft, folder)), folder / "data")
    return open_city(folder / "data")


def test_sheets_of_one_workbook_are_one_feed(tmp_path: Path) -> None:
    boundaries(tmp_path)
    months = {"10月": DONE, "9月": OPEN}
    rows = {month: [{**row, **state} for row in cases(30)] for month, state in months.items()}
    sheets: dict[str, tuple[list[list[object]], list[str]]] = {
        month: ([list(found[0]), *(list(row.values()) for row in found)], [])
        for month, found in rows.items()
    }
    (tmp_path / "工单.xlsx").write_bytes(workbook(sheets))
    draft = drafted(tmp_path)
    (feed,) = profile(draft, tmp_path).incidents
    assert (feed.layer.path, feed.layer.layer, feed.paths) == ("工单.xlsx", "9月", ())
    assert feed.layers == ("10月",)
    found = city(draft, tmp_path)
    cases_of = pd.concat([pd.read_parquet(path) for path in found.incident_files()])
    assert len(cases_of) == 30
    assert cases_of["closed"].notna().all()
    names = {str(name) for name in found.findings["file"]}
    assert {"工单.xlsx#9月", "工单.xlsx#10月"} <= names


def test_files_of_alike_columns_are_one_feed_and_the_newer_word_counts(tmp_path: Path) -> None:
    boundaries(tmp_path)
    table(tmp_path / "工单2024-10.csv", [{**row, **OPEN} for row in cases(60)])
    table(tmp_path / "工单2024-9.csv", [{**row, **DONE} for row in cases(60)])
    draft = drafted(tmp_path)
    assert files(profile(draft, tmp_path)) == [("工单2024-10.csv", "工单2024-9.csv")]
    (asked,) = (each for each in draft.questions if "60" in each.en)
    assert "工单2024-9.csv" in asked.zh
    assert not asked.must
    found = city(draft, tmp_path)
    rows = pd.concat([pd.read_parquet(path) for path in found.incident_files()])
    assert len(rows) == 60
    assert rows["closed"].notna().all()
    told = found.findings.set_index("reason")
    assert told.loc["superseded", ["file", "rows"]].tolist() == ["工单2024-10.csv", 60]


def test_names_are_in_the_order_of_people_where_no_moment_tells(tmp_path: Path) -> None:
    boundaries(tmp_path)
    for month in (10, 9, 1):
        table(tmp_path / f"工单{month}月.csv", cases(20))
    assert files(profile(drafted(tmp_path), tmp_path)) == [
        ("工单1月.csv", "工单9月.csv", "工单10月.csv")
    ]


def test_a_file_of_another_make_has_a_mapping_of_its_own(tmp_path: Path) -> None:
    boundaries(tmp_path)
    table(tmp_path / "a.csv", cases(20))
    later = [{**row, "任务号": f"N{n}"} for n, row in enumerate(cases(20))]
    renamed = [{"受理编号" if k == "任务号" else k: v for k, v in row.items()} for row in later]
    table(tmp_path / "b.csv", renamed, "gb18030")
    draft = drafted(tmp_path)
    (feed,) = profile(draft, tmp_path).incidents
    keys = [columns["key"] for columns in (feed.layer.columns, *feed.layer.versions)]
    assert sorted(keys) == ["任务号", "受理编号"]
    assert feed.layer.encoding == "", "each is found by itself"
    assert (
        len(pd.concat([pd.read_parquet(p) for p in city(draft, tmp_path).incident_files()])) == 40
    )


def test_a_column_that_is_blank_in_one_file_is_no_other_make(tmp_path: Path) -> None:
    boundaries(tmp_path)
    table(tmp_path / "a.csv", [{**row, **OPEN} for row in cases(20)])
    table(tmp_path / "b.csv", [{**row, "任务号": f"N{n}"} for n, row in enumerate(cases(20))])
    (feed,) = profile(drafted(tmp_path), tmp_path).incidents
    assert feed.layer.columns["closed"] == "结案时间"
    assert feed.layer.versions == ()


def test_numbers_counted_anew_in_every_file_are_no_updates(tmp_path: Path) -> None:
    boundaries(tmp_path)
    table(tmp_path / "a.csv", cases(28))
    table(tmp_path / "b.csv", [{**row, "上报时间": "2026/05/01 10:15:00"} for row in cases(28)])
    draft = drafted(tmp_path)
    assert len(profile(draft, tmp_path).incidents) == 2
    assert sum("28" in each.en and not each.must for each in draft.questions) == 1
    told = city(draft, tmp_path).findings.set_index("reason")
    assert told.loc["key_in_other_feed", ["file", "rows"]].tolist() == ["b.csv", 28]


def test_other_systems_have_feeds_of_their_own(tmp_path: Path) -> None:
    boundaries(tmp_path)
    table(tmp_path / "a.csv", cases(20))
    other = [
        {"工单编号": f"H{n}", "来电时间": row["上报时间"], "诉求类型": row["小类名称"]}
        for n, row in enumerate(cases(20))
    ]  # fmt: skip
    table(tmp_path / "热线.csv", other)
    draft = drafted(tmp_path)
    assert len(profile(draft, tmp_path).incidents) == 2


def test_what_a_person_has_decided_of_one_file_keeps_it_apart(tmp_path: Path) -> None:
    boundaries(tmp_path)
    for name in ("a.csv", "b.csv"):
        table(tmp_path / name, cases(20))
    draft = changed(drafted(tmp_path), [Choice("b.csv", "column:closed", "")])
    found = {feed.layer.path: feed.layer.columns for feed in profile(draft, tmp_path).incidents}
    assert "closed" in found["a.csv"]
    assert "closed" not in found["b.csv"]
