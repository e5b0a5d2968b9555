"""The same in any order with lines and areas that cut atoms: what was cut is as if it never was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
import shapely.affinity
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from geodata.planner.carving import Standing, after, carved
from tests.geodata.planner.planning import LANDS, PICKS, Planning

REACH_M = 2_000.0
MOST = 120  # atoms, after which nothing more is cut: small lands are quick


class Carving(Planning):
    """A planner whose drawings cut the ground under the plans of both, and under the branch."""

    @initialize(seed=st.integers(0, LANDS - 1))
    def begin(self, seed: int) -> None:
        super().begin(seed)
        ground = self.ground
        where = shapely.get_coordinates(shapely.point_on_surface(ground.shapes))
        held = np.stack((ground.households, ground.people, ground.cases))
        self.there = Standing(where, np.arange(len(ground), dtype=np.int32), held)
        self.parents = np.arange(len(ground), dtype=np.int32)

    @rule(pick=PICKS, turn=st.integers(0, 11), wide=st.integers(0, 300))
    def carve(self, pick: int, turn: int, wide: int) -> None:
        """A line through a grid, or an area around one of its atoms where it is wide."""
        before, plan = self.ground, self.history.plan
        if len(before) > MOST:
            return
        atom = pick % len(before)
        middle = shapely.point_on_surface(before.shapes[atom])
        if wide % 2:
            drawn: shapely.Geometry = shapely.buffer(middle, wide, quad_segs=2)
        else:
            across = shapely.LineString([(-REACH_M, wide / 3), (REACH_M, wide / 3)])
            turned = shapely.affinity.rotate(across, 15 * turn, origin=(0, 0))
            drawn = shapely.affinity.translate(turned, middle.x, middle.y)
        cut = carved(before, drawn, plan.atoms(int(plan.grid[atom])), self.there)
        if cut is None:
            return
        self.ground = after(before, cut)
        self.parents = np.concatenate((self.parents, cut.parents)).astype(np.int32)
        on = self.there.atom.copy()
        on[cut.moved] = cut.to
        self.there = replace(self.there, atom=on)
        self._stands()
        key = self.ground.key
        self.history = self.history.recut(key, self.parents)
        self.branch = self.branch and self.branch.recut(key, self.parents)
        seen, head = self.seen
        self.seen = seen.with_grid(seen.grid[cut.lineage], ground=key), head
        type(self).done += 1

    def _stands(self) -> None:
        """Everything stands on the atom that it is counted to, and nothing was lost."""
        off = shapely.distance(
            shapely.points(self.there.where), self.ground.shapes[self.there.atom]
        )
        assert float(off.max()) < 1e-6
        counted = [np.bincount(self.there.atom, each, len(self.ground)) for each in self.there.held]
        for name, column in zip(("households", "people", "cases"), counted, strict=True):
            assert np.array_equal(getattr(self.ground, name), column)


TestCarving = Carving.TestCase
TestCarving.settings = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
