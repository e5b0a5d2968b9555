"""The planner's pages from what the server knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.screens.planner import desk as desks
from dashboard.screens.planner import listed as lists
from dashboard.screens.planner.frame import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def listed(
    around: Mapping[str, Any], places: Sequence[tuple[str, str]], rules: Sequence[tuple[str, str]]
) -> str:
    """The list of scenarios; around: the fields of `Shown`."""
    return lists.page(Shown(**around), places, rules)


def desk(around: Mapping[str, Any], plan: str, name: str, at: str, snapshot: str) -> str:
    """The desk of a scenario; around: the fields of `Shown`."""
    return desks.page(Shown(**around), plan, name, at, snapshot)
