from __future__ import annotations

import pytest

from geodata.ingest.names import romanised, slug


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Recreation & Parks", "recreation-parks"),
        (" Mayor's Office", "mayor-s-office"),
        ("市容", "市容"),
    ],
)
def test_slugs(name: str, key: str) -> None:
    assert slug(name) == key


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("阳坊镇", "Yangfang Town"),
        ("城北街道", "Chengbei Subdistrict"),
        ("一街社区居委会", "Yijie Community"),
        ("八家村村委会", "Bajia Village"),
        ("昌平区", "Changping District"),
        ("镇", "Zhen"),
        ("Canton", "Canton"),
        ("", ""),
    ],
)
def test_chinese_places_in_english(name: str, english: str) -> None:
    assert romanised(name) == english
