"""What only GDAL reads, with every driver switched off that is not on the list.

GDAL opens a file with whichever driver claims it, and some of them read other files or the
network on a file's behalf. So the drivers are cut down before the first file is opened, the file
comes from memory (it has no neighbours there), and its first bytes were checked by `kinds`.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pyogrio
from pyogrio import _ogr
from pyogrio import raw as reader

from geodata.formats import kinds, texts
from geodata.formats.cells import as_text
from geodata.formats.names import unique
from geodata.formats.sheet import Raw
from geodata.formats.wkb import shapes_of
from geodata.formats.xmls import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.formats.source import Source

DRIVERS: Final = frozenset({"ESRI Shapefile", "FlatGeobuf", "GML"})
_CALM: Final[dict[str, Any]] = {
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_FIELDTYPES": "ALWAYS_STRING",  # a code of digits is no number
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
    "SHAPE_RESTORE_SHX": "YES",
}


@contextmanager
def restricted() -> Iterator[None]:
    """Switch off every driver that is not on the list, until the file is read.

    Raises:
        RuntimeError: one could not be switched off.
    """
    others = sorted(set(pyogrio.list_drivers()) - DRIVERS)
    pyogrio.set_gdal_config_options({**_CALM, "GDAL_SKIP": ",".join(others)})
    _ogr._register_drivers()  # noqa: SLF001 (the only way to have GDAL_SKIP obeyed again)
    try:
        if left := set(pyogrio.list_drivers()) - DRIVERS:
            msg = f"GDAL drivers cannot be switched off: {', '.join(sorted(left))}"
            raise RuntimeError(msg)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong with a file is remarked by us
            yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys([*_CALM, "GDAL_SKIP"]))
        _ogr._register_drivers()  # noqa: SLF001


def read(source: Source) -> Raw:
    """Read FlatGeobuf or GML."""
    content, encoding = source.content(), texts.UTF8
    if source.kind == kinds.GML:
        content, encoding = guarded(source)
    with restricted():
        layers = [str(name) for name, _ in pyogrio.list_layers(content)]
        layer = source.choose(layers)
        meta, table = reader.read_arrow(content, layer=layer)
    raw = Raw({}, crs=meta["crs"] or "", encoding=encoding, count=table.num_rows)
    main = meta["geometry_name"] or "wkb_geometry"
    others = [name for name in table.column_names if name != main]
    for name, given in zip(unique(others, raw.remarks), others, strict=True):
        raw.columns[name] = as_text(table[given])
    if main in table.column_names:
        raw.shapes = shapes_of(table[main].to_numpy(), raw)
    return raw
