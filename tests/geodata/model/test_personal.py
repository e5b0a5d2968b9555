from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.model.personal import KINDS, excerpt, is_mask_of, mask, mask_text

SEEN = {
    ("name", "张三"): "张*",
    ("name", "欧阳建国"): "欧***",
    ("name", "John Smith"): "J*** S***",
    ("phone", "13812345678"): "138****5678",
    ("phone", "138 1234 5678"): "138 **** 5678",
    ("phone", "87654321"): "******21",
    ("id_number", "510116199001011234"): "510*************34",
    ("address", "芙蓉路128号3栋1102室"): "芙蓉路***号*栋****室",
    ("text", "回电请打13812345678，谢谢"): "回电请打138****5678，谢谢",
    ("text", "回电１３８１２３４５６７８"): "回电１３８****５６７８",
    ("text", "3号 13812345678"): "3号 138****5678",
    ("text", "7 138-1234-5678"): "7 138-****-5678",
    ("text", "+86 13812345678"): "+86 1******5678",
    ("text", "身份证51011619900101123X。"): "身份证510*************3X。",
    ("text", "028-87654321转8"): "028-******21转8",
    ("text", "write to li.lei@example.org"): "write to l*****@example.org",
}
KEPT = ("2026-11-22 14:30:00", "104.0123456789012345", "LT20261122-000829", "3栋2单元1102室")


@pytest.mark.parametrize(("kind", "text"), SEEN)
def test_a_personal_value_is_shown_so_that_two_can_be_told_apart(kind: str, text: str) -> None:
    assert mask(kind, text) == SEEN[kind, text]
    assert is_mask_of(SEEN[kind, text], text)
    assert not is_mask_of(text, text)


@pytest.mark.parametrize("text", KEPT)
def test_moments_coordinates_and_numbers_of_cases_stay(text: str) -> None:
    assert mask_text(text) == text


@settings(max_examples=60)
@given(
    st.sampled_from(KINDS),
    st.text("张李 a-+.,@0123456789１２Xx*（）", max_size=40),
)
def test_masking_again_changes_nothing(kind: str, text: str) -> None:
    once = mask(kind, text)
    assert mask(kind, once) == once


@settings(max_examples=60)
@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text("电话是 ，。:a-z", max_size=8),
    st.text("，。 谢", max_size=5),
)
def test_no_telephone_number_of_a_text_is_left(phone: str, before: str, after: str) -> None:
    assert phone not in mask_text(before + phone + after)


@pytest.mark.parametrize("before", range(28, 41))
def test_a_number_that_an_excerpt_cuts_is_masked_before(before: int) -> None:
    told = excerpt("路" * before + "13912345678，谢谢" * 100, 40)
    assert len(told) == 40
    assert told == ("路" * before + "139****5678，谢谢" * 100)[:40]
