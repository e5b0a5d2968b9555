"""Names that nobody typed: of grids, and of scenarios in the language of who reads them."""

from __future__ import annotations

import pytest

from geodata.scenarios.begun import NAME
from geodata.scenarios.named import called, continued, name_of


@pytest.mark.parametrize(
    ("sister", "lang", "name"),
    [
        ("霁湾社区第07网格", "zh", "霁湾社区第12网格"),
        ("Jiwan Grid 7", "en", "Jiwan Grid 12"),
        ("", "zh", "网格12"),
    ],
)
def test_a_new_grid_is_named_like_the_one_beside_it(sister: str, lang: str, name: str) -> None:
    assert name_of("9911012", "9911", sister, lang) == name


@pytest.mark.parametrize("typed", ["方案A", "方案A（续）", "Plan (continued)", "2", ""])
def test_what_a_person_typed_is_read_as_it_stands(typed: str) -> None:
    assert called(typed, "zh") == called(typed, "en") == typed


def test_what_continues_a_scenario_is_called_so_in_either_language() -> None:
    first = continued("方案A", {"方案A"})
    assert (called(first, "zh"), called(first, "en")) == ("方案A（续）", "方案A (continued)")
    second = continued("方案A", {"方案A", first})
    assert (called(second, "zh"), called(second, "en")) == ("方案A（续2）", "方案A (continued 2)")
    assert continued(first, {"方案A", first}) == second, "it continues the same"


@pytest.mark.parametrize("by_hand", ["方案A（续）", "方案A (continued)"])
def test_a_default_name_is_none_that_somebody_typed_in_either_language(by_hand: str) -> None:
    found = continued("方案A", {"方案A", by_hand})
    assert (called(found, "zh"), called(found, "en")) == ("方案A（续2）", "方案A (continued 2)")


def test_a_default_name_is_never_too_long_to_be_kept() -> None:
    found = continued("方" * NAME, ())
    assert max(map(len, (found, called(found, "zh"), called(found, "en")))) <= 60  # of a field
