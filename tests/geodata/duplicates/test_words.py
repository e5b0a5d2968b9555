from __future__ import annotations

from geodata.duplicates import in_common

ONE = "来电反映：鹤湾一网格东侧围墙的一段有积水，电话138****5678"
OTHER = "市民说东侧围墙的一段积水很深，电话138****5678"


def test_words_of_both_are_named_and_nothing_that_is_said_anyway() -> None:
    assert in_common(ONE, OTHER)[0] == "东侧围墙的一段"
    assert "电话" in in_common(ONE, OTHER)
    assert "积水" not in in_common(ONE, OTHER, known="积水")
    assert not any("*" in word or word.isdigit() for word in in_common(ONE, OTHER))
    assert in_common("", OTHER) == []
