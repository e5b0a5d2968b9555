"""Areas and distances as people say them, in both languages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geodata.ingest import measures
from geodata.report.measured import area, distance, told
from geodata.report.words import counted


@pytest.mark.parametrize(
    ("m2", "en", "zh"),
    [
        (0.4, "under 1 m²", "不足 1 平方米"),
        (9_999, "9,999 m²", "9,999 平方米"),
        (10_000, "1.0 ha", "1.0 公顷"),
        (473_174, "47.3 ha", "47.3 公顷"),
        (47_317_434, "47.3 km²", "47.3 平方公里"),
        (2_140_000_000, "2,140 km²", "2,140 平方公里"),
    ],
)
def test_areas(m2: float, en: str, zh: str) -> None:
    assert (area(m2, "en"), area(m2, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("metres", "en"), [(0.2, "under 1 m"), (30, "30 m"), (999, "999 m"), (12_340, "12.3 km")]
)
def test_distances(metres: float, en: str) -> None:
    assert distance(metres, "en") == en


@pytest.mark.parametrize(
    ("detail", "en", "zh"),
    [
        (
            measures.areas(47_317_434.0, 5_418.0, "110115"),
            "47.3 km² in all, the largest 5,418 m² (unit 110115)",
            "共 47.3 平方公里，最大 5,418 平方米（编码 110115）",
        ),
        (measures.areas(300.0, 300.0), "300 m²", "300 平方米"),
        (
            measures.together("3, 4", measures.beyond(np.array([20.0, np.nan, 4_000.0]))),
            "3, 4; the nearest 20 m off the border, the farthest 4.0 km",
            "3, 4; 距边界最近 20 米，最远 4.0 公里",
        ),
        ("a @note; @ home", "a @note; @ home", "a @note; @ home"),
        ("@areas nothing", "@areas nothing", "@areas nothing"),
        ("@other {}", "@other {}", "@other {}"),
    ],
)
def test_details(detail: str, en: str, zh: str) -> None:
    assert (told(detail, "en"), told(detail, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("count", "of", "lang", "said"),
    [
        (1, "rows", "en", "1 row"),
        (1_250, "rows", "en", "1,250 rows"),
        (1, "rows", "zh", "1 行"),
        (1, "places", "en", "1 place"),
        (12, "places", "zh", "12 处"),
        (7, "", "en", ""),
    ],
)
def test_counts_have_a_noun(count: int, of: str, lang: Any, said: str) -> None:  # noqa: ANN401
    assert counted(count, of, lang) == said
