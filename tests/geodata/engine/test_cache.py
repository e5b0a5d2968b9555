"""The memory of answers: made once, however many ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from geodata.engine.cache import Recent

ASKERS = 4


def test_who_asks_meanwhile_waits_for_the_first() -> None:
    kept: Recent[str] = Recent(10)
    started, released = threading.Event(), threading.Event()
    made: list[str] = []

    def make() -> str:
        started.set()
        released.wait(10)
        made.append("x")
        return "x"

    with ThreadPoolExecutor(ASKERS) as pool:
        first = pool.submit(kept.get, "key", make)
        assert started.wait(10)
        others = [pool.submit(kept.get, "key", make) for _ in range(ASKERS - 1)]
        released.set()
        assert {first.result(10), *(each.result(10) for each in others)} == {"x"}
    assert made == ["x"]


def test_a_failure_is_told_and_not_kept() -> None:
    kept: Recent[str] = Recent(10)

    def fail() -> str:
        message = "no"
        raise ValueError(message)

    with pytest.raises(ValueError, match="no"):
        kept.get("key", fail)
    assert kept.get("key", lambda: "yes") == "yes"


def test_an_answer_that_cannot_be_weighed_is_told_to_all_and_not_kept() -> None:
    weights = iter([None, 1])

    def weigh(_: str) -> int:
        weight = next(weights)
        if weight is None:
            message = "no weight"
            raise ValueError(message)
        return weight

    kept = Recent(10, weigh)
    with pytest.raises(ValueError, match="no weight"):
        kept.get("key", lambda: "x")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(kept.get, "key", lambda: "y").result(10) == "y"
