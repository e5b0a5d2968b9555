"""The survey of borders as findings: a line for each level and kind, with square metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.ingest.findings import finding

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.ingest.findings import Finding

REASONS: Final = {
    "overlap": "borders_overlap",
    "gap": "borders_gap",
    "uncovered": "parent_uncovered",
    "outside_parent": "unit_outside_parent",
    "exclave": "exclave",
    "multi_part": "multi_part",
}
REASONS_OF_SLIVERS: Final = {"gap": "borders_sliver"}


def note(topology: gpd.GeoDataFrame, findings: list[Finding]) -> None:
    """Add what a survey found; exclaves and units of several parts are facts, the rest faults."""
    reasons = [
        REASONS_OF_SLIVERS.get(kind, REASONS[kind]) if thin else REASONS[kind]
        for kind, thin in zip(topology["kind"], topology["sliver"], strict=True)
    ]
    for (level, reason), mine in topology.groupby(["level", reasons], sort=False):
        units = sorted({*mine["unit"], *mine["other"]} - {""})
        largest = mine.iloc[int(mine["area_m2"].argmax())]
        findings.append(
            finding(
                f"level {level}",
                "read",
                str(reason),
                rows=len(mine),
                key=units[0] if len(units) == 1 else "",
                detail=square_metres(mine["area_m2"].sum(), largest["area_m2"], largest["unit"]),
            )
        )


def square_metres(total: float, largest: float, code: str) -> str:
    """Write areas in a way that is the same in every language: 8,255 m² (≤ 5,418 m²: 110115)."""
    where = f": {code}" if code else ""
    return f"{_number(total)} m² (≤ {_number(largest)} m²{where})"


def _number(area: float) -> str:
    return f"{area:,.0f}" if area >= 10 else f"{area:.2f}"  # noqa: PLR2004 (digits worth reading)
