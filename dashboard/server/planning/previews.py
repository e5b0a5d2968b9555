"""What a file of grids was read as and what of it does not fit, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyproj import CRS

from dashboard.i18n import catalogue, t
from dashboard.i18n.amounts import count, rate
from geodata import crs as shifted
from geodata.planner.fitting import STRIP_M
from geodata.scenarios.fitting import TWICE

if TYPE_CHECKING:
    from geodata.scenarios.drawn import Drawn
    from geodata.scenarios.fitting import Misfit, Proposal
    from geodata.scenarios.shifts import Shift

ROOM: Final = "planfile"
MOST_ATOMS: Final = 200  # of a misfit, that are named
HECTARE_M2: Final = 10_000
KM2_M2: Final = 1_000_000
DATUMS: Final = {"China 2000": "CGCS2000", "World Geodetic System 1984": "WGS 84"}
MILLION: Final = 1_000_000
ZONES: Final = "Gauss-Kruger"  # what the names of all its zones have


def words(drawn: Drawn, made: Proposal, language: str) -> dict[str, str]:
    """How the file was read, how often its grids overlap, its strips, and some of its words."""
    twice = [each.area_m2 for each in made.misfits if each.kind == TWICE]
    overlaps = t(f"{ROOM}.twice", language, n=len(twice), area=area(sum(twice), language))
    strips = t(
        f"{ROOM}.strips", language, n=count(made.stripped, language),
        area=area(made.strips_m2, language), wide=STRIP_M,
    )  # fmt: skip
    sample = t("planner.between", language).join(drawn.names)
    return {
        "crs_name": system(drawn.crs, language), "encoding_name": letters(drawn.encoding, language),
        "overlaps": overlaps if twice else "", "strips": strips if made.stripped else "",
        "sample": t(f"{ROOM}.sample", language, names=sample) if sample else "",
    }  # fmt: skip


def aside(drawn: Drawn, shift: Shift | None, language: str) -> str:
    """That its borders lie aside as those of a web map do, and what to do; "" where they do not."""
    if shift is None:
        return ""
    return t(
        f"{ROOM}.aside_{'degrees' if shift.degrees else 'metres'}", language,
        far=count(round(shift.far_m, -1), language), read=system(drawn.crs, language),
        name=shift.system, better=system(shift.system, language),
    )  # fmt: skip


def also(reason: str, drawn: Drawn, shift: Shift, language: str) -> str:
    """Why a file was refused, and that it lies aside: which may be why."""
    return t(f"{ROOM}.aside_refused", language, reason=reason, hint=aside(drawn, shift, language))


def misfit(each: Misfit, language: str) -> dict[str, Any]:
    """One thing that does not fit."""
    text = t(
        f"{ROOM}.misfit_{each.kind}", language, grid=each.grid, row=each.row, other=each.other,
        other_row=each.other_row, area=area(each.area_m2, language),
        n=count(len(each.atoms), language),
    )  # fmt: skip
    return {
        "grid": each.grid, "row": each.row, "kind": each.kind, "area_m2": round(each.area_m2, 1),
        "text": text, "atoms": list(each.atoms[:MOST_ATOMS]),
    }  # fmt: skip


def area(m2: float, language: str) -> str:
    """An area in the unit that people use for one of its size."""
    if m2 >= KM2_M2:
        return t(f"{ROOM}.km2", language, n=rate(m2 / KM2_M2, 2))
    if m2 >= HECTARE_M2:
        return t(f"{ROOM}.hectares", language, n=rate(m2 / HECTARE_M2, 1))
    return t(f"{ROOM}.m2", language, n=count(round(m2), language))


def system(name: str, language: str) -> str:
    """A coordinate system as people call it."""
    if shifted.known(name):
        return t(f"{ROOM}.degrees", language, name=shifted.canonical(name))
    known = CRS.from_user_input(name)
    datum = next((own for part, own in DATUMS.items() if part in (known.datum or known).name), "")
    if not datum:
        return known.name
    if known.is_geographic:
        return t(f"{ROOM}.degrees", language, name=datum)
    projection = known.coordinate_operation
    if projection is None or ZONES not in projection.name:
        return known.name
    values = {each.name: float(each.value) for each in projection.params}
    meridian = f"{values['Longitude of natural origin']:g}E"
    # An easting that begins with the number of its zone has it in the false easting.
    number = int(values["False easting"] // MILLION)
    key = "metres_numbered" if number else "metres"
    return t(f"{ROOM}.{key}", language, name=datum, zone=meridian, number=number)


def letters(encoding: str, language: str) -> str:
    """An encoding as people call it; others by their own name."""
    key = f"{ROOM}.encoding_{encoding.lower()}"
    return t(key, language) if key in catalogue() else encoding.upper()
