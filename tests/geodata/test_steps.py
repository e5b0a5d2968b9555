from __future__ import annotations

import pytest

from geodata.demo.steps import BEGIN
from geodata.publish.steps import MAKING, PUBLISHING, READING, staged


def told(shares: dict[str, float], stretch: tuple[float, float]) -> list[float]:
    found: list[float] = []
    report = staged(lambda _, share: found.append(share), shares, stretch)
    for step in shares:
        for share in (0.0, 0.5, 1.0):
            report(step, share)
    return found


@pytest.mark.parametrize("shares", [MAKING, PUBLISHING, READING])
def test_the_bar_moves_once_from_end_to_end(shares: dict[str, float]) -> None:
    found = told(shares, (0.25, 0.75))
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0.25, pytest.approx(0.75))


def test_a_step_of_another_name_is_a_part_of_the_first() -> None:
    found: list[tuple[str, float]] = []
    report = staged(lambda step, share: found.append((step, share)), {"land": 3.0, "rest": 1.0})
    report("drawing rivers", 0.5)
    report("rest", 1.0)
    assert found == [("drawing rivers", 0.375), ("rest", 1.0)]


def test_steps_of_a_land_begin_one_after_the_other() -> None:
    begins = list(BEGIN.values())
    assert begins == sorted(set(begins))
    assert (begins[0], begins[-1]) == (0.0, 1.0)
