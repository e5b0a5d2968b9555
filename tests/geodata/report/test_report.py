"""The account of an import: what it says, in which language, and that nothing in it can run."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console

from geodata.ingest.findings import Ledger
from geodata.publish import publish
from geodata.report import CSV, PAGE, Unused, summary, write
from geodata.report.account import FileAccount, Reason, accounts
from geodata.report.page import page
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City

pytestmark = pytest.mark.usefixtures("bare")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def city(tmp_path: Path, sketch: Any) -> City:  # noqa: ANN401
    draft = sketch.draft()
    ledger = Ledger(f"cases {HOSTILE}.csv", 300, draft.findings, passed_over=7)
    ledger.reject("reported_unreadable", [4, 9], ["=cmd()", HOSTILE])
    ledger.reject("key_twice", list(range(10, 260)), ["k"] * 250)
    ledger.keep("due_unreadable", [1, 2, 3])
    ledger.repair("hour_skipped", [5])
    ledger.set_aside("superseded", [270])
    ledger.remark("column_empty", HOSTILE)
    ledger.close(47)
    publish(draft, tmp_path)
    return open_city(tmp_path)


def test_the_rows_of_a_file_add_up(city: City) -> None:
    (file,) = [file for file in accounts(city.findings) if file.name.startswith("cases")]
    assert (file.read, file.imported, file.repaired, file.kept) == (307, 47, 1, 3)
    assert (file.rejected, file.set_aside) == (252, 8)
    assert file.read == file.imported + file.rejected + file.set_aside
    assert [each.key for each in file.reasons] == [
        "key_twice", "reported_unreadable", "due_unreadable", "hour_skipped",
        "belongs_elsewhere", "superseded", "column_empty",
    ]  # fmt: skip
    assert file.reasons[1].place("zh") == "第 4, 9 行"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "zh",
            ("未导入", "保留", "案件编号重复 · 250 行", "办理时限无法识别 · 3 行 · 第 1, 2, 3 行"),
        ),
        (
            "en",
            (
                "Rejected",
                "Kept as is",
                "250 rows",
                "1 row · row 5",
                "rows 4, 9",
                "1 column",
                "rows 10, 11, 12",
            ),
        ),
    ],
)
def test_the_summary_speaks_both_languages(city: City, lang: Any, words: tuple[str, ...]) -> None:  # noqa: ANN401
    console = Console(width=200)
    with console.capture() as said:
        console.print(summary(city.findings, city.profile, lang))
    assert all(word in said.get() for word in words)
    assert "key_twice" not in said.get()


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_in_a_narrow_terminal(city: City, lang: Any, width: int) -> None:  # noqa: ANN401
    console = Console(width=width)
    with console.capture() as said:
        console.print(summary(city.findings, city.profile, lang))
    lines = said.get().splitlines()
    assert max(cell_len(line) for line in lines) <= width
    whole = re.sub(r"[\s]+", "", said.get())
    for file in accounts(city.findings):
        for each in file.reasons:
            for text in (each.words(lang), each.cure(lang), each.counted(lang), each.place(lang)):
                assert re.sub(r"\s+", "", text) in whole


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_stands_alone_and_runs_nothing(city: City, tmp_path: Path, lang: Any) -> None:  # noqa: ANN401
    written, _ = write(city, tmp_path, lang)
    assert written == tmp_path / "reports" / city.id / PAGE
    text = written.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in text
    assert not re.search(r"(src|href)=\"?(?!#)[\w/]|url\(|@import|\son\w+=", text)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text.split("</style>")[0])
    assert "light dark" in text
    assert "@media print" in text
    chinese = bool(re.search(r"[\u4e00-\u9fff]", text.replace(city.profile.name_zh, "")))
    assert chinese == (lang == "zh")


def test_the_table_opens_in_a_spreadsheet_program(city: City, tmp_path: Path) -> None:
    _, path = write(city, tmp_path, "zh")
    assert path.name == CSV
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    mine = [row for row in rows if row["文件"].startswith("cases")]
    assert len(mine) == len(city.findings[city.findings["file"].str.startswith("cases")])
    assert [row["编号"] for row in mine[:2]] == ["'=cmd()", HOSTILE]
    assert (mine[0]["问题"], mine[0]["计数"]) == ("上报时间无法识别", "1 行")
    assert sum(int(row["数量"]) for row in mine if row["处理"] == "未导入") == 252


def test_what_concerns_many_files_is_named_in_words(city: City) -> None:
    level = city.profile.levels[1]
    names = (f"level {level.key}", "buildings", "level no.csv", "cases.csv")
    titles = [FileAccount(n, 0, 0, 0, 0, 0, ()).title(city.profile, "zh") for n in names]
    assert titles == [f"{level.name_zh}（本层级）", "楼栋（各文件合计）", *names[2:]]


def test_a_report_leaves_the_snapshot_as_it_was(city: City, tmp_path: Path) -> None:
    before = sorted(city.folder.rglob("*"))
    write(city, tmp_path, "en")
    assert sorted(city.folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("detail", "en", "zh"),
    [
        ("3", "row 3", "第 3 行"),
        ("3, 9", "rows 3, 9", "第 3, 9 行"),
        ("3, 9, … (+1,200)", "rows 3, 9, … and 1,200 more", "第 3, 9, … 行，另 1,200 行"),
        ("3, 9, …", "rows 3, 9, …", "第 3, 9, … 行"),
        ("closed_date", "closed_date", "closed_date"),
        ("2024 plan", "2024 plan", "2024 plan"),
    ],
)
def test_rows_are_named_in_a_sentence(detail: str, en: str, zh: str) -> None:
    reason = Reason("kept", "due_unreadable", 2, (detail,), "")
    assert (reason.place("en"), reason.place("zh")) == (en, zh)


def test_the_table_names_every_row_of_a_fault(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    draft = sketch.draft()
    ledger = Ledger("cases.csv", 300, draft.findings)
    ledger.keep("due_unreadable", [*range(10, 40), 44, 50, 51])
    ledger.repair("hour_skipped", [5, 6])
    ledger.close(300)
    publish(draft, tmp_path)
    city = open_city(tmp_path)
    _, table = write(city, tmp_path, "zh")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    found = {row["问题代码"]: row for row in rows if row["文件"] == "cases.csv"}
    assert found["due_unreadable"]["全部行号"] == "10–39, 44, 50–51"
    assert found["due_unreadable"]["明细"] == "10, 11, 12, 13, 14, 15, 16, 17, … (+25)"
    assert found["hour_skipped"]["全部行号"] == ""  # its detail names both
    (file,) = [each for each in accounts(city.findings) if each.name == "cases.csv"]
    assert "第 10, 11" in file.reasons[0].place("zh")
    assert "@" not in file.reasons[0].place("zh")


def test_of_several_lists_of_rows_the_first_stands_for_all() -> None:
    lists = ("3, 9, … (+4,773)", "20, 21, … (+613,036)", "farther")
    reason = Reason("set_aside", "due_unreadable", 617_819, lists, "")
    assert reason.place("en") == "rows 3, 9, … and 617,817 more; farther"


@pytest.mark.parametrize(("lang", "label"), [("zh", "试导入时间"), ("en", "Tried")])
def test_a_trial_says_when_in_the_clock_of_the_city(city: City, lang: Any, label: str) -> None:  # noqa: ANN401
    said = {}
    for zone in ("Asia/Shanghai", "America/New_York"):
        profile = city.profile.model_copy(update={"time_zone": zone})
        said[zone] = page(replace(city, profile=profile), lang, ())
        moment = datetime.fromtimestamp(city.meta["built"], ZoneInfo(zone))
        assert f"{moment:%Y-%m-%d %H:%M} ({zone})" in said[zone]
        assert label in said[zone]
    assert label not in page(city, lang)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("另有 2 个文件未使用", "未使用", "无法读取", "请重新导出", "选择其用途")),
        ("en", ("2 more files were not used", "Cannot be read", "export it again", "choose")),
    ],
)
def test_files_that_were_not_used_are_told(
    city: City,
    tmp_path: Path,
    lang: Any,  # noqa: ANN401
    words: tuple[str, ...],
) -> None:
    left = [
        Unused(HOSTILE, unreadable=False, zh="用途不明", en="for nothing"),
        Unused("b.zip", unreadable=True, zh="坏", en="bad",
               cure_zh="请重新导出", cure_en="export it again"),
    ]  # fmt: skip
    told, table = (
        path.read_text(encoding="utf-8-sig") for path in write(city, tmp_path, lang, left)
    )
    assert all(word in told for word in words)
    assert "<script" not in told
    assert [row.split(",")[0] for row in table.splitlines()[-2:]] == [HOSTILE, "b.zip"]
    assert words[0] not in page(city, lang, ())
