"""What stands above alternatives: which one has fewest grids over the limit, if one has."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from dashboard.server.planning.offers import _headed, _wish, different

if TYPE_CHECKING:
    from dashboard.server.planning.scope import Scope

NAMES = ("变动最少", "户数均衡", "形状紧凑")


@pytest.mark.parametrize(
    ("over", "title"),
    [
        ((0, 2, 1), "3 个备选：“变动最少”超限最少（0 个）"),
        ((1, 0, 0), "3 个备选：“户数均衡、形状紧凑”超限最少（0 个）"),
        ((0, 0, 0), "3 个备选：超限网格均为 0 个"),
        ((2,), "备选：超限网格 2 个"),
    ],
)
def test_a_tie_is_no_win(over: tuple[int, ...], title: str) -> None:
    made: list[dict[str, Any]] = [
        {"over": each, "moved_households": 5, "bound_share": 0.1, "reasons": []} for each in over
    ]
    shown = [{"name": name, "over": n} for name, n in zip(NAMES, over, strict=False)]
    scope = cast("Scope", SimpleNamespace(language="zh"))
    assert _headed(scope, made, shown)["title"].replace("\u2009", " ") == title


def test_a_proposal_that_moves_nothing_is_told_as_that() -> None:
    same = {"over": 1, "moved_households": 0, "bound_share": 0.0, "changed": False, "reasons": []}
    scope = cast("Scope", SimpleNamespace(language="zh"))
    told = _headed(scope, [same], [{"name": "变动最少", "over": 1}])
    assert (told["title"], told["note"]) == ("没有找到更好的划分，与当前相同", "")


def test_alternatives_that_draw_the_same_are_one_with_all_their_names() -> None:
    made = [{"key": "least", "same": "least"}, {"key": "balance", "same": "balance"},
            {"key": "compact", "same": "least"}]  # fmt: skip
    assert [each["keys"] for each in different(made)] == [["least", "compact"], ["balance"]]
    assert [each["keys"] for each in different([{"key": "redraw"}])] == [["redraw"]]  # of before


@pytest.mark.parametrize(
    ("grids", "said"),
    [((4, 4), "about 540 households per grid: 4 grids"), ((4, 5), "would make 4 grids")],
)
def test_a_wish_that_could_not_be_had_is_told(grids: tuple[int, ...], said: str) -> None:
    made = [{"wished": 4, "grids": n} for n in grids]
    assert said in _wish("about 540 households per grid", made, "en")
    assert not _wish("", made, "en")
