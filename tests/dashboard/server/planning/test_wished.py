"""What was asked of a job stands in the history, whole enough to ask for it again."""

from __future__ import annotations

import pytest

from dashboard.server.planning.wished import settings


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_every_seed_is_told(seed: int) -> None:
    assert str(seed) in settings({"seed": seed}, "en")


def test_what_was_not_asked_for_is_not_told() -> None:
    assert not settings({}, "en")
