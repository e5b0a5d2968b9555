"""The coordinate systems that the import of drawn grids offers, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.i18n import t
from dashboard.server.planning.previews import ROOM, system
from geodata.crs import BD09, GCJ02
from geodata.scenarios.grounded import WGS84
from geodata.scenarios.systems import CGCS2000, called
from geodata.scenarios.systems import offered as listed

if TYPE_CHECKING:
    from geodata.scenarios.systems import Land

DEGREES: Final = {
    CGCS2000: "cgcs2000", WGS84: "wgs84", GCJ02: "gcj02", BD09: "bd09",
}  # fmt: skip


def offered(land: Land, language: str) -> list[dict[str, str]]:
    """Value and words of each."""
    return [{"value": crs, "word": _word(crs, land, language)} for crs in listed(land)]


def _word(crs: str, land: Land, language: str) -> str:
    if crs in DEGREES and crs != land.crs:
        return t(f"{ROOM}.system_{DEGREES[crs]}", language)
    key = "system_own" if crs == land.crs else "system"
    return t(f"{ROOM}.{key}", language, code=called(crs), name=system(crs, language))
