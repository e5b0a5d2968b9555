"""Smooth random fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geodata.demo.arrays import Floats

SPREAD: Final = 0.35  # of the wavelengths round the one asked for
CHUNK: Final = 100_000  # points at a time, to bound memory


class Noise:
    """A field of about N(0, 1) made of random waves near one wavelength in metres."""

    def __init__(self, rng: np.random.Generator, wavelength: float, waves: int = 24) -> None:
        """Draw the waves."""
        angle = rng.uniform(0, 2 * np.pi, waves)
        number = 2 * np.pi / (wavelength * rng.lognormal(0, SPREAD, waves))
        self._x = number * np.cos(angle)
        self._y = number * np.sin(angle)
        self._phase = rng.uniform(0, 2 * np.pi, waves)
        self._height = float(np.sqrt(2 / waves))

    def __call__(self, x: Floats, y: Floats) -> Floats:
        """Evaluate the field at every point."""
        shape = np.broadcast_shapes(np.shape(x), np.shape(y))
        px, py = np.broadcast_to(x, shape).ravel(), np.broadcast_to(y, shape).ravel()
        found = np.empty(len(px))
        for first in range(0, len(px), CHUNK):
            part = slice(first, first + CHUNK)
            phase = px[part, None] * self._x + py[part, None] * self._y + self._phase
            found[part] = self._height * np.cos(phase).sum(axis=1)
        return found.reshape(shape)
