"""Strips that are no land: what two drawings of one border leave between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt


def wider(shapes: npt.NDArray[np.object_], metres: float) -> npt.NDArray[np.bool_]:
    """Which shapes are somewhere wider than so much, however long the rest of them is."""
    return np.asarray(~shapely.is_empty(shapely.buffer(shapes, -metres / 2)))
