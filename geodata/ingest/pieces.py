"""Things that a file holds in several rows, as tiles cut them, made one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.files import ROW
from geodata.ingest.locate import WGS84

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.ingest.findings import Ledger
    from geodata.model.profile import Layer

_POINT = 0


def joined(frame: gpd.GeoDataFrame, layer: Layer, ledger: Ledger) -> gpd.GeoDataFrame:
    """Make one row of the rows that share a code, as `pieces` of the layer says; "" does nothing.

    "union" joins the pieces, "largest" keeps the largest; a point beside polygons is their label.
    What the first row leaves blank the next one fills in.
    """
    codes = frame["code"].to_numpy(dtype=object)
    several = frame["code"].duplicated(keep=False).to_numpy() & (codes != "")
    if layer.pieces in {"", "apart"} or not several.any():
        return frame
    again = frame["code"].duplicated().to_numpy() & several
    first = np.flatnonzero(several & ~again)
    mine = frame[several].reset_index(drop=True)
    whole = _whole(mine, union=layer.pieces == "union")
    shapes = np.asarray(frame.geometry.array, dtype=np.object_).copy()
    shapes[first] = [whole[code] for code in codes[first]]
    table = pd.DataFrame(frame.drop(columns="geometry"))
    for column in table.columns[table.dtypes == "string"].difference(["code"]):
        texts = mine[column].mask(mine[column] == "").groupby(mine["code"], sort=False).first()
        table.loc[first, column] = texts.loc[codes[first]].fillna("").to_numpy()
    ledger.set_aside("piece_joined", frame.loc[again, ROW].tolist())
    kept = table[~again].reset_index(drop=True)
    return gpd.GeoDataFrame(kept, geometry=shapes[~again], crs=WGS84)


def apart(frame: gpd.GeoDataFrame, layer: Layer, ledger: Ledger) -> gpd.GeoDataFrame:
    """Make a row of each part of a shape where `pieces` of the layer is "apart".

    The parts have the code of their row and a number: b3-1, b3-2 …; a single part keeps its own.
    """
    if layer.pieces != "apart" or not len(frame):
        return frame
    shapes = np.asarray(frame.geometry.array, dtype=np.object_)
    count = shapely.get_num_geometries(shapes)
    row = np.repeat(np.arange(len(frame)), np.maximum(count, 1))
    number = pd.Series(row).groupby(row).cumcount().to_numpy()
    several = count[row] > 1
    parts = np.where(count[row] > 0, shapely.get_geometry(shapes[row], number), shapes[row])
    table = pd.DataFrame(frame.drop(columns="geometry")).iloc[row].reset_index(drop=True)
    numbered = table["code"] + "-" + pd.Series(number + 1).astype("string")
    table["code"] = numbered.where(pd.Series(several), table["code"])
    if several.any():
        ledger.remark("parts_apart", rows=int(several.sum()))
    return gpd.GeoDataFrame(table, geometry=parts, crs=WGS84)


def _whole(mine: gpd.GeoDataFrame, *, union: bool) -> dict[str, shapely.Geometry | None]:
    """Shape of each code: its polygons joined, or the largest; without any, what there is."""
    shapes = np.asarray(mine.geometry.array, dtype=np.object_)
    areas = shapely.area(shapes)
    found: dict[str, shapely.Geometry | None] = {}
    for code, indices in mine.groupby("code", sort=False).indices.items():
        rows: npt.NDArray[np.intp] = np.asarray(indices, dtype=np.intp)
        here = rows[~shapely.is_missing(shapes[rows])]
        solid = here[shapely.get_type_id(shapes[here]) != _POINT]
        chosen = solid if len(solid) else here[:1]
        if not len(chosen):
            found[str(code)] = None
        elif union and len(chosen) > 1:
            found[str(code)] = shapely.union_all(shapes[chosen])
        else:
            found[str(code)] = shapes[int(chosen[np.argmax(areas[chosen])])]
    return found
