"""What is said of a draft agrees with the figures under it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from dashboard.server.planning import said
from geodata.planner.checks import Check
from geodata.planner.compared import Row

if TYPE_CHECKING:
    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (0.11, 0.22, "less balanced"),
        (0.11, 0.06, "better balanced"),
        (0.11, 0.112, "same balance"),
    ],
)
def test_the_title_says_of_evenness_what_its_table_says(
    before: float, after: float, word: str
) -> None:
    """Of two or three grids the greatest to the middle one may go the other way."""
    ratio = Row("ratio", 1.4, 1.0 if after > before else 1.8, None, None)
    rows = [Row("over", 1, 1, 0, None), ratio, Row("gini", before, after, after - before, None)]
    scope = cast("Scope", SimpleNamespace(language="en"))
    found = cast("Reckoned", SimpleNamespace(rows=rows))
    assert said._title(scope, found).endswith(word)  # noqa: SLF001


@pytest.mark.parametrize(
    ("key", "before", "after", "read"),
    [
        ("ratio", 1.2151, 1.2249, ("1.215", "1.225", "↑ 0.010")),  # both 1.22 with two decimals
        ("ratio", 1.224, 1.226, ("1.22", "1.23", "↑ 0.01")),
        ("gini", 0.11, 0.1104, ("0.11", "0.11", "—")),
        ("cases", 13.0, 12.46, ("13.0", "12.5", "↓ 0.5")),
        ("reach", 0.9951, 0.9849, ("100%", "98%", "↓ 2 pts")),
        ("most", 1427, 1198, ("1,427", "1,198", "↓ 229")),
        ("border", None, 534.4, ("—", "534 m", "—")),
        ("gini", float("nan"), 0.11, ("—", "0.11", "—")),
    ],
)
def test_a_change_is_the_difference_of_what_is_shown(
    key: str, before: float | None, after: float | None, read: tuple[str, str, str]
) -> None:
    scope = cast("Scope", SimpleNamespace(language="en"))
    found = cast("Reckoned", SimpleNamespace(limit=1200))
    told = said.row(scope, found, Row(key, before, after, None, None))
    assert (told["before"], told["after"], told["change"]) == read


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (("A",), "网格A"),
        (("A", "B"), "网格A、网格B"),
        (("A", "B", "C"), "网格A等\u20093\u2009个"),
    ],
)
def test_a_check_names_all_it_can(codes: tuple[str, ...], text: str) -> None:
    named = SimpleNamespace(language="zh", grid_name=lambda code: f"网格{code}")
    found = Check("barriers", ok=False, level="red", count=len(codes), of=9, grids=codes)
    assert said._detail(cast("Scope", named), found) == text  # noqa: SLF001


def test_of_several_that_fail_the_worst_is_told() -> None:
    named = SimpleNamespace(language="zh", grid_name=lambda code: f"第{code}网格")
    found = Check("households_over", ok=False, level="amber", count=2, of=9, grids=("1", "2"),
                  value=1427, limit=1200)  # fmt: skip
    assert said._detail(cast("Scope", named), found).startswith("其中第")  # noqa: SLF001
