"""Text that was broken before it was exported is told, with its column and an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.geodata.formats.writing import xlsx

if TYPE_CHECKING:
    from geodata.formats import Remark, Sheet
    from tests.geodata.formats.conftest import Reads

GOOD = [
    "瀛海镇瀛海",
    "浏河镇滨河路",
    "涓涓细流",
    "联通公司",
    "东城区景山街道",
    "René Müller",
    "北京市朝阳区",
]


def broken(sheet: Sheet) -> list[Remark]:
    return [one for one in sheet.remarks if one.reason == "text_broken_before_export"]


def as_gbk(text: str) -> str:
    return text.encode().decode("gbk", errors="ignore")


@pytest.mark.parametrize(
    "text",
    [
        "东�街道",
        "锟斤拷锟斤拷街道",
        "涓浗",
        as_gbk("北京市朝阳区建国路"),
        as_gbk("朝阳区12号"),
        "ä¸­å›½",
        "中国".encode().decode("latin-1"),
        "RenÃ© MÃ¼ller",
        "å…¬å…±è®¾æ–½",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_broken_text_is_told_with_its_column_and_an_example(
    read: Reads, name: str, text: str
) -> None:
    cells = [["编号", "名称", "备注"], ["1", "东城", ""], ["2", text, ""], ["3", text, "x"]]
    if name.endswith("csv"):
        content = "\n".join(",".join(row) for row in cells).encode()
    else:
        content = xlsx(cells)
    sheet = read(name, content)
    (remark,) = broken(sheet)
    assert (remark.action, remark.rows, remark.texts) == ("kept", [3, 4], (f"名称: {text}",))
    assert [one.reason for one in sheet.remarks] == ["text_broken_before_export"]
    assert sheet.frame["名称"].tolist()[1] == text, "it stays as it is"


def test_text_that_is_right_is_not(read: Reads) -> None:
    rows = "\n".join(f"{number},{name}" for number, name in enumerate(GOOD))
    assert broken(read("a.csv", f"a,b\n{rows}\n".encode())) == []


def test_a_short_name_that_only_looks_so_is_not_among_others(read: Reads) -> None:
    rows = "\n".join(["瀛海", *["东城", "西城", "海淀", "丰台", "石景山", "门头沟"]])
    assert broken(read("a.csv", f"名\n{rows}\n".encode())) == []


def test_a_few_broken_rows_of_many_are_found(read: Reads) -> None:
    names = [f"第{number}社区" for number in range(30_000)]
    for number in range(0, 30_000, 150):
        names[number] = as_gbk(f"北京市朝阳区第{number}社区")
    (remark,) = broken(read("a.csv", ("名\n" + "\n".join(names)).encode()))
    assert len(remark.rows) == 200
    assert remark.rows[:2] == [2, 152]


def test_bytes_that_are_no_text_are_not_the_fault_of_the_exporter(read: Reads) -> None:
    content = ("名\n" + "和平街道中心社区\n" * 20).encode() + b"\xe5\xb9\n"
    assert [one.reason for one in read("a.csv", content).remarks] == ["broken_text"]
    assert [one.reason for one in read("a.csv", content, encoding="big5").remarks] == [
        "broken_text"
    ]


def test_a_file_read_under_the_wrong_encoding_is_told(read: Reads) -> None:
    content = "街道\n东城区景山街道\n西城区什刹海街道\n".encode()
    assert broken(read("a.csv", content, encoding="gb18030"))
    assert not broken(read("a.csv", content))
