"""What was asked of a job stands in the history, whole enough to ask for it again."""

from __future__ import annotations

import pytest

from dashboard.server.planning.wished import noted, reason, settings


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_every_seed_is_told(seed: int) -> None:
    assert str(seed) in settings({"seed": seed}, "en")


def test_what_was_not_asked_for_is_not_told() -> None:
    assert not settings({}, "en")


def test_a_taken_alternative_is_told_in_the_language_of_who_reads() -> None:
    weights = {"territory": 0.2, "radius": 0.3, "industries": 0.1, "density": 0.4}
    kept = noted("least", {"plan": "p1", "weights": weights, "tolerance": 0.1, "seed": 3})
    english, chinese = (reason(kept, each) for each in ("en", "zh"))
    assert "Least change" in english
    assert "变动最少" in chinese
    assert all("20" in each and "3" in each and "p1" not in each for each in (english, chinese))


@pytest.mark.parametrize(
    "text", ["户数超限", "", "{}", "[1]", "7", '{"taken": 5}', '{"taken": "nosuch"}',
             '{"taken": "least", "weights": 5}', '{"taken": "least", "size": [1]}',
             '{"taken": "least", "size": {"grids": Infinity}}'],
)  # fmt: skip
def test_what_a_person_wrote_stays_as_it_is(text: str) -> None:
    assert reason(text, "en") == text
