"""The short way to pinyin says what the long one says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from geodata.ingest.pinyin import first_letters, spelt, syllables

PHRASES = sorted(PHRASES_DICT)
PIECES = st.one_of(
    st.sampled_from(PHRASES),
    st.sampled_from(["第", "村", "居委会", "12", "A座", "（", " ", "吕", "镇"]),
)


@given(st.lists(PIECES, max_size=4).map("".join))
def test_the_same_as_the_library(name: str) -> None:
    assert spelt(name) == "".join(syllables(name)) == "".join(lazy_pinyin(name))
    assert first_letters(name) == "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


@pytest.mark.parametrize(
    ("name", "letters"), [("重庆", "chongqing"), ("重阳村", "chongyangcun"), ("女娲", "nvwa")]
)
def test_phrases_are_read_as_phrases(name: str, letters: str) -> None:
    assert spelt(name) == letters


def test_syllables_stand_apart_and_other_scripts_together() -> None:
    assert syllables("重庆路 12 号") == ["chong", "qing", "lu", " 12 ", "hao"]
    assert syllables("城管 Office 12") == ["cheng", "guan", " Office 12"]
