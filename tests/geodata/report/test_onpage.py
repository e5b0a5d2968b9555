"""Cures for somebody who imports by browser."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from geodata.ingest import reasons
from geodata.report import onpage

KEYS = [key.replace(reasons.FAMILY, "due") for key in sorted(reasons.catalogue())]
ELSEWHERE = re.compile(r"配置|\bprofile\b|--\w|[a-z]+_[a-z_]+|`\w+`")


@pytest.mark.parametrize("lang", get_args(reasons.Lang))
def test_no_cure_on_the_page_speaks_of_the_profile(lang: reasons.Lang) -> None:
    assert [key for key in KEYS if ELSEWHERE.search(onpage.cure(key, lang))] == []


def test_a_cure_that_differs_is_of_a_known_reason_and_in_its_language() -> None:
    assert set(onpage.catalogue()) <= set(reasons.catalogue())
    for words in onpage.catalogue().values():
        assert re.search("[\u4e00-\u9fff]", words["zh"])
        assert not re.search("[\u4e00-\u9fff]", words["en"])


def test_a_stage_is_named() -> None:
    assert "办理时限" in onpage.cure("due_unreadable", "zh")
    assert onpage.cure("key_twice", "en") == reasons.cure("key_twice", "en")
