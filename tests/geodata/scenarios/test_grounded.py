"""From degrees to metres of the ground and back."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from pyproj import Transformer

from geodata.scenarios.grounded import STEPS, WGS84, _light, mover

# A zone of CGCS2000, one of UTM; Beijing 1954, to which several ways lead.
SYSTEMS: Final = {"EPSG:4547": True, "EPSG:32649": True, "EPSG:2437": False}


@pytest.mark.parametrize("crs", SYSTEMS)
def test_points_are_moved_as_between_the_systems(crs: str) -> None:
    chance = np.random.default_rng(4)
    points = np.column_stack([chance.uniform(113.5, 114.5, 50), chance.uniform(22, 23, 50)])
    there = mover(WGS84, crs)(points)
    named = Transformer.from_crs(WGS84, crs, always_xy=True)
    assert np.array_equal(there, np.column_stack(named.transform(*points.T)))
    assert np.allclose(mover(crs, WGS84)(there), points, atol=1e-9)


@pytest.mark.parametrize(("crs", "one_way"), SYSTEMS.items())
def test_one_way_is_kept_as_its_steps(crs: str, one_way: bool) -> None:  # noqa: FBT001 (a case)
    kept = _light(Transformer.from_crs(WGS84, crs, always_xy=True))
    assert kept.definition.startswith(STEPS) is one_way
