"""By which level a place is counted: the one asked for, or the one that shows most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.metrics.classes import LEAST_CASES
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from geodata.model.periods import Window
    from geodata.store.snapshots import City

FEW_CHILDREN: Final = 20  # below it the level under the children tells more
MOST_CELLS: Final = 600  # on a map nobody asked to be so fine
MOST_JUDGED: Final = 1_000  # units beside each other, where nobody asked for so many
MOST_ASKED: Final = 20_000  # cells of one answer, whoever asks
TOO_FINE: Final = "too_fine"  # the notice of a level with too many cells


def cell_level(asked: str, city: City, unit: int, span: Window | None) -> tuple[str, str]:
    """The level to count by, and a notice where the one asked for has too many cells.

    span: the period whose cases are shared out among the cells; None where they are not.
    """
    # A place without buildings has an empty map of them, as was asked.
    if asked and (asked == BUILDING or count_cells(asked, city, unit)):
        level = _fitting_level(asked, city, unit)
        return level, TOO_FINE if level != asked else ""
    return _fitting_level(_telling_level(city, unit, span), city, unit), ""


def judged_levels(city: City, unit: int) -> list[str]:
    """The levels whose units can be judged beside each other: those walked through, below a top."""
    root = city.tree.level(0)
    return [
        level.key for level in city.profile.drill_levels
        if level.key != root and count_cells(level.key, city, unit)
    ]  # fmt: skip


def judged_level(city: City, unit: int) -> str:
    """The finest level that is judged where nobody names one."""
    fitting = [
        key for key in judged_levels(city, unit) if count_cells(key, city, unit) <= MOST_JUDGED
    ]
    return fitting[-1] if fitting else ""


def _fitting_level(level: str, city: City, unit: int) -> str:
    """The level, or the finest above it that has not too many cells."""
    if count_cells(level, city, unit) <= MOST_ASKED:
        return level
    keys = (*city.tree.level_keys, BUILDING)
    above = keys[: keys.index(level)]
    return [key for key in above if 0 < count_cells(key, city, unit) <= MOST_ASKED][-1]


def count_cells(level: str, city: City, unit: int) -> int:
    """How many cells of a level lie inside a unit."""
    if level != BUILDING:
        return len(city.tree.cells(unit, level))
    return int((city.sites["building"].to_numpy()[city.inside(unit)] >= 0).sum())


def _telling_level(city: City, unit: int, span: Window | None) -> str:
    """The level that shows most of a place."""
    tree = city.tree
    below = tree.next_level(unit)
    if not below:
        return tree.level(unit)
    children = tree.children(unit)
    if unit == 0 and len(children) < FEW_CHILDREN and below != BUILDING:
        finer = tree.next_level(int(children[0]))
        if finer not in {"", BUILDING}:
            cells = tree.cells(unit, finer)
            if _is_drawn(city, cells) and _is_compared(city, cells, span):
                return finer
    return below


def _is_compared(city: City, cells: npt.NDArray[np.int32], span: Window | None) -> bool:
    """Whether a period has enough cases for a rate of most cells."""
    first, last = (int(city.meta.get(name) or 0) for name in ("first", "last"))
    if span is None or last <= first:
        return True
    a_second = int(city.meta["counts"]["incidents"]) / (last - first)
    return a_second * span.length >= LEAST_CASES * len(cells)


def _is_drawn(city: City, cells: npt.NDArray[np.int32]) -> bool:
    """Whether a map of these cells shows something, and not too much."""
    return len(cells) <= MOST_CELLS and bool(city.places.geometry.iloc[cells].notna().any())
