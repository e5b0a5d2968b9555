"""Rejected rows go to a sheet, come back corrected, and are put on no other row."""

from __future__ import annotations

import csv
import re
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geodata.formats import FileRefusedError
from geodata.ingest import corrections, draft_from_profile, opening, quarantine
from geodata.ingest.files import read_sheet
from geodata.ingest.findings import Account
from geodata.ingest.mangled import restored
from geodata.ingest.spreadsheet import guarded, unguarded
from geodata.model.errors import ImportRefusedError
from geodata.model.profile import Layer, Profile
from geodata.publish import publish
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROFILE = """
key = "t"
name_zh = "试"
name_en = "Try"
levels = [{key = "city", name_zh = "市", name_en = "City"}]
"""
pytestmark = pytest.mark.usefixtures("bare")
GOOD = {"no": "110114001001000001", "in": "2024-07-01 10:00", "where": "西片"}
BAD = {"no": "110114001001000002", "in": "soon", "where": "东片", "what": "=1+1", "dept": "城管"}
AGAIN = {"no": "110114001001000001", "in": "2024-07-02 10:00"}


def imported(files: Any) -> tuple[Any, list[Path]]:  # noqa: ANN401
    data, path = files.folder / "data", files.profile()
    account = Account(corrections.load(data, "t"))
    draft = draft_from_profile(path, account=account)
    publish(draft, data)
    return open_city(data), quarantine.write(data, draft.profile, path, account)


def opened(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def saved(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_rejected_rows_are_kept_as_they_were(files: Any) -> None:  # noqa: ANN401
    files.cases([GOOD, BAD, AGAIN])
    _, (sheet,) = imported(files)
    assert sheet == files.folder / "data" / "quarantine" / "t" / "cases.csv"
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = opened(sheet)
    ours = corrections.heads()
    assert (first[ours["file"]], first[ours["row"]]) == ("cases.csv", "3")
    assert (first[ours["reason"]], second[ours["reason"]]) == ("上报时间无法识别", "案件编号重复")
    assert "time_formats" in first[ours["cure"]]
    assert {name: first[name] for name in ("no", "in", "where", "dept")} == {
        name: BAD[name] for name in ("no", "in", "where", "dept")
    }
    assert first["what"] == "'=1+1"


def test_how_far_the_sheets_are_is_told(files: Any) -> None:  # noqa: ANN401
    files.cases([GOOD, BAD])
    account, told = Account(), []
    draft = draft_from_profile(path := files.profile(), account=account)
    quarantine.write(files.folder, draft.profile, path, account, lambda *step: told.append(step))
    assert told == [("quarantine", 0.0), ("quarantine", 1.0)]


def test_a_corrected_row_is_imported_and_stays_so(
    files: Any,  # noqa: ANN401
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    files.cases([GOOD, BAD, AGAIN])
    before, (sheet,) = imported(files)
    first, second = opened(sheet)
    # As a spreadsheet program in Chinese saves it: its encoding, its dates, its long numbers.
    mended = {**first, "in": "2024/7/3 9:05", "no": "1.10114E+17"}
    given = saved(files.folder / "改好的.csv", [mended, second], "gb18030")
    assert corrections.take_in(files.folder / "data", "t", [given]) == 2
    city, sheets = imported(files)
    cases = pd.concat([pd.read_parquet(p) for p in city.incident_files()]).set_index("key")
    assert set(cases.index) == {GOOD["no"], BAD["no"]}
    assert cases.loc[BAD["no"], "reported"] == pd.Timestamp("2024-07-03T13:05Z").timestamp()
    assert city.matters["name_zh"].tolist() == ["=1+1"]
    found = account(city.findings[city.findings["file"] == "cases.csv"])
    assert found["repaired", "correction_applied"] == 1
    assert found["read", "correction_unchanged"] == 1
    assert found["rejected", "key_twice"] == 1
    assert ("rejected", "reported_unreadable") not in found
    assert [row["no"] for row in opened(sheets[0])] == [AGAIN["no"]]
    again, _ = imported(files)
    assert again.id == city.id != before.id


def test_what_was_corrected_and_still_will_not_go_in_is_told_apart(files: Any) -> None:  # noqa: ANN401
    other = {"no": "110114001001000003", "in": "later"}
    files.cases([GOOD, BAD, other, AGAIN])
    _, (sheet,) = imported(files)
    wrong, right, same = opened(sheet)
    given = [{**wrong, "in": "still soon"}, {**right, "in": "2024-07-03 09:05"}, same]
    corrections.take_in(files.folder / "data", "t", [saved(files.folder / "c.csv", given)])
    city, _ = imported(files)
    mine = city.findings[city.findings["file"] == "cases.csv"]
    told = {
        str(reason): (str(action), str(detail))
        for action, reason, detail in zip(
            mine["action"], mine["reason"], mine["detail"], strict=True
        )
        if str(reason).startswith("correction_")
    }
    assert told == {
        "correction_applied": ("repaired", "4"),
        "correction_rejected": ("read", "3"),
        "correction_unchanged": ("read", "5"),
    }


def test_layers_of_one_file_keep_their_corrections_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as archive:
        for name in ("one", "two"):
            archive.writestr(f"{name}.csv", "a,b\nx,1\n")
    layers = {name: Layer(path="book.zip", layer=name) for name in ("one", "two")}
    sheet = read_sheet(layers["one"], tmp_path)
    check = corrections.check_of(corrections.cells_of(sheet, 0))
    ours = corrections.heads()
    given = {ours["file"]: "book.zip#one", ours["check"]: check, "a": "mended", "b": "1"}
    corrections.take_in(tmp_path, "t", [saved(tmp_path / "given.csv", [given])])
    profile = Profile.model_validate(tomllib.loads(PROFILE))
    account = Account(corrections.load(tmp_path, "t"))
    read = {n: files_opened(layer, tmp_path, profile, account) for n, layer in layers.items()}
    assert read == {"one": ("mended", 1), "two": ("x", 0)}


def files_opened(layer: Layer, folder: Path, profile: Profile, found: Account) -> tuple[str, int]:
    layer = layer.model_copy(update={"columns": {"key": "a"}})
    read, ledger = opening.opened(layer, folder, profile, found)
    return str(read.frame.loc[0, "key"]), len(ledger.corrected)


def test_something_else_among_the_corrections_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "corrections" / "t"
    folder.mkdir(parents=True)
    saved(folder / "my list.csv", [{"a": "1"}])
    with pytest.raises(FileRefusedError, match=r"my list\.csv.*#文件.*take it out") as refused:
        corrections.load(tmp_path, "t")
    assert refused.value.reason == "no_corrections"


def test_a_correction_finds_its_row_where_it_has_moved_and_no_other(
    files: Any,  # noqa: ANN401
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    files.cases([GOOD, BAD])
    _, (sheet,) = imported(files)
    (row,) = opened(sheet)
    given = saved(files.folder / "c.csv", [{**row, "in": "2024-07-03 09:05"}])
    corrections.take_in(files.folder / "data", "t", [given])
    files.cases([BAD, GOOD])
    city, _ = imported(files)
    assert city.meta["counts"]["incidents"] == 2
    files.cases([GOOD, {**BAD, "in": "later"}])
    city, _ = imported(files)
    found = account(city.findings[city.findings["file"] == "cases.csv"])
    assert (found["rejected", "reported_unreadable"], found["read", "correction_outdated"]) == (
        1,
        1,
    )


def test_the_check_of_a_row_is_no_number_to_a_spreadsheet_program() -> None:
    checks = [corrections.check_of({"no": str(number)}) for number in range(5_000)]
    assert any(check[1:].isdigit() for check in checks)
    assert not any(re.fullmatch(r"[0-9a-f.+]+", check) for check in checks)
    assert len({len(check) for check in checks}) == 1


def test_a_sheet_with_checks_of_before_is_still_understood(files: Any) -> None:  # noqa: ANN401
    files.cases([GOOD, BAD])
    _, (sheet,) = imported(files)
    (row,) = opened(sheet)
    head = corrections.heads()["check"]
    old = {**row, head: row[head][1:], "in": "2024-07-03 09:05"}
    assert re.fullmatch(r"[0-9a-f]{12}", old[head])
    given = saved(files.folder / "c.csv", [old])
    corrections.take_in(files.folder / "data", "t", [given])
    city, sheets = imported(files)
    assert (city.meta["counts"]["incidents"], sheets) == (2, [])


def test_rejected_rows_are_not_taken_from_the_table_one_by_one(
    files: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files.cases([{**BAD, "no": str(number)} for number in range(300)])
    taken: list[int] = []
    cells = corrections.texts
    monkeypatch.setattr(
        quarantine, "texts", lambda column, name: taken.append(len(column)) or cells(column, name)
    )
    _, (sheet,) = imported(files)
    assert [row["no"] for row in opened(sheet)] == [str(number) for number in range(300)]
    assert taken == [300] * 11, "once for each column, all rows at a time"


def test_a_folder_of_sheets_and_a_sheet_of_somewhere_else(files: Any) -> None:  # noqa: ANN401
    files.cases([GOOD, BAD])
    _, (sheet,) = imported(files)
    assert corrections.take_in(files.folder / "data", "t", [sheet.parent]) == 1
    with pytest.raises(ImportRefusedError, match="correct a sheet of the quarantine"):
        corrections.take_in(files.folder / "data", "t", [files.folder / "cases.csv"])


def test_a_sheet_goes_once_nothing_is_rejected(files: Any) -> None:  # noqa: ANN401
    files.cases([GOOD, BAD])
    _, (sheet,) = imported(files)
    files.cases([GOOD])
    _, sheets = imported(files)
    assert (sheets, sheet.exists()) == ([], False)


def sheet_for(folder: Path, name: str, file: str, text: str) -> Path:
    ours = corrections.heads()
    return saved(folder / name, [{ours["file"]: file, ours["check"]: "c1", "a": text}])


@pytest.mark.parametrize(
    "pair", [("a/x/f.csv", "b/x/f.csv"), ("f", "f.csv"), ("f.csv", "F.csv"), ("/f.csv", "../f.csv")]
)
def test_files_of_one_name_keep_their_corrections(tmp_path: Path, pair: tuple[str, str]) -> None:
    for number, file in enumerate(pair):
        corrections.take_in(
            tmp_path, "t", [sheet_for(tmp_path, "given.csv", file, f"text {number}")]
        )
    found = corrections.load(tmp_path, "t")
    assert {file: found.of(file)["c1"]["a"] for file in pair} == {
        pair[0]: "text 0",
        pair[1]: "text 1",
    }
    assert len(list((tmp_path / "corrections" / "t").iterdir())) == 2


def test_a_sheet_that_got_another_name_does_not_win_later(tmp_path: Path) -> None:
    for file, text in (("x/f.csv", "old"), ("y/f.csv", "other"), ("x/f.csv", "new")):
        corrections.take_in(tmp_path, "t", [sheet_for(tmp_path, "given.csv", file, text)])
    assert corrections.load(tmp_path, "t").of("x/f.csv")["c1"]["a"] == "new"
    folder = tmp_path / "corrections" / "t"
    assert "f.csv" not in {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("now", "before", "kept"),
    [
        ("1.10114E+17", "110114001001000002", True),
        ("1.10115E+17", "110114001001000002", False),
        ("123", "00123", True),
        ("124", "00123", False),
        ("2024/7/2 10:00", "2024-07-02 10:00:35", True),
        ("2024/7/2 10:01", "2024-07-02 10:00:35", False),
        ("2024/2/7 10:00", "2024-07-02 10:00:35", False),
        ("2025/3/14 13:20", "03/14/2025 01:20:00 PM", True),
        ("2025/3/15 13:20", "03/14/2025 01:20:00 PM", False),
        ("2025-01-17 10:20", "2025.1.17 10:20", False),  # no program does that: a person did
        ("2025/1/17 10:20", "2025.1.17 10:20", False),
        (" same ", "same", True),
        ("other", "same", False),
        ("", "same", False),
        ("same", "", False),
    ],
)
def test_what_a_spreadsheet_program_did_is_undone_and_nothing_else(
    now: str, before: str, *, kept: bool
) -> None:
    assert restored(now, before) == (before if kept else now.strip())


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\ta", "'x", "'=x", "", "a=b", " =1", "' =1", " '=1", "＝1"]
)
def test_guarded_cells_come_back_as_they_were(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))


CALLER = {
    "who": "张三丰",
    "tel": "13912345678",
    "said": "身份证110101199003071234，电话13912345678",
}


def test_personal_cells_stand_masked_on_the_sheet_and_come_back_as_they_were(
    files: Any,  # noqa: ANN401
) -> None:
    plain = files.profile().read_text(encoding="utf-8")
    text = plain.replace(
        "[incidents.layer.columns]", '[incidents.layer.columns]\nreporter = "who"\nphone = "tel"'
    )

    def told() -> tuple[Any, list[Path]]:
        data, path = files.folder / "data", files.profile(text)
        account = Account(corrections.load(data, "t"))
        draft = draft_from_profile(path, account=account)
        publish(draft, data)
        return open_city(data), quarantine.write(data, draft.profile, path, account)

    names = ("no", "in", "out", "due", "status", "dept", "what", "how", "where", "x", "y")
    rows = [dict.fromkeys(names, "") | case | CALLER for case in (GOOD, BAD)]
    saved(files.folder / "cases.csv", rows, "utf-8")
    city, (sheet,) = told()
    (row,) = opened(sheet)
    assert (row["who"], row["tel"]) == ("张**", "139****5678")
    assert row["said"] == "身份证110*************34，电话139****5678"  # nobody said what it is
    assert row["no"] == BAD["no"]
    assert len(city.told(range(10))) == 1  # the one that went in
    given = saved(files.folder / "mended.csv", [{**row, "in": "2024-07-03 09:05"}])
    assert corrections.take_in(files.folder / "data", "t", [given]) == 1
    city, _ = told()
    assert city.told([0, 1])["phone"].tolist() == ["139****5678"] * 2
    sealed = pd.read_parquet(city.folder / "sealed" / "particulars.parquet")
    assert sealed["phone"].tolist() == [CALLER["tel"]] * 2
    assert sealed["reporter"].tolist() == [CALLER["who"]] * 2
    assert "said" not in city.table("particulars")
