from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.demo.clusters import Cluster, month_clusters, read_kinds
from geodata.demo.reports import Planted

if TYPE_CHECKING:
    from geodata.demo.plan import Plan


def own(plan: Plan) -> list[Cluster]:
    return [cluster for cluster in plan.clusters if cluster.origin == "month"]


def test_enough_is_planted_in_every_grade(plan: Plan) -> None:
    midnight = plan.world.midnight(plan.until)
    past = [c for c in own(plan) if c.moment[0] < midnight]
    assert len(past) >= 30
    grades = {
        grade: sum(c.difficulty == grade for c in past) for grade in ("easy", "medium", "hard")
    }
    assert min(grades.values()) >= 4
    assert len({c.kind.key for c in past}) >= 10


def test_a_month_is_planted_the_same_again(plan: Plan) -> None:
    first, again = (list(month_clusters(plan.world, 2026, 3)) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.moment, other.moment)
        np.testing.assert_array_equal(one.site, other.site)


def test_a_gas_smell_is_one_estate_in_twenty_minutes(plan: Plan) -> None:
    ground = plan.world.ground
    smells = [alarm.cluster for alarm in plan.alarms if alarm.cluster.kind.key == "gas_smell"]
    assert smells
    for cluster in smells:
        assert 9 <= len(cluster.moment) <= 13
        assert cluster.moment[-1] - cluster.moment[0] <= 1300
        estates = np.unique(ground.estate[cluster.site])
        assert len(estates) == 1 or ground.estate[cluster.anchor] < 0


def test_moments_are_in_order_and_within_their_kind(plan: Plan) -> None:
    for cluster in own(plan):
        assert (np.diff(cluster.moment) >= 0).all()
        span = (cluster.moment[-1] - cluster.moment[0]) / 3600
        assert span <= cluster.kind.hours[1] + 24
        assert cluster.kind.cases[0] <= len(cluster.moment) <= cluster.kind.cases[1]


def test_lamps_go_out_at_night(plan: Plan) -> None:
    hours = [(c.moment // 3600 + 8) % 24 for c in own(plan) if c.kind.key == "lamps_out"]
    night = np.concatenate(hours)
    assert ((night >= 18) | (night < 7)).mean() > 0.75


def test_the_planted_cases_are_all_in_one_table(plan: Plan) -> None:
    planted = Planted.of(plan.clusters)
    assert len(planted.moment) == sum(len(cluster.moment) for cluster in plan.clusters)
    assert (np.diff(planted.moment) >= 0).all()
    assert planted.slow.max() > 1


def test_kinds_refer_to_known_matters(plan: Plan) -> None:
    kinds, alerts = read_kinds()
    known = plan.world.ground.codes.rows
    assert all(matter in known for kind in kinds for matter in kind.matters)
    assert all(matter in known for row in alerts for matter in row["matters"])
