"""What is said of a draft agrees with the figures under it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from dashboard.server.planning import said
from geodata.planner.compared import Row

if TYPE_CHECKING:
    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [(0.11, 0.22, "less even"), (0.11, 0.06, "more even"), (0.11, 0.112, "as even")],
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
