"""Shapes from well-known binary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.formats.sheet import Remark

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw


def shapes_of(written: np.ndarray, raw: Raw) -> np.ndarray:
    """Build shapes of well-known binary; what cannot be is remarked by row."""
    shapes = shapely.from_wkb(written, on_invalid="ignore")
    there = np.array([text is not None for text in written], dtype=np.bool_)
    bad = ~shapely.is_geometry(shapes) & there
    if bad.any():
        rows = raw.numbers()[bad].tolist()
        cure = "mend the geometry of these rows; they are read without it"
        raw.remarks.append(Remark("kept", "geometry_not_understood", rows, cure))
    return np.asarray(shapely.force_2d(shapes), dtype=np.object_)
