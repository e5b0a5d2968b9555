"""One file of a profile as a frame with our column names, in WGS-84.

What a file holds is read by `geodata.formats`, in a process that cannot do harm.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata import crs as shifted
from geodata.formats import safely
from geodata.formats.sheet import GEOMETRY, Remark
from geodata.ingest.corrections import name_of
from geodata.ingest.locate import WGS84
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geodata.formats import Sheet
    from geodata.formats.sheet import Numbered
    from geodata.model.profile import Layer

ROW: Final = "row"  # number of the row in the file, as `Sheet.numbered` says
AXES: Final = {"lon", "lat"}
WORLD: Final = (180.0, 90.0)  # degrees of longitude and latitude
SWAPPED: Final = "coordinates_swapped"  # reason of what makes sense the other way round only
DEGREES: Final = 360.0  # no coordinate in degrees is further from zero
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Read:
    """Rows of one file under our names, as text, with `row`, and `geometry` (WGS-84) if it has any.

    file: what `name_of` calls it, as two files may have one name; passed_over: rows that `where`
    says belong elsewhere; remarks: what the reader had to mend or leave out, by row; given: x and y
    of its points as the file has them; numbered: what the numbers of its rows count.
    """

    file: str
    frame: pd.DataFrame
    passed_over: int
    remarks: tuple[Remark, ...] = ()
    encoding: str = ""
    crs: str = ""  # its coordinates were in; "" = it has no shapes
    columns: Mapping[str, str] = field(default_factory=dict)  # our name → the file's
    given: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    numbered: Numbered = "row"

    @property
    def shapes(self) -> gpd.GeoSeries:
        """Geometry of each row; null where the file has none."""
        if GEOMETRY in self.frame:
            return gpd.GeoSeries(self.frame[GEOMETRY], crs=WGS84)
        return no_shapes(self.frame.index)

    def text(self, column: str) -> pd.Series:
        """Trimmed text of one of our columns; "" everywhere if it is not mapped."""
        if column in self.frame:
            return self.frame[column].str.strip()
        return pd.Series("", index=self.frame.index, dtype="string")


def no_shapes(index: pd.Index) -> gpd.GeoSeries:
    """Make a column of missing geometries."""
    return gpd.GeoSeries(np.full(len(index), None, dtype=np.object_), index=index, crs=WGS84)


def expand(text: str) -> str:
    """Put environment variables into a path: ${NAME}, or ${NAME:-fallback}.

    A relative path from a variable counts from the working folder, as every setting does; the
    fallback counts from the folder of the profile, as whatever else stands in it.

    Raises:
        ImportRefusedError: a variable without fallback is not set.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] in os.environ:
            given = os.environ[match[1]]
            return str(Path(given).absolute()) if match.start() == 0 else given
        fallback: str | None = match[2]
        if fallback is None:
            msg = f"path {text}: set the environment variable {match[1]}"
            raise ImportRefusedError(msg)
        return fallback

    return _VARIABLE.sub(value, text)


def read_layer(
    layer: Layer, folder: Path, default_crs: str, mend: Callable[[Sheet], Sheet] | None = None
) -> Read:
    """Read a file and bring it to our names and to WGS-84; `mend` puts corrections in before.

    Raises:
        ImportRefusedError: naming the file and what is wrong with it as a whole.
    """
    name = name_of(layer)
    sheet = read_sheet(layer, folder)
    sheet = mend(sheet) if mend else sheet
    layer = _version(name, layer, sheet)
    raw = sheet.frame
    mine = pd.Series(data=True, index=raw.index)
    for column, value in layer.where.items():
        mine &= raw[column] == value
    chosen = raw[mine].reset_index(drop=True)
    columns = {ours: chosen[theirs] for ours, theirs in layer.columns.items() if ours != GEOMETRY}
    frame = pd.DataFrame(columns, index=chosen.index)
    frame[ROW] = sheet.rows[mine.to_numpy()]
    for column, constant in layer.constants.items():
        frame[column] = pd.Series(constant, index=frame.index, dtype="string")
    for column, digits in layer.code_digits.items():
        frame[column] = frame[column].str.slice(0, digits)
    if layer.swapped and set(frame) >= AXES:
        frame["lon"], frame["lat"] = frame["lat"], frame["lon"].copy()
    read = Read(name, frame, int((~mine).sum()), sheet.remarks, sheet.encoding)
    read = replace(read, columns=layer.columns, numbered=sheet.numbered)
    if GEOMETRY not in chosen and GEOMETRY not in layer.columns:
        return read
    crs = layer.crs or sheet.crs or default_crs
    shapes, unread = _geometry(layer, chosen, frame[ROW])
    if layer.swapped:
        shapes = shapely.transform(shapes, lambda at: at[:, ::-1])
    frame[GEOMETRY], astray = _on_earth(_in_wgs84(name, shapes, crs), frame[ROW])
    given = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    return replace(read, crs=crs, remarks=(*read.remarks, *unread, *astray), given=given)


def read_sheet(layer: Layer, folder: Path) -> Sheet:
    """Read a file as it is, with its own names.

    Raises:
        ImportRefusedError: naming the file and what is wrong with it as a whole.
    """
    return safely.read(folder / expand(layer.path), encoding=layer.encoding, layer=layer.layer)


def _version(name: str, layer: Layer, sheet: Sheet) -> Layer:
    """Take the first of the layer's mappings whose columns the file has.

    Raises:
        ImportRefusedError: it has none of them; the message names what the nearest lacks.
    """
    if sheet.frame.columns.empty and sheet.frame.empty:  # a list of no records names no columns
        for column in {*layer.columns.values(), *layer.where}:
            sheet.frame[column] = pd.Series(dtype="string")
    lost: list[list[str]] = []
    for columns in (layer.columns, *layer.versions):
        wanted = [*columns.values(), *layer.where]
        missing = sorted({column for column in wanted if column not in sheet.frame})
        if not missing:
            return layer.model_copy(update={"columns": columns})
        lost.append(missing)
    there = ", ".join(str(column) for column in sheet.frame if column != GEOMETRY)
    lacks = " or, of its other versions, ".join(", ".join(missing) for missing in lost)
    msg = f"{name}: has no column {lacks}; it has {there}; mend the profile's columns"
    raise ImportRefusedError(msg)


def _geometry(
    layer: Layer, chosen: pd.DataFrame, rows: pd.Series
) -> tuple[np.ndarray, tuple[Remark, ...]]:
    """Take the shapes of a file, or make them of its well-known text."""
    column = chosen[layer.columns.get(GEOMETRY, GEOMETRY)]
    written = column.to_numpy(dtype=np.object_)
    if not isinstance(column.dtype, pd.StringDtype):
        return written, ()
    shapes = np.asarray(shapely.from_wkt(written, on_invalid="ignore"), dtype=np.object_)
    bad = column.str.strip().ne("").to_numpy(dtype=np.bool_) & shapely.is_missing(shapes)
    if not bad.any():
        return shapes, ()
    cure = "write the shapes of these rows as well-known text; they are read without"
    return shapes, (Remark("kept", "geometry_not_understood", rows[bad].tolist(), cure),)


def _on_earth(shapes: np.ndarray, rows: pd.Series) -> tuple[np.ndarray, list[Remark]]:
    """Take away shapes that are not on earth; some would be with x and y turned round."""
    reach = np.abs(shapely.bounds(shapes)).reshape(-1, 2, 2).max(axis=1)
    far = (reach > WORLD).any(axis=1)
    turned = far & (reach[:, ::-1] <= WORLD).all(axis=1)
    if not far.any():
        return shapes, []
    shapes = shapes.copy()
    shapes[far] = None
    found = ((SWAPPED, turned), ("coordinates_not_on_earth", far & ~turned))
    return shapes, [
        Remark("kept", reason, rows[wrong].tolist(), "") for reason, wrong in found if wrong.any()
    ]


def _in_wgs84(name: str, column: np.ndarray, crs: str) -> Any:  # noqa: ANN401
    bounds = shapely.total_bounds(column)
    far = float(np.nanmax(np.abs([*bounds, 0.0]))) > DEGREES
    if shifted.known(crs):
        _refuse_metres(name, crs, far=far)
        return shapely.transform(column, lambda at: _wgs84(crs, at))
    series = gpd.GeoSeries(column, crs=WGS84)
    known = as_crs(name, crs)
    _refuse_metres(name, crs, far=far and known.is_geographic)
    series = series.set_crs(known, allow_override=True)
    return np.asarray(series.to_crs(WGS84).array, dtype=np.object_)


def _wgs84(crs: str, at: np.ndarray) -> np.ndarray:
    return np.column_stack(shifted.to_wgs84(crs, at[:, 0], at[:, 1]))


def _refuse_metres(name: str, crs: str, *, far: bool) -> None:
    if far:
        msg = f"{name}: {crs} has degrees, the file has metres; declare its crs"
        raise ImportRefusedError(msg)


def as_crs(name: str, crs: str) -> CRS:
    """Understand a CRS.

    Raises:
        ImportRefusedError: naming the file that declares it.
    """
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        msg = f"{name}: CRS {crs} is not known; name it like EPSG:4490"
        raise ImportRefusedError(msg) from error
