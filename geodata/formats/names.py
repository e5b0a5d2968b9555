"""Names of columns: trimmed, never empty, never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.formats.sheet import GEOMETRY, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable


def unique(names: Iterable[object], remarks: list[Remark], taken: str = GEOMETRY) -> list[str]:
    """Give every column a name of its own; a repeated one gets a number, and a remark."""
    given: list[str] = []
    seen, repeated = {taken}, False
    for position, name in enumerate(names, start=1):
        plain = " ".join(str(name).replace("\ufeff", "").split()) or f"column_{position}"
        fresh, number = plain, 1
        while fresh in seen:
            number += 1
            fresh = f"{plain}_{number}"
        repeated = repeated or (plain not in {fresh, taken})
        seen.add(fresh)
        given.append(fresh)
    if repeated:
        cure = "give each column a name of its own"
        remarks.append(Remark("repaired", "column_named_twice", [], cure))
    return given
