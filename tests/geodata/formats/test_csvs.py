"""Text tables: encodings, separators, and rows that do not fit."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from geodata.formats import FileRefusedError, Remark, Sheet

if TYPE_CHECKING:
    from tests.geodata.formats.conftest import Reads

CHINESE = "案卷号,街道\n001,鹤湾街道\n002,东城\n"


def remark(sheet: Sheet, reason: str) -> Remark:
    [found] = [one for one in sheet.remarks if one.reason == reason]
    return found


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_encoding_is_found_and_told(read: Reads, content: bytes, encoding: str) -> None:
    sheet = read("a.csv", content)
    assert sheet.encoding == encoding
    assert sheet.frame.to_dict("list") == {"案卷号": ["001", "002"], "街道": ["鹤湾街道", "东城"]}
    assert sheet.remarks == ()
    assert read("b.csv.gz", gzip.compress(content)).frame.equals(sheet.frame)


def test_letters_with_accents_are_not_taken_for_chinese(read: Reads) -> None:
    sheet = read("a.csv", "name\nRené Léveillé\n".encode("cp1252"))
    assert (sheet.encoding, sheet.frame["name"].tolist()) == ("cp1252", ["René Léveillé"])


def test_the_profile_overrides_what_was_found(read: Reads) -> None:
    content = "名\n臺北\n".encode("big5")
    sheet = read("a.csv", content, encoding="Big5")
    assert sheet.frame.iloc[0].tolist() == ["臺北"]
    with pytest.raises(FileRefusedError, match="encoding that is not known"):
        read("a.csv", content, encoding="klingon")


def test_utf8_with_a_broken_byte_stays_utf8_and_names_the_row(read: Reads) -> None:
    good = "名字\n" + "和平街道中心社区\n" * 20
    content = good.encode() + b"\xe5\xb9\n" + "南\n".encode()
    sheet = read("a.csv", content)
    assert sheet.frame["名字"].iloc[0] == "和平街道中心社区"
    assert remark(sheet, "broken_text").rows == [22]


@pytest.mark.parametrize("separator", list(",;\t|"))
def test_the_separator_is_found(read: Reads, separator: str) -> None:
    content = separator.join("abc") + "\n" + separator.join(["1,5", "x", "2"]) + "\n"
    if separator == ",":
        content = 'a,b,c\n"1,5",x,2\n'
    frame = read("a.csv", content.encode()).frame
    assert frame.iloc[0].tolist() == ["1,5", "x", "2"]


def test_excel_may_name_the_separator(read: Reads) -> None:
    assert read("a.csv", b"sep=;\r\na;b\r\n1,2;3,4\r\n").frame.iloc[0].tolist() == ["1,2", "3,4"]


def test_every_cell_stays_text(read: Reads) -> None:
    frame = read("a.csv", b"code,n\n000123456789012345678901,NA\n1e5,\n").frame
    assert frame["code"].tolist() == ["000123456789012345678901", "1e5"]
    assert frame["n"].tolist() == ["NA", ""]


def test_rows_that_do_not_fit_are_named_and_the_others_keep_their_numbers(read: Reads) -> None:
    sheet = read("a.csv", b"a,b,c\n1,x,p\n2,x\n3,x,p,more\n4,x,p,\n5,x,p\n")
    assert sheet.frame["a"].tolist() == ["1", "2", "4", "5"]
    assert sheet.rows.tolist() == [2, 3, 5, 6]
    assert sheet.frame["c"].tolist() == ["p", "", "p", "p"]
    assert remark(sheet, "row_too_short") == Remark(
        "kept", "row_too_short", [3], "give the row as many cells as the header has"
    )
    long = remark(sheet, "row_too_long")
    assert (long.action, long.rows, long.texts) == ("rejected", [4], ("3,x,p,more",))


def test_a_cell_broken_by_a_line_break_is_joined_again(read: Reads) -> None:
    sheet = read("a.csv", b"a,b,c\n1,x,p\n2,one\ntwo,p\n3,x,p\n")
    assert sheet.frame["b"].tolist() == ["x", "one\ntwo", "x"]
    assert remark(sheet, "line_broken").rows == [3]


def test_a_quotation_mark_never_closed_is_told(read: Reads) -> None:
    sheet = read("a.csv", b'a,b\n1,x\n"2,x\n3,x\n')
    assert sheet.frame["a"].tolist() == ["1"]
    lost = remark(sheet, "quote_not_closed")
    assert (lost.action, lost.rows, lost.texts) == ("rejected", [3], ('"2,x\n3,x',))


def test_blank_rows_and_columns_are_left_out_and_told(read: Reads) -> None:
    sheet = read("a.csv", b"a,b,\n1,x,\n,,\n2, ,\n")
    assert list(sheet.frame) == ["a", "b"]
    assert sheet.rows.tolist() == [2, 4]
    assert remark(sheet, "blank_row").rows == [3]


def test_columns_of_one_name_are_told_apart(read: Reads) -> None:
    sheet = read("a.csv", b"name,name,\n1,2,3\n")
    assert list(sheet.frame) == ["name", "name_2", "column_3"]
    assert remark(sheet, "column_named_twice").rows == []


def test_a_row_longer_than_a_block_is_read(read: Reads) -> None:
    long = "x\n" * (5 << 20)
    frame = read("a.csv", f'a,b\n1,y\n2,"{long}"\n'.encode()).frame
    assert frame["b"].str.len().tolist() == [1, len(long)]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \n"])
def test_nothing_is_refused_as_nothing(read: Reads, content: bytes) -> None:
    with pytest.raises(FileRefusedError, match="is empty"):
        read("a.csv", content)


def test_a_header_alone_is_a_table_without_rows(read: Reads) -> None:
    sheet = read("a.csv", b"a,b\n")
    assert (list(sheet.frame), len(sheet.frame)) == (["a", "b"], 0)


def test_two_short_rows_that_add_up_to_a_whole_one_stay_two(read: Reads) -> None:
    whole = b"id,t,street,remark,dept\nA0,2026-01-01,S1,quiet,D1\n"
    for head in (whole, b"id,t,street,remark,dept\n"):
        sheet = read("a.csv", head + b"A1,2026-01-01,S1\nA2,2026-01-02,S2\n")
        assert sheet.frame["id"].tolist()[-2:] == ["A1", "A2"]
        assert sheet.frame["street"].tolist()[-2:] == ["S1", "S2"]
        assert len(remark(sheet, "row_too_short").rows) == 2


@pytest.mark.parametrize(
    ("keys", "rest", "joined"),
    [
        (["3f2a-9c", "b81d-07", "c0de-44"], "two", True),
        (["王五", "李小四", "赵六"], "门前", False),  # as good a name as any
        (["", "x9", "x8"], "", False),
        (["2026/1/1", "2026/1/2", "2026/1/3"], "near the gate", True),
        (["2026/1/1", "2026/1/2", "2026/1/3"], "2026/11/30", False),
    ],
)
def test_rows_are_joined_only_where_the_second_begins_as_no_row_does(
    read: Reads, keys: list[str], rest: str, *, joined: bool
) -> None:
    text = f"k,b,c\n{keys[0]},x,p\n{keys[1]},y,p\n{keys[2]},one\n{rest},p\n"
    sheet = read("a.csv", text.encode())
    assert ("line_broken" in {one.reason for one in sheet.remarks}) is joined
    assert len(sheet.frame) == (3 if joined else 4)


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_rare_separator_of_lines_cuts_no_cell(read: Reads, mark: str) -> None:
    sheet = read("a.csv", f"a,b,c\n1,foo{mark}bar\n2,x,y\n".encode())
    assert sheet.frame["b"].tolist() == [f"foo{mark}bar", "x"]
    assert remark(sheet, "row_too_short").rows == [2]


def test_a_row_that_does_not_fit_may_be_of_any_length(read: Reads) -> None:
    long = "x" * 200_000
    sheet = read("a.csv", f"a,b,c\n1,x,y\n2,{long}\n3,x,{long},z\n4,x,y\n".encode())
    assert sheet.frame["b"].tolist() == ["x", long, "x"]
    assert remark(sheet, "row_too_long").rows == [4]
    sheet = read("b.csv", b'a,b\n1,x\n"2,x\n' + b"3,x\n" * 50_000)
    assert remark(sheet, "quote_not_closed").rows == [3]


def test_rows_have_the_numbers_that_a_spreadsheet_program_shows(read: Reads) -> None:
    content = '\r\n名,备注\r\n东,"一\r\n\r\n二"\r\n\r\n西,三\r\n,\r\n南,四,五\r\n北,六\r\n\r\n'
    sheet = read("a.csv", content.encode())
    assert sheet.numbered == "row"
    assert dict(zip(sheet.rows.tolist(), sheet.frame["名"], strict=True)) == {
        3: "东",
        5: "西",
        8: "北",
    }
    assert remark(sheet, "blank_row").rows == [4, 6]
    assert remark(sheet, "row_too_long").rows == [7]


def test_the_line_that_names_the_separator_is_no_row(read: Reads) -> None:
    assert read("a.csv", b"sep=;\na;b\n1;2\n").rows.tolist() == [2]


def test_a_cell_broken_by_a_blank_line_is_joined_again(read: Reads) -> None:
    sheet = read("a.csv", b"a,b,c\n1,x,p\n2,one\n\ntwo,p\n3,x,p\n")
    assert sheet.frame["b"].tolist() == ["x", "one\ntwo", "x"]
    assert remark(sheet, "line_broken").rows == [3]
    assert sheet.rows.tolist() == [2, 3, 6]
