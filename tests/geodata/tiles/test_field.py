"""The field by kernels beside the field by numpy and scipy: the same picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geodata.tiles import field
from geodata.tiles.heat import density, frame, scale
from geodata.tiles.mercator import Box, to_degrees, to_metres

if TYPE_CHECKING:
    from collections.abc import Callable

# No round numbers: cases stored with few digits would lie on the borders of bins.
CITY = (105.70131, 22.60177, 106.50119, 23.00173)
STREET = (114.00131, 22.50177, 114.02119, 22.51173)
TALL = (0.01131, -60.0177, 9.0119, 70.0173)
PALETTE = tuple((50 * step, 10, 0, 100 + 30 * step) for step in range(5))
seeds = st.integers(0, 2**32 - 1)


def cases(box: tuple[float, ...], count: int, seed: int = 1) -> tuple[Any, Any]:
    """Cases in towns, beyond the box as well, as exact as they are stored."""
    rng = np.random.default_rng(seed)
    middles = rng.uniform(box[:2], box[2:], (9, 2))
    spread = np.subtract(box[2:], box[:2]) / 6
    points = middles[rng.integers(0, 9, count)] + rng.normal(0, 1, (count, 2)) * spread
    points = points.astype(np.float32).astype(np.float64)
    return points[:, 0], np.clip(points[:, 1], -85, 85)


def both(monkeypatch: pytest.MonkeyPatch, make: Callable[[], Any]) -> tuple[Any, Any]:
    """What kernels make, and what is made without them."""
    monkeypatch.setattr(field, "COMPILED", True)
    ours = make()
    monkeypatch.setattr(field, "COMPILED", False)
    return ours, make()


@pytest.mark.parametrize("box", [CITY, STREET, TALL])
@pytest.mark.parametrize("hours", [1.0, 24.0, 168.0])
def test_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, box: tuple[float, float, float, float], hours: float
) -> None:
    lon, lat = cases(box, round(1500 * hours))
    found = scale(box, hours)
    ours, known = both(monkeypatch, lambda: density(lon, lat, box, hours, blur_m=found.blur_m))
    assert ours.margin == known.margin
    assert ours.whole.dtype == known.whole.dtype
    assert np.abs(ours.whole - known.whole).max() <= 2e-6 * known.whole.max()

    breaks = tuple(known.whole.max() * share for share in (0.02, 0.1, 0.2, 0.4, 0.8))

    def paint() -> Any:  # noqa: ANN401
        data = frame(lon, lat, box, hours, PALETTE, breaks, blur_m=found.blur_m)
        return np.asarray(Image.open(io.BytesIO(data)))

    ours, known = both(monkeypatch, paint)
    assert known.any()
    off = np.abs(ours.astype(int) - known.astype(int))
    assert off.max() <= 1  # of 255 colours
    assert (off > 0).mean() < 1e-3


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(1, 60), st.integers(1, 60), st.integers(0, 5))
def test_the_same_counts(seed: int, columns: int, rows: int, margin: int) -> None:
    rng = np.random.default_rng(seed)
    west, south = rng.uniform(-170, 170), rng.uniform(-70, 60)
    size = 10 ** rng.uniform(-3, 1)
    x, y = to_metres(np.array([west, west + size]), np.array([south, south + size]))
    bins = field.Bins(Box(x[0], y[0], x[1], y[1]), columns, rows, margin)
    lon = rng.uniform(west - size, west + 2 * size, 3000)
    lat = rng.uniform(south - size, min(85, south + 2 * size), 3000)
    ours, known = field.counted(lon, lat, bins), field._counted(lon, lat, bins)  # noqa: SLF001
    assert ours.shape == bins.shape
    # A case within a rounding of a border may fall on either side of it.
    assert np.abs(ours - known).sum() <= 2
    assert abs(ours.sum() - known.sum()) <= 1


def test_every_case_is_counted_once_in_the_corners_of_a_picture() -> None:
    bins = field.Bins(Box(0, 0, 1000, 1000), 2, 2, 0)
    lon, lat = to_degrees(np.array([1.0, 999, 1, 999, -1]), np.array([1.0, 1, 999, 999, 1]))
    assert field.counted(lon, lat, bins).tolist() == [[1, 1], [1, 1]]
    assert field.counted(lon[:1], lat[:1], bins).tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize("sigmas", [(0.3, 4.0), (12.0, 0.8), (40.0, 40.0)])
def test_a_blur_keeps_what_it_spreads(
    monkeypatch: pytest.MonkeyPatch, sigmas: tuple[float, float]
) -> None:
    """Where the bell is wider than the field, too."""
    rng = np.random.default_rng(4)
    counts = rng.poisson(0.3, (50, 70)).astype(np.float32)
    counts[10:20] = 0
    ours, known = both(monkeypatch, lambda: field.blurred(counts, sigmas, 3.0))
    assert np.allclose(ours, known, rtol=1e-5, atol=1e-6)
    middle = np.zeros((301, 301), dtype=np.float32)
    middle[150, 150] = 7
    assert field.blurred(middle, sigmas, 3.0).sum() == pytest.approx(7, rel=1e-5)


def test_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.array([[-1, 0, 0.99, 1, 1.5], [2, 3, 4, 99, np.nan]], dtype=np.float32)
    grades = np.array([1.0, 101.0, 255.0])
    ours, known = both(monkeypatch, lambda: field.graded(values, (1.0, 2.0, 4.0), grades))
    assert ours.tolist() == [[0, 0, 0, 1, 51], [101, 178, 255, 255, 0]]
    assert (ours == known).all()
