"""The survey of borders as findings: a line for each level and kind, with its areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.ingest import measures
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
                detail=measures.areas(
                    float(mine["area_m2"].sum()), float(largest["area_m2"]), str(largest["unit"])
                ),
            )
        )
