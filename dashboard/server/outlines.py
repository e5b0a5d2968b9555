"""The cells of a map as a file for a GIS: GeoJSON, or a GeoPackage with its notes as a table."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyogrio

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

LAYER: Final = "cells"
NOTES: Final = "notes"
DIGITS: Final = 7  # of a degree, about a centimetre


def to_geojson(cells: gpd.GeoDataFrame, notes: Sequence[tuple[str, str]]) -> bytes:
    """The cells in longitudes and latitudes, as RFC 7946 has it; the notes are its description."""
    file = io.BytesIO()
    said = "\n".join(": ".join(note) for note in notes)
    pyogrio.write_dataframe(
        cells, file, driver="GeoJSON", layer=LAYER,
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": str(DIGITS), "DESCRIPTION": said},
    )  # fmt: skip
    return file.getvalue()


def to_gpkg(cells: gpd.GeoDataFrame, notes: Sequence[tuple[str, str]]) -> bytes:
    """The cells as one layer, the notes as a table beside it."""
    with TemporaryDirectory(prefix="yiping-cells-") as folder:
        path = Path(folder) / "cells.gpkg"
        pyogrio.write_dataframe(cells, path, driver="GPKG", layer=LAYER, promote_to_multi=True)
        told = pd.DataFrame(list(notes), columns=["name", "text"])
        pyogrio.write_dataframe(told, path, driver="GPKG", layer=NOTES, append=True)
        return path.read_bytes()
