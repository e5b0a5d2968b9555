"""Files that are one: a shapefile and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SHAPES: Final = ".shp"
BESIDE: Final = (
    ".dbf", ".shx", ".prj", ".cpg", ".qpj", ".qix", ".qmd", ".sbn", ".sbx", ".fbn", ".fbx",
    ".ain", ".aih", ".atx", ".ixs", ".mxs", ".shp.xml",
)  # fmt: skip


def parts(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Give a file and those of the names that are parts of it, as they are written."""
    if not name.lower().endswith(SHAPES):
        return (name,)
    stem = name[: -len(SHAPES)].lower()
    wanted = {stem + ending for ending in BESIDE}
    return (name, *sorted(other for other in names if other.lower() in wanted))


def wholes(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """List the files that stand for themselves, each with its parts."""
    listed = list(names)
    found = {name: parts(name, listed) for name in listed}
    beside = {part for whole in found.values() for part in whole[1:]}
    return {name: whole for name, whole in found.items() if name not in beside}
