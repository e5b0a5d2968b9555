"""Points for names that come with units: only judged, because the map places names itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.ingest.files import ROW
from geodata.ingest.locate import has_shape

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

    from geodata.ingest.findings import Ledger

    Floats = npt.NDArray[np.float64]

_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
_PAIR: Final = 2


def label_points(
    texts: pd.Series, shapes: gpd.GeoSeries, frame: pd.DataFrame, ledger: Ledger
) -> None:
    """Note points written as (lat, lon), and those far from their unit either way round."""
    x, y = _pairs(texts)
    bounds = shapely.bounds(np.asarray(shapes.array, dtype=np.object_))
    known = np.isfinite(x) & has_shape(shapes)
    right = known & _in_box(x, y, bounds)
    turned = known & ~right & _in_box(y, x, bounds)
    # A point whose meaning is plain needs nobody: names are placed anew in any case.
    for note, reason, wrong in (
        (ledger.repair, "label_reversed", turned),
        (ledger.keep, "label_astray", known & ~right & ~turned),
    ):
        note(reason, frame.loc[wrong, ROW].tolist(), keys=frame.loc[wrong, "code"].tolist())


def _pairs(texts: pd.Series) -> tuple[Floats, Floats]:
    """Two numbers of each text, as [40.2, 116.2], POINT (116.2 40.2) or "116.2,40.2"; else NaN."""
    found = np.full((len(texts), _PAIR), np.nan)
    for row, text in enumerate(texts.tolist()):
        numbers = _NUMBER.findall(str(text))
        if len(numbers) == _PAIR:
            found[row] = [float(number) for number in numbers]
    return found[:, 0], found[:, 1]


def _in_box(x: Floats, y: Floats, bounds: Floats) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds.T
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return np.asarray(inside, dtype=np.bool_)
