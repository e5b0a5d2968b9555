"""An inspection that is past due is not the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard.place import Place
from dashboard.screens.overview.inspection import inspection
from geodata.model.periods import DAY
from tests.dashboard.screens.conftest import NOW, all_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

LAST = NOW - 40 * DAY  # 10-12


def _line(
    make_scene: Callable[..., Scene], due: float, last: float = LAST, language: str = "zh"
) -> Node:
    table = pd.DataFrame(
        {"building": [0], "kind_zh": ["消防"], "kind_en": ["Fire"], "last": [last], "next": [due]}
    )
    return inspection(make_scene(Place(at="B008651", language=language), inspections=table))


def _said(node: Node) -> str:
    return text_of(node).replace("\u2009", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "应于 11-11 巡查，已逾期 10 天 · 消防 · 上次 10-12"),
        ("en", "Inspection overdue since 11 Nov (10 days) · Fire · last 12 Oct"),
    ],
)
def test_what_is_past_due_is_overdue_and_marked(
    make_scene: Callable[..., Scene], language: str, expected: str
) -> None:
    line = _line(make_scene, NOW - 10 * DAY, language=language)
    assert _said(line).endswith(expected)
    assert _marks(line) == ["level level-3"]


def _marks(node: Node) -> list[str]:
    classes: list[Any] = [getattr(span, "className", "") for span in all_of(node, "Span")]
    return [name for name in classes if str(name).startswith("level ")]


@pytest.mark.parametrize(("due", "expected"), [(NOW + 3 * DAY, "11-24"), (NOW - 3600, "11-21")])
def test_until_its_day_is_over_it_is_the_next(
    make_scene: Callable[..., Scene], due: float, expected: str
) -> None:
    line = _line(make_scene, due)
    assert _said(line) == f"下次巡查 {expected} · 消防 · 上次 10-12 ✓"
    assert not _marks(line)


def test_another_year_is_told(make_scene: Callable[..., Scene]) -> None:
    said = _said(_line(make_scene, NOW + 60 * DAY, NOW - 400 * DAY))
    assert said == "下次巡查 2027-01-20 · 消防 · 上次 2025-10-17 ✓"


def test_done_since_is_not_overdue(make_scene: Callable[..., Scene]) -> None:
    assert _said(_line(make_scene, NOW - 10 * DAY, NOW - 5 * DAY)) == "上次 11-16 ✓"
    assert _said(_line(make_scene, NOW - DAY, np.nan)) == "黄色 应于 11-20 巡查，已逾期 1 天 · 消防"
