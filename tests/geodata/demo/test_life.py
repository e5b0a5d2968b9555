from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.demo.codes import PLACES
from geodata.demo.life import make_ground

if TYPE_CHECKING:
    from geodata.demo.plan import Plan
    from geodata.model.draft import Arranged


def test_chances_add_up_and_leave_unknown_places_out(plan: Plan, arranged: Arranged) -> None:
    ground = plan.world.ground
    np.testing.assert_allclose(ground.chance.sum(axis=1), 1)
    assert ground.chance.min() >= 0
    assert ground.chance[:, (arranged.sites["kind"] == 2).to_numpy()].sum() == 0


def test_picking_follows_the_chances(plan: Plan) -> None:
    ground = plan.world.ground
    place = PLACES.index("road")
    u = (np.arange(40_000) + 0.5) / 40_000
    site = ground.pick(np.full(len(u), place), u)
    found = np.bincount(ground.area[site], minlength=len(ground.areas)) / len(u)
    wanted = np.bincount(ground.area, ground.chance[place])
    np.testing.assert_allclose(found, wanted, atol=0.002)
    assert ground.outdoor[site].mean() > 0.8


def test_the_dense_streets_lead_and_the_city_stands_at_one(plan: Plan) -> None:
    ground = plan.world.ground
    weight = ground.area_people / ground.area_people.sum()
    assert abs(float((ground.rate * weight).sum()) - 1) < 1e-9
    assert ground.rate[ground.dense()].min() > np.delete(ground.rate, ground.dense()).max()
    assert ground.worsening() not in ground.dense()


def test_the_unknown_place_of_a_site_is_its_community(plan: Plan, arranged: Arranged) -> None:
    ground = plan.world.ground
    site = int(np.flatnonzero(ground.outdoor)[100])
    unknown = arranged.sites.iloc[int(ground.unknown[site])]
    assert unknown["kind"] == 2
    assert arranged.places["level"].iloc[int(unknown["unit"])] == "community"


def test_the_ground_is_the_same_again(plan: Plan, arranged: Arranged) -> None:
    again = make_ground(7, arranged)
    np.testing.assert_array_equal(again.chance, plan.world.ground.chance)
    other = make_ground(8, arranged)
    assert not np.allclose(other.chance, plan.world.ground.chance)
