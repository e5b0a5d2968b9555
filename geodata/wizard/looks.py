"""What a file holds, before anybody says what it is: `look(path) -> Look`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geodata.wizard.encodings import Decoded, decodings
from geodata.wizard.facts import Column, describe
from geodata.wizard.faults import Fault
from geodata.wizard.reading import GEOMETRY, LIMITS, FileRefusedError, layers_of, sheet
from geodata.wizard.spots import Box, Spot, spot

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats import Limits, Sheet

KEPT: Final = 50_000  # shapes that are kept to compare files with each other
KEPT_CELLS: Final = 5_000_000  # cells of a table that are
_NEARLY: Final = (0.01, 0.99)
_PACKED: Final = (".gz", ".zip")
_NOTHING: Final = Spot("", 1.0, "crs_none")
_KINDS: Final = ("point", "line", "line", "area", "point", "line", "area", "mixed")


@dataclass(frozen=True)
class Shapes:
    """What is drawn: kinds (point, line, area, mixed) with their counts, and where."""

    kinds: tuple[tuple[str, int], ...]
    missing: int
    invalid: int
    box: Box
    parts: int  # polygons, lines or points once multi-part shapes are taken apart
    median_size: float  # of an area, in square units of the CRS
    cover: float  # the areas' sum as a share of their box

    @property
    def kind(self) -> str:
        """The commonest kind."""
        return max(self.kinds, key=lambda entry: entry[1])[0] if self.kinds else ""


@dataclass(frozen=True)
class Look:
    """One file, or one layer of it, as it is; `fault` is why it could not be read."""

    file: str  # relative to the folder
    layer: str = ""
    layers: tuple[str, ...] = ()
    kind: str = ""
    encoding: str = ""
    decodings: tuple[Decoded, ...] = ()
    crs: str = ""  # as declared
    spot: Spot = _NOTHING
    rows: int = 0
    columns: tuple[Column, ...] = ()
    shapes: Shapes | None = None
    box: Box | None = None  # of its shapes or of most of its pairs of coordinates
    remarks: tuple[tuple[str, int], ...] = ()  # what the reader mended or rejected, and how often
    fault: Fault | None = None
    frame: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What the file is known by among the others: its layer is part of it."""
        return f"{self.file}#{self.layer}" if self.layer else self.file

    def column(self, name: str) -> Column | None:
        """Find a column by its name in the file."""
        return next((column for column in self.columns if column.name == name), None)

    def texts(self, name: str) -> pd.Series:
        """Cells of a column, of the rows that are kept; trimmed."""
        return self.frame[name].astype("string").fillna("").str.strip()

    def geometry(self) -> np.ndarray:
        """Shapes of the rows that are kept, as the file has them."""
        return self.frame[GEOMETRY].to_numpy(dtype=np.object_)


def look(
    path: Path,
    limits: Limits = LIMITS,
    *,
    folder: Path | None = None,
    layer: str = "",
    encoding: str = "",
) -> Look:
    """Look at one file; what cannot be read is told as its fault, and is no error."""
    name = path.relative_to(folder).as_posix() if folder else path.name
    kind = kind_of(path)
    if "${" in name:  # a profile would read it as an environment variable
        return Look(name, layer, kind=kind, fault=Fault("name_is_variable", "has ${ in its name"))
    try:
        read = sheet(path, encoding=encoding, layer=layer, limits=limits)
    except FileRefusedError as error:
        layers = layers_of(error)
        if layers and not layer:
            first = look(path, limits, folder=folder, layer=layers[0], encoding=encoding)
            return Look(**{**first.__dict__, "layers": layers})
        return Look(name, layer, kind=kind, fault=Fault(error.reason, error.detail))
    return _seen(name, layer, kind, read, decodings(path, kind, encoding or read.encoding))


def kind_of(path: Path) -> str:
    """Name the kind of a file by its ending: geojson, csv, shp …, packed or not."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while len(suffixes) > 1 and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1].removeprefix(".") if suffixes else ""


def _seen(name: str, layer: str, kind: str, read: Sheet, decoded: tuple[Decoded, ...]) -> Look:
    columns = tuple(describe(read.frame[c]) for c in read.frame if c != GEOMETRY)
    shapes = _shapes(read.frame[GEOMETRY]) if GEOMETRY in read.frame else None
    if shapes is not None:
        box = shapes.box if shapes.kinds else None
    else:
        box = _columns_box(columns, read.frame)
    where = spot(box, read.crs) if box else _NOTHING
    return Look(
        file=name,
        layer=layer,
        layers=(layer,) if layer else (),
        kind=kind,
        encoding=read.encoding,
        decodings=decoded,
        crs=read.crs,
        spot=where,
        rows=len(read.frame),
        columns=columns,
        shapes=shapes,
        box=box,
        remarks=tuple((remark.reason, len(remark.rows)) for remark in read.remarks),
        frame=read.frame.head(_kept(read)).reset_index(drop=True),
    )


def _kept(read: Sheet) -> int:
    return KEPT if GEOMETRY in read.frame else KEPT_CELLS // max(1, len(read.frame.columns))


def _columns_box(columns: tuple[Column, ...], frame: pd.DataFrame) -> Box | None:
    """Where nearly all of the pairs of coordinates of a table lie."""
    lon = next((c.name for c in columns if c.kind == "lon"), "")
    lat = next((c.name for c in columns if c.kind == "lat"), "")
    if not lon or not lat:
        return None
    x, y = (
        pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        for name in (lon, lat)
    )
    # Whole numbers near nought stand for "missing": they say nothing of where.
    real = np.isfinite(x) & np.isfinite(y) & ~((x % 1 == 0) & (y % 1 == 0))
    if not real.any():
        return None
    west, east = (float(edge) for edge in np.quantile(x[real], _NEARLY))
    south, north = (float(edge) for edge in np.quantile(y[real], _NEARLY))
    return west, south, east, north


def _shapes(cells: pd.Series) -> Shapes:
    array = cells.to_numpy(dtype=np.object_)
    missing = shapely.is_missing(array) | shapely.is_empty(array)
    there = array[~missing]
    kinds = pd.Series([_KINDS[kind] for kind in shapely.get_type_id(there)], dtype="object")
    box = tuple(float(edge) for edge in shapely.total_bounds(there))
    areas = shapely.area(there)
    sizes = areas[areas > 0]
    ground = (box[2] - box[0]) * (box[3] - box[1]) if len(there) else 0.0
    return Shapes(
        kinds=tuple((str(k), int(n)) for k, n in kinds.value_counts().items()),
        missing=int(missing.sum()),
        invalid=int((~shapely.is_valid(there)).sum()),
        box=(box[0], box[1], box[2], box[3]),
        parts=int(shapely.get_num_geometries(there).sum()),
        median_size=float(np.median(sizes)) if len(sizes) else 0.0,
        cover=float(sizes.sum() / ground) if ground > 0 else 0.0,
    )
