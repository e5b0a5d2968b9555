"""The order of texts: by sound, by the numbers in them, by what they are written with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ingest.reading import reading


@pytest.mark.parametrize(
    "order",
    [
        ["碧坊第2网格", "碧坊第10网格", "碧亭第1网格"],
        ["第一社区", "第二社区", "第十社区", "第十二社区", "第二十社区", "第一百零三社区"],
        ["第２网格", "第１０网格", "第11网格"],  # digits as wide as a character
        ["Grid 2", "grid 10", "Grid 11"],
        ["992", "9921"],
        ["西山", "岫里", "云畔"],  # 岫 is beyond the characters that an encoding has by sound
        ["重庆路", "春风路"],  # chong, not zhong
    ],
)
def test_texts_follow_each_other_as_they_are_read(order: list[str]) -> None:
    backwards = order[::-1]
    assert sorted(backwards, key=reading) == order


@given(st.integers(1, 999))
def test_a_chinese_ordinal_is_read_as_its_number(number: int) -> None:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    digits = "零一二三四五六七八九"
    said = f"{digits[hundreds]}百" if hundreds else ""
    said += f"{digits[tens]}十" if tens else "零" if hundreds and ones else ""
    said += digits[ones] if ones else ""
    spoken, written = reading(f"第{said}网格"), reading(f"第{number}网格")
    assert spoken.partition("\0")[0] == written.partition("\0")[0]
