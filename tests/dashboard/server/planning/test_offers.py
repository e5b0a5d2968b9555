"""What stands above alternatives: which one has fewest grids over the limit, if one has."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from dashboard.server.planning.offers import _headed

if TYPE_CHECKING:
    from dashboard.server.planning.scope import Scope

NAMES = ("少动", "均衡", "紧凑")


@pytest.mark.parametrize(
    ("over", "title"),
    [
        ((0, 2, 1), "3 个备选：少动超限最少（0）"),
        ((1, 0, 0), "3 个备选：均衡、紧凑超限最少（0）"),
        ((0, 0, 0), "3 个备选：超限均为 0"),
        ((2,), "备选：超限 2"),
    ],
)
def test_a_tie_is_no_win(over: tuple[int, ...], title: str) -> None:
    made: list[dict[str, Any]] = [
        {"over": each, "moved_households": 5, "bound_share": 0.1, "reasons": []} for each in over
    ]
    shown = [{"name": name, "over": n} for name, n in zip(NAMES, over, strict=False)]
    scope = cast("Scope", SimpleNamespace(language="zh"))
    assert _headed(scope, made, shown)["title"].replace("\u2009", " ") == title
