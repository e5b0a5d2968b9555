"""A file in Big5 that says nothing of it: read as GB18030, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.formats import big5, read

if TYPE_CHECKING:
    from pathlib import Path

TRADITIONAL = "編號,案由,承辦單位\n1,道路坑洞及路燈故障,工務局養護工程處\n2,噪音檢舉,環境保護局\n"
SIMPLIFIED = (
    "编号,案由,承办单位\n1,道路坑洼、路灯不亮,城市管理委员会\n2,噪声扰民,生态环境局回龙观所\n"
)


def reasons(path: Path, text: str, encoding: str, declared: str = "") -> list[str]:
    path.write_bytes(text.encode(encoding))
    return [remark.reason for remark in read(path, encoding=declared).remarks]


def test_big5_is_suspected_and_not_read_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert reasons(path, TRADITIONAL, "big5") == ["encoding_may_be_big5"]
    sheet = read(path)
    assert sheet.encoding == "gb18030"
    assert [(remark.action, remark.rows) for remark in sheet.remarks] == [("kept", [])]


def test_declared_it_reads_well_and_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert reasons(path, TRADITIONAL, "big5", "big5") == []
    assert list(read(path, encoding="big5").frame) == ["編號", "案由", "承辦單位"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "utf-8"),
        ("name\n" + "镕垚喆翀旻昊珺玥骅璟鑫淼焱犇赟晖暐堃甯頔" * 2, "gb18030"),
    ],
)
def test_other_chinese_is_not_suspected(tmp_path: Path, text: str, encoding: str) -> None:
    assert reasons(tmp_path / "a.csv", text, encoding) == []


def test_a_few_characters_say_nothing() -> None:
    text = TRADITIONAL.splitlines()[0]
    assert not big5.likely(text[: big5.FEWEST - 2].encode("big5"))
