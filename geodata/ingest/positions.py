"""Where rows say they happened, in WGS-84; what stands for "nowhere" is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from pyproj import Transformer

from geodata import crs as shifted
from geodata.ingest.files import ROW, SWAPPED, WORLD, Read, as_crs
from geodata.ingest.locate import WGS84, has_shape

if TYPE_CHECKING:
    import numpy as np

    from geodata.ingest.findings import Ledger
    from geodata.model.profile import IncidentFeed, Profile

    Floats = np.ndarray

MISSING: Final = "coordinates_missing"
ROUNDED: Final = "coordinates_rounded_away"
DEGREE: Final = "\N{DEGREE SIGN}"


def coordinates(
    read: Read, feed: IncidentFeed, profile: Profile, ledger: Ledger
) -> tuple[pd.Series, pd.Series]:
    """Lon and lat in WGS-84; NaN where they are missing or stand for "missing"."""
    if "geometry" in read.frame:
        return _drawn(read, feed, ledger)
    texts = [read.text(column) for column in ("lon", "lat")]
    lon, lat = (_numbers(text) for text in texts)
    if "lon" not in read.frame:
        return lon, lat
    sham = _sham(lon, lat, feed)
    blank = lon.isna() | lat.isna()
    bare = (texts[0] == "") | (texts[1] == "")
    lon, lat = _to_wgs84(read.file, feed.layer.crs or profile.crs, lon, lat)
    far = ~_on_earth(lon, lat) & ~blank & ~sham
    turned = far & _on_earth(lat, lon)
    rows = read.frame[ROW]
    for reason, wrong in (
        (MISSING, blank & bare),
        ("coordinates_unreadable", blank & ~bare),
        (ROUNDED, sham & ~blank),
        (SWAPPED, turned),
        ("coordinates_not_on_earth", far & ~turned),
    ):
        ledger.keep(reason, rows[wrong].tolist())
    known = ~(blank | sham | far)
    return lon.where(known), lat.where(known)


def _drawn(read: Read, feed: IncidentFeed, ledger: Ledger) -> tuple[pd.Series, pd.Series]:
    """The same of shapes; those that are not on earth are gone and told by whoever read them."""
    x, y = (pd.Series(read.given[:, axis], index=read.frame.index) for axis in (0, 1))
    sham = _sham(x, y, feed)
    rows = read.frame[ROW]
    told = {row for remark in read.remarks if remark.action == "kept" for row in remark.rows}
    there = pd.Series(has_shape(read.shapes), index=rows.index)
    ledger.keep(MISSING, rows[~there & ~sham & ~rows.isin(told)].tolist())
    ledger.keep(ROUNDED, rows[sham].tolist())
    points = read.shapes.where(there & ~sham).representative_point()
    return points.x, points.y


def _on_earth(lon: pd.Series, lat: pd.Series) -> pd.Series:
    return (lon.abs() <= WORLD[0]) & (lat.abs() <= WORLD[1])


def _sham(lon: pd.Series, lat: pd.Series, feed: IncidentFeed) -> pd.Series:
    """Say which coordinates stand for none, as written: 0,0 or whole degrees (not whole metres)."""
    sham = pd.Series(data=False, index=lon.index)
    for x, y in feed.missing_coordinates:
        sham |= (lon == x) & (lat == y)
    if feed.whole_degrees_missing:
        sham |= (lon % 1 == 0) & (lat % 1 == 0) & (_on_earth(lon, lat) | _on_earth(lat, lon))
    return sham


def _to_wgs84(file: str, name: str, lon: pd.Series, lat: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Coordinates on earth; those in degrees that are none stay as they are."""
    if shifted.known(name):
        x, y = shifted.to_wgs84(name, lon.to_numpy(), lat.to_numpy())
    else:
        crs = as_crs(file, name)
        if crs.is_geographic:
            return lon, lat
        change = Transformer.from_crs(crs, WGS84, always_xy=True)
        x, y = change.transform(lon.to_numpy(), lat.to_numpy())
    return pd.Series(x, index=lon.index), pd.Series(y, index=lat.index)


def _numbers(text: pd.Series) -> pd.Series:
    plain = text.str.strip().str.removesuffix(DEGREE)
    return pd.to_numeric(plain, errors="coerce").astype("float64")
