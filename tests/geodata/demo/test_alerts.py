from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from geodata.demo.alerts import alert_table
from geodata.model.schemas import ALERTS

if TYPE_CHECKING:
    from geodata.demo.plan import Plan

DAY = 86_400


def test_a_few_alerts_are_open_at_any_moment(plan: Plan) -> None:
    midnight = plan.world.midnight(plan.until)
    table = alert_table(plan.world, plan.alarms)
    raised, cleared = (table[name].to_numpy(np.int64) for name in ("raised", "cleared"))
    moments = np.arange(midnight - 30 * DAY, midnight + 60 * DAY, 1800)
    level = table["level"].to_numpy()

    def open_then(mine: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        begun = np.searchsorted(np.sort(raised[mine]), moments, side="right")
        return begun - np.searchsorted(np.sort(cleared[mine]), moments, side="right")

    counts = open_then(level > 0)
    assert counts.min() >= 4
    assert counts.max() <= 6
    assert open_then(level == 1).mean() > 0.9
    assert open_then(level == 2).mean() == pytest.approx(1.95, abs=0.06)


def test_the_worst_alert_of_the_first_day_is_gas(plan: Plan) -> None:
    midnight = plan.world.midnight(plan.until)
    red = [a for a in plan.alarms if a.row["level"] == 1 and 0 <= a.raised - midnight < DAY]
    assert red
    assert {alarm.row["key"] for alarm in red} == {"gas_smell"}


def test_an_alert_has_its_cases_behind_it(plan: Plan) -> None:
    table = alert_table(plan.world, plan.alarms)
    assert {c: str(kind) for c, kind in table.dtypes.items()} == {
        name: kind for name, kind in ALERTS.items() if name != "alert"
    }
    assert table["raised"].is_monotonic_increasing
    levels = np.array(plan.world.ground.units.level)
    assert set(levels[table["unit"]]) == {"community"}
    assert (
        not table[["title_zh", "title_en"]].apply(lambda c: c.str.contains("[{}]")).any(axis=None)
    )
    for alarm in plan.alarms:
        assert (alarm.cluster.moment < alarm.raised).all()
        assert alarm.raised < alarm.cleared


def test_nights_are_quiet(plan: Plan) -> None:
    hours = [(alarm.raised // 3600 + 8) % 24 for alarm in plan.alarms[5:]]
    assert np.mean([hour < 6 for hour in hours]) < 0.02
