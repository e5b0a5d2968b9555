"""Workbooks as offices make them: titles, merged cells, notes, and codes that became numbers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import xlwt

from geodata.formats import FileRefusedError, Limits
from tests.geodata.formats.writing import ods, workbook, xlsx, zipped

if TYPE_CHECKING:
    from tests.geodata.formats.conftest import Reads

TITLE = ["2024年11月数字城管案件明细表", None, None, None]
HEADER = ["案卷号", "街道", "上报时间", "经度"]
ROWS = [
    ["A001", "鹤湾街道", "2024-11-01 08:00:00", 116.2],
    ["A002", "东城", "2024-11-02 09:30:00", 116.0],
]


def reasons(sheet: Any) -> dict[str, list[int]]:  # noqa: ANN401
    return {remark.reason: remark.rows for remark in sheet.remarks}


def test_the_header_is_found_below_titles(read: Reads) -> None:
    rows = [TITLE, ["制表单位：指挥中心", None, None, "单位：件"], [None], HEADER, *ROWS]
    sheet = read("a.xlsx", xlsx(rows, ["A1:D1"]))
    assert list(sheet.frame) == HEADER
    assert sheet.frame.iloc[1].tolist() == ["A002", "东城", "2024-11-02 09:30:00", "116"]
    assert sheet.rows.tolist() == [5, 6]
    [title] = sheet.remarks
    assert title.texts == (TITLE[0], "制表单位：指挥中心 单位：件")


def test_a_header_of_two_rows_is_named_by_its_lower_one(read: Reads) -> None:
    rows = [
        ["序号", "位置", None, "时间", None],
        [None, "经度", "纬度", "上报", "结案"],
        [1, 116.1, 40.1, "x", "y"],
    ]
    sheet = read("a.xlsx", xlsx(rows, ["A1:A2", "B1:C1", "D1:E1"]))
    assert list(sheet.frame) == ["序号", "经度", "纬度", "上报", "结案"]
    twice = [
        ["序号", "上报", None, "结案", None],
        [None, "人", "时间", "人", "时间"],
        [1, 2, 3, 4, 5],
    ]
    sheet = read("b.xlsx", xlsx(twice, ["A1:A2", "B1:C1", "D1:E1"]))
    assert list(sheet.frame) == ["序号", "上报-人", "上报-时间", "结案-人", "结案-时间"]


def test_a_merged_value_counts_for_each_of_its_rows(read: Reads) -> None:
    rows = [["街道", "社区", "数"], ["东城", "甲", 1], [None, "乙", 2], ["西城", "丙", 3]]
    sheet = read("a.xlsx", xlsx(rows, ["A2:A3"]))
    assert sheet.frame["街道"].tolist() == ["东城", "东城", "西城"]
    assert reasons(sheet) == {"merged_cells": [2, 3]}


def test_notes_below_and_blank_rows_are_left_out_and_told(read: Reads) -> None:
    rows = [HEADER, ROWS[0], [None] * 4, ROWS[1], [None], ["制表人：张三", None, None, None]]
    sheet = read("a.xlsx", xlsx(rows, ["A6:D6"]))
    assert sheet.frame["案卷号"].tolist() == ["A001", "A002"]
    assert sheet.rows.tolist() == [2, 4]
    notes = [remark for remark in sheet.remarks if remark.reason == "note_below_table"]
    assert [(note.rows, note.texts) for note in notes] == [([6], ("制表人：张三",))]
    blank = [row for remark in sheet.remarks if remark.reason == "blank_row" for row in remark.rows]
    assert sorted(blank) == [3, 5]


def test_a_line_of_sums_below_a_wide_table_is_no_row_of_it(read: Reads) -> None:
    header = [f"列{number}" for number in range(10)]
    rows = [header, [f"甲{n}" for n in range(10)], ["乙", "丙", "丁", *[None] * 7]]
    sheet = read("a.xlsx", xlsx([*rows, ["合计", "2件", *[None] * 8], ["制表人", *[None] * 9]], []))
    assert sheet.rows.tolist() == [2, 3]  # a row of three cells is one
    notes = [remark for remark in sheet.remarks if remark.reason == "note_below_table"]
    assert [(note.rows, note.texts) for note in notes] == [([4, 5], ("合计\t2件", "制表人"))]


def test_codes_that_became_numbers_are_told(read: Reads) -> None:
    rows = [["编码", "名"], [110114001001, "甲"], [1.1011400100100001e17, "乙"]]
    sheet = read("a.xlsx", xlsx(rows))
    assert sheet.frame["编码"].iloc[0] == "110114001001"
    assert reasons(sheet) == {"digits_lost": [3]}


def test_numbers_that_lost_digits_are_told_by_their_rows_below_titles_and_above_notes(
    read: Reads,
) -> None:
    short, lost = [110114001001, "甲", 1], [1.1011400100100001e17, "乙", 2]
    rows = [["明细表", None, None], ["编码", "名", "数"], short, lost, short]
    sheet = read("a.xlsx", xlsx([*rows, [None] * 3, ["制表人：张三", None, None]], ["A1:C1"]))
    assert reasons(sheet)["digits_lost"] == [4]
    sheet = read("b.xlsx", xlsx([*rows, [1.1011400100100001e17, None, None]], ["A1:C1"]))
    assert reasons(sheet)["digits_lost"] == [4]


def test_the_only_sheet_with_rows_is_read_and_others_are_listed(read: Reads) -> None:
    empty = ([], [])
    assert len(read("a.xlsx", workbook({"空": empty, "数据": ([HEADER, *ROWS], [])})).frame) == 2
    both = workbook({"一月": ([HEADER, ROWS[0]], []), "二月": ([HEADER, *ROWS], [])})
    with pytest.raises(FileRefusedError, match="一月, 二月"):
        read("b.xlsx", both)
    assert len(read("c.xlsx", both, layer="二月").frame) == 2
    with pytest.raises(FileRefusedError, match="has no layer 三月"):
        read("d.xlsx", both, layer="三月")


def test_ods_and_a_zipped_workbook_are_read(read: Reads) -> None:
    assert read("a.ods", ods([["编码", "名"], ["01", "甲"]])).frame.iloc[0].tolist() == ["01", "甲"]
    packed = zipped({"明细.xlsx": xlsx([HEADER, *ROWS])})
    assert len(read("a.zip", packed).frame) == 2


def test_old_workbooks_are_read(read: Reads) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("明细")
    sheet.write_merge(0, 0, 0, 3, TITLE[0])
    for row, cells in enumerate([HEADER, *ROWS], start=1):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    out = io.BytesIO()
    book.save(out)
    frame = read("a.xls", out.getvalue()).frame
    assert list(frame) == HEADER
    assert frame["街道"].tolist() == ["鹤湾街道", "东城"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_what_is_called_xls_may_be_text_or_a_page(read: Reads, encoding: str) -> None:
    text = "案卷号\t街道\r\n001\t鹤湾\r\n".encode(encoding)
    assert read("a.xls", text).frame.iloc[0].tolist() == ["001", "鹤湾"]
    page = (
        "<html><body><table><tr><td colspan=2>明细表</td></tr><tr><th>案卷号<th>街道</tr>"
        "<tr><td>001</td><td>鹤湾&amp;东</td></tr></table></body></html>"
    )
    frame = read("b.xls", page.encode(encoding)).frame
    assert frame.to_dict("list") == {"案卷号": ["001"], "街道": ["鹤湾&东"]}


def test_a_sheet_of_numbers_alone_has_no_header(read: Reads) -> None:
    with pytest.raises(FileRefusedError, match="no row of column names"):
        read("a.xlsx", xlsx([[1, 2], [3, 4]]))
    with pytest.raises(FileRefusedError, match="4 columns"):
        read("b.xlsx", xlsx([HEADER, *ROWS]), limits=Limits(columns=3))


def page(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()


def test_a_cell_over_several_rows_of_a_page_counts_for_each(read: Reads) -> None:
    rows = (
        "<tr><th rowspan=2>街道<th colspan=2>数<th rowspan=2>社区</tr><tr><th>上报<th>结案</tr>"
        "<tr><td rowspan=2>东城<td>1<td>2<td>甲</tr><tr><td>3<td>4<td>乙</tr>"
        "<tr><td>西城<td>5<td>6<td>丙</tr>"
    )
    sheet = read("a.xls", page(f"<table>{rows}</table>"))
    assert sheet.frame.to_dict("list") == {
        "街道": ["东城", "东城", "西城"],
        "上报": ["1", "3", "5"],
        "结案": ["2", "4", "6"],
        "社区": ["甲", "乙", "丙"],
    }
    assert reasons(sheet) == {"merged_cells": [3, 4]}


def test_a_cell_down_to_the_end_and_one_as_wide_as_a_trap(read: Reads) -> None:
    rows = "<tr><th>街道<th>数</tr><tr><td rowspan=0>东城<td>1</tr><tr><td>2</tr>"
    sheet = read("a.xls", page(f"<table>{rows}</table>"))
    assert sheet.frame["街道"].tolist() == ["东城", "东城"]
    wide = "<td colspan=100 rowspan=65534>x" * 60
    with pytest.raises(FileRefusedError) as refused:
        read("b.xls", page(f"<table><tr>{wide}{'<tr><td>' * 1000}</table>"))
    assert refused.value.reason == "too_many_columns"


def test_a_table_within_a_cell_takes_no_row_of_the_outer_one(read: Reads) -> None:
    inner = "<table><tr><td>内</td></tr></table>"
    sheet = read(
        "a.xls",
        page(
            "<table><tr><th>案卷号<th>街道</tr>"
            f"<tr><td>1</td><td>东{inner}城</td></tr><tr><td>2</td><td>西</td></tr></table>"
        ),
    )
    assert sheet.frame.to_dict("list") == {"案卷号": ["1", "2"], "街道": ["东城", "西"]}
    assert [(one.reason, one.texts) for one in sheet.remarks] == [("beside_the_rows", ("内",))]


def test_tables_that_are_not_closed_are_no_tables_within_a_cell(read: Reads) -> None:
    sheet = read("a.xls", b"<table><tr><td>t</tr><table><td>a<td>b<tr><td>1<td>2</table>")
    assert sheet.frame.to_dict("list") == {"a": ["1"], "b": ["2"]}
    assert [(one.reason, one.texts) for one in sheet.remarks] == [("beside_the_rows", ("t",))]


def test_bytes_of_a_page_that_are_no_text_are_told(read: Reads) -> None:
    rows = "<tr><th>案卷号<th>街道</tr><tr><td>1<td>和平街道中心社区".encode()
    sheet = read("a.xls", b"<table>" + rows + b"\xe5\xb9</tr></table>")
    assert reasons(sheet) == {"broken_text": [2]}


def test_rows_of_a_sheet_and_of_a_page_of_one_table_have_their_numbers(read: Reads) -> None:
    sheet = read("a.xlsx", xlsx([[None], ["明细表"], HEADER, ROWS[0], [None] * 4, ROWS[1]]))
    assert (sheet.numbered, sheet.rows.tolist()) == ("row", [4, 6])
    table = "<table><tr><td colspan=2>明细表</tr><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>"
    for above in ("", "<title>导出</title><style>td {color: red}</style>\n"):
        sheet = read("a.xls", page(above + table))
        assert (sheet.numbered, sheet.rows.tolist()) == ("row", [3])


@pytest.mark.parametrize("above", ["<h3>明细表</h3>", "<table><tr><td>明细表</tr></table>"])
def test_rows_below_what_else_a_page_shows_are_counted_as_data(read: Reads, above: str) -> None:
    rows = "<tr><th>a<th>b</tr><tr><td>1<td>2</tr>"
    sheet = read("a.xls", page(f"{above}<table>{rows}</table>"))
    assert (sheet.numbered, sheet.rows.tolist()) == ("record", [1])
