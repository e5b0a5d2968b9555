"""What is said of a draft agrees with the figures under it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from dashboard.server.planning import headline, said
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
    found = cast("Reckoned", SimpleNamespace(rows=rows, newly_over=0, limit=1_000))
    assert headline.title(scope, found).endswith(word)


@pytest.mark.parametrize(
    ("over", "most", "newly", "words"),
    [
        ((0, 1), (900, 1_440), 1, "0 → 1 over the limit"),
        ((1, 1), (1_440, 2_400), 0, "Largest grid up to 2,400 households, limit 1,000"),
        ((3, 2), (1_440, 2_400), 0, "Largest grid up to 2,400 households, limit 1,000"),
        ((1, 1), (1_440, 1_100), 1, "1 over the limit, 1 of them new"),
        ((3, 2), (1_440, 1_100), 1, "3 → 2 over the limit, 1 of them new"),
        ((1, 0), (1_440, 980), 0, "1 → 0 over the limit, better balanced"),
        ((0, 0), (900, 980), 0, "None over the limit, better balanced"),
    ],
)
def test_the_title_tells_a_broken_limit_before_anything_that_is_better(
    over: tuple[int, int], most: tuple[int, int], newly: int, words: str
) -> None:
    """Two grids merged may be more even than three, and one of them larger than it may be."""
    rows = [Row("over", *over, None, None), Row("most", *most, None, None),
            Row("gini", 0.2, 0.1, -0.1, None)]  # fmt: skip
    scope = cast("Scope", SimpleNamespace(language="en"))
    found = cast("Reckoned", SimpleNamespace(rows=rows, newly_over=newly, limit=1_000))
    assert headline.title(scope, found) == words


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
