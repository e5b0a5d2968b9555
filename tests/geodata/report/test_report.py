"""The account of an import: what it says, in which language, and that nothing in it can run."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from geodata.ingest.findings import Ledger
from geodata.publish import publish
from geodata.report import CSV, PAGE, summary, write
from geodata.report.account import FileAccount, Reason, accounts
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
    assert file.reasons[1].measure("zh") == "4, 9"


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
    page, _ = write(city, tmp_path, lang)
    assert page == tmp_path / "reports" / city.id / PAGE
    text = page.read_text(encoding="utf-8")
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
