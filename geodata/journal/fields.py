"""The fields of an event, each checked and written in one way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata import crs as shifted
from geodata.journal.times import MomentError, epoch
from geodata.journal.vocabulary import (
    CODES,
    COUNTED,
    HAPPENED,
    MOMENTS,
    MOST_COUNTED,
    NUMBERS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.journal.codes import Codes

DIGITS: Final = 7  # of a coordinate in degrees: a centimetre
LONGEST: Final = 128
PAIR: Final = 2
PLAIN: Final = frozenset({"WGS84", "EPSG4326", "CGCS2000", "EPSG4490"})  # alike to a decimetre
TOP: Final = 90.0
SIDE: Final = 180.0
Remark = tuple[str, str]


class RefusedError(Exception):
    """Why an event is not taken: a key of `reasons.toml`, and what it is about."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def checked(given: Mapping[str, Any], codes: Codes) -> tuple[dict[str, Any], list[Remark]]:
    """Fields in canonical writing, and remarks on places that nobody knows.

    Raises:
        RefusedError: naming the first field that cannot be used.
    """
    said: dict[str, Any] = {}
    for name, value in given.items():
        if name in CODES:
            said[name] = _code(name, value, codes)
        elif name in NUMBERS:
            said[name] = _number(name, value, *NUMBERS[name])
        elif name in COUNTED:
            said[name] = _number(name, value, 0, MOST_COUNTED)
        elif name in MOMENTS or name in HAPPENED:
            said[name] = _moment(name, value)
        elif name == "duplicate_of":
            said[name] = _reference(value, codes)
    return said | _place(given), _strange(given, codes)


def _code(name: str, value: object, codes: Codes) -> str | None:
    if value is None:
        return None
    key = codes.key(name, value) if isinstance(value, str) else None
    if key is None:
        raise RefusedError(reason=f"{name}_unknown", detail=str(value))
    return key


def _number(name: str, value: object, least: int, most: int) -> int:
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise RefusedError(reason="field_out_of_range", detail=f"{name}: {value}")
    return value


def _moment(name: str, value: object) -> int | None:
    if value is None:
        return None
    try:
        return epoch(value)
    except MomentError as error:
        raise RefusedError(reason=error.reason, detail=f"{name}: {value}") from None


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise RefusedError(reason="field_out_of_range", detail=name)
    return value.strip()


def _reference(value: object, codes: Codes) -> str | list[str] | None:
    """The first report of a duplicate: its number, or channel and number of another channel."""
    if not isinstance(value, list):
        return _text("duplicate_of", value)
    source, case = value if len(value) == PAIR else (None, None)
    number = _text("duplicate_of", case)
    key = codes.key("source", source) if isinstance(source, str) else None
    if key is None or number is None:
        raise RefusedError(reason="field_out_of_range", detail=f"duplicate_of: {value}")
    return [key, number]


def _place(given: Mapping[str, Any]) -> dict[str, Any]:
    """The point in WGS-84, and the codes of building and unit."""
    said: dict[str, Any] = {
        name: _text(name, given[name]) for name in ("building", "unit") if name in given
    }
    lon, lat = given.get("lon"), given.get("lat")
    if (lon is None) != (lat is None):
        raise RefusedError(reason="place_incomplete", detail="lon, lat")
    if lon is not None:
        said["lon"], said["lat"] = _point(lon, lat, given.get("crs"))
    elif "lon" in given or "lat" in given:
        said["lon"] = said["lat"] = None
    return said


def _point(lon: object, lat: object, crs: object) -> tuple[float, float]:
    x, y = _degrees("lon", lon), _degrees("lat", lat)
    name = "WGS84" if crs is None else str(crs)
    if shifted.known(name):
        (x,), (y,) = (a.tolist() for a in shifted.to_wgs84(name, np.array([x]), np.array([y])))
    elif "".join(letter for letter in name.upper() if letter.isalnum()) not in PLAIN:
        raise RefusedError(reason="crs_unknown", detail=name)
    if not (abs(x) <= SIDE and abs(y) <= TOP):
        raise RefusedError(reason="place_not_on_earth", detail=f"{lon}, {lat}")
    return round(x, DIGITS), round(y, DIGITS)


def _degrees(name: str, value: object) -> float:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise RefusedError(reason="field_out_of_range", detail=f"{name}: {value}") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise RefusedError(reason="field_out_of_range", detail=f"{name}: {value}")
    return float(value)


def _strange(given: Mapping[str, Any], codes: Codes) -> list[Remark]:
    remarks = []
    building, unit = given.get("building"), given.get("unit")
    if building is not None and codes.city.building(str(building).strip()) is None:
        remarks.append(("building_not_found", str(building)))
    if unit is not None and str(unit).strip().casefold() not in codes.units:
        remarks.append(("unit_not_found", str(unit)))
    return remarks
