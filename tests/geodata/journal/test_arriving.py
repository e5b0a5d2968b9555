"""How often the journal is looked at for an engine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from geodata.journal.arriving import Arriving, at_once

if TYPE_CHECKING:
    from geodata.journal.tail import Tail
    from geodata.store.snapshots import City


class Looks:
    """A tail that counts how often it was asked."""

    count = 0

    def overlay(self, _city: object) -> Any:  # noqa: ANN401
        self.count += 1
        return self.count


def arriving() -> Arriving:
    return Arriving(cast("Tail", Looks()), cast("City", SimpleNamespace()))


def test_what_arrived_is_looked_for_now_and_then_only() -> None:
    arrived = arriving()
    assert [arrived.overlay() for _ in range(3)] == [1, 1, 1]


def test_who_must_not_lag_is_told_at_once_and_others_have_it_too() -> None:
    arrived = arriving()
    assert arrived.overlay() == 1
    with at_once():
        assert arrived.overlay() == 2
    assert arrived.overlay() == 2
