from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geodata.demo.plan import Plan

DAY = 86_400


def test_there_is_always_something_planted_to_warn_of(plan: Plan) -> None:
    midnight = plan.world.midnight(plan.until)
    raised, cleared = (
        np.array([getattr(alarm, name) for alarm in plan.alarms]) for name in ("raised", "cleared")
    )
    for moment in range(midnight - 30 * DAY, midnight + 60 * DAY, 7200):
        assert 3 <= ((raised <= moment) & (cleared > moment)).sum() <= 5


def test_the_worst_of_the_first_day_is_gas(plan: Plan) -> None:
    midnight = plan.world.midnight(plan.until)
    today = {a.cluster.kind.key for a in plan.alarms if 0 <= a.raised - midnight < DAY}
    assert "gas_smell" in today
    assert "road_collapse" not in today


def test_what_is_planted_comes_before_it_should_be_noticed(plan: Plan) -> None:
    for alarm in plan.alarms:
        assert len(alarm.cluster.moment)
        assert (alarm.cluster.moment < alarm.raised).all()
        assert alarm.raised < alarm.cleared


def test_nights_are_quiet(plan: Plan) -> None:
    hours = [(alarm.raised // 3600 + 8) % 24 for alarm in plan.alarms[5:]]
    assert np.mean([hour < 6 for hour in hours]) < 0.02
