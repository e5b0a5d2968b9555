"""Where a file lies: which CRS its coordinates' range speaks for, and what else it could be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geodata.wizard.vocabulary import catalogue

Box = tuple[float, float, float, float]
CHINA: Final[Box] = (73.5, 18.0, 135.1, 53.6)
DEGREES: Final[Box] = (-180.0, -90.0, 180.0, 90.0)
_WORLD_M: Final = 20_037_509.0
_ZONES_3: Final = (25, 45)  # CGCS2000, zones of three degrees: the easting begins with the number
_ZONES_6: Final = (13, 23)
MERIDIANS: Final = range(4534, 4555)  # CGCS2000 without a zone number, three degrees apart
_MILLION: Final = 1_000_000
_EASTING: Final = (200_000.0, 800_000.0)  # within a zone
_NORTHING: Final = (1_900_000.0, 6_000_000.0)  # of China
_FEET: Final = 8_000_000.0  # no state plane reaches further


@dataclass(frozen=True)
class Spot:
    """A CRS with how sure it is (0 to 1), the key of the reason, and what else it could be."""

    crs: str
    confidence: float
    reason: str
    others: tuple[str, ...] = ()


def within(box: Box, around: Box) -> bool:
    """Say whether one box lies in another."""
    return (
        box[0] >= around[0] and box[1] >= around[1] and box[2] <= around[2] and box[3] <= around[3]
    )


def spot(box: Box, declared: str) -> Spot:
    """Take the declared CRS, else guess it from the range of the coordinates."""
    degrees = within(box, DEGREES)
    in_china = degrees and within(box, CHINA)
    if declared:
        return Spot(declared, 0.95, "crs_declared", ("GCJ-02", "BD-09") if in_china else ())
    if in_china:
        return Spot("EPSG:4490", 0.7, "crs_degrees_china", ("GCJ-02", "BD-09", "EPSG:4326"))
    if degrees:
        return Spot("EPSG:4326", 0.85, "crs_degrees")
    return Spot("", 0.0, "crs_swapped") if swapped(box) else _projected(box)


def zone_of(box: Box) -> tuple[str, float]:
    """Guess the time zone of a box of degrees; ("UTC", 0) where no zone is known."""
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for entry in catalogue()["zones"]:
        if within((lon, lat, lon, lat), tuple(entry["box"])):
            return str(entry["name"]), 0.8
    return "UTC", 0.0


def swapped(box: Box) -> bool:
    """Whether a box makes sense as degrees only with its two coordinates exchanged."""
    west, south, east, north = box
    return within((south, west, north, east), DEGREES) and not within(box, DEGREES)


def _projected(box: Box) -> Spot:
    west, south, east, north = box
    zone = int(west // _MILLION)
    if zone == int(east // _MILLION) and _in(south, _NORTHING) and _in(north, _NORTHING):
        if _ZONES_3[0] <= zone <= _ZONES_3[1]:
            return Spot(f"EPSG:{4513 + zone - _ZONES_3[0]}", 0.9, "crs_zone")
        if _ZONES_6[0] <= zone <= _ZONES_6[1]:
            return Spot(f"EPSG:{4491 + zone - _ZONES_6[0]}", 0.8, "crs_zone")
        if zone == 0 and _in(west, _EASTING) and _in(east, _EASTING):
            meridians = tuple(f"EPSG:{code}" for code in MERIDIANS)
            return Spot("", 0.0, "crs_meridian", meridians)
    china_m = (8_180_000.0, 2_000_000.0, 15_040_000.0, 7_100_000.0)
    america_m = (-18_000_000.0, 2_600_000.0, -7_400_000.0, 11_500_000.0)
    if within(box, china_m) or within(box, america_m):
        return Spot("EPSG:3857", 0.85, "crs_mercator")
    if max(map(abs, box)) < _FEET:
        return Spot("", 0.0, "crs_feet")
    world = (-_WORLD_M, -_WORLD_M, _WORLD_M, _WORLD_M)
    return Spot("EPSG:3857" if within(box, world) else "", 0.3, "crs_unknown")


def _in(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
