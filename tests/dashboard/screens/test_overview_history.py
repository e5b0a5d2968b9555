"""The weeks of a building: only whole weeks that the data know count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dashboard.place import Place
from dashboard.screens.overview import history, near
from geodata.model.periods import DAY, WEEK
from tests.dashboard.screens.conftest import NOW, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene


def _told(make_scene: Callable[..., Scene], known: float, counts: list[int]) -> str:
    """What is said where the data began so many weeks ago; counts: the newest week first."""
    meta = {"months": ["2026-11"], "first": int(NOW - known * WEEK)}
    scene = make_scene(Place(at="B008651", language="en"), meta=meta)
    at = [NOW - week * WEEK - DAY for week, number in enumerate(counts) for _ in range(number)]
    cases = pd.DataFrame({"reported": at})
    said = text_of(history.history(replace(scene, near=None), cases))
    return said.replace("\u2009", " ")


def test_weeks_before_the_data_do_not_make_the_first_known_ones_a_rise(
    make_scene: Callable[..., Scene],
) -> None:
    for known, counts in ((1, [5]), (2, [5, 4]), (2.5, [5, 4, 1])):
        assert "5 in 7 days" in _told(make_scene, known, counts)


def test_weeks_before_the_data_do_not_lower_the_mean(make_scene: Callable[..., Scene]) -> None:
    assert "4.0 a week on average" in _told(make_scene, 4, [4, 4, 4, 4])
    assert "4.0 a week on average" in _told(make_scene, 4.5, [4, 4, 4, 4, 1])


def test_a_rise_names_the_weeks_it_was_compared_with(make_scene: Callable[..., Scene]) -> None:
    assert "6 cases in 7 days, most of 6 weeks" in _told(make_scene, 6, [6, 1, 1, 0, 1, 1])
    assert "most of 13 weeks" in _told(make_scene, 20, [6, 1, 1, 0, 1, 1])


def test_without_a_whole_week_nothing_is_said_of_weeks(make_scene: Callable[..., Scene]) -> None:
    assert "a week" not in _told(make_scene, 0.5, [3])


def test_all_weeks_that_are_read_are_whole() -> None:
    assert near.DAYS * DAY == history.WEEKS * WEEK


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "the most of similar buildings"),
        (0.996, "the most of similar buildings"),
        (0.98, "more than 98%"),
    ],
)
def test_nothing_has_more_than_all_of_its_kind(
    make_scene: Callable[..., Scene], share: float, said: str
) -> None:
    scene = make_scene(Place(at="B008651", language="en"))
    weeks = np.ones(history.WEEKS)
    alike = near.Near(np.zeros(1, int), np.zeros(1, int), 100, weeks, weeks * 2, share)
    steady = pd.DataFrame({"reported": NOW - WEEK * np.arange(history.WEEKS) - DAY})
    told = text_of(history.history(replace(scene, near=alike), steady))
    assert said in told.replace("\u2009", " ")
