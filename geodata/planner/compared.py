"""Today's grids and a draft side by side: the figures of both, and what changes for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.planner.extent import extent_of, seen
from geodata.planner.reach import by_road, reaches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from geodata.planner.extent import Seen
    from geodata.planner.facts import Facts
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

NOBODY: Final = -1
SAME: Final = 1e-9
HALF: Final = 0.5
STRAIGHT: Final = "straight_line"  # the note of figures that know no roads
LESS, MORE, NEITHER = -1, 1, 0  # which way is better
WAYS: Final = {
    "over": LESS, "most": LESS, "ratio": LESS, "gini": LESS, "cases": LESS, "reach": MORE,
    "compactness": MORE,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A figure of today and of the draft; None = there is nothing to say.

    better: whether the change is one, None where neither way is; note: how it was reckoned, where
    that is not as usual.
    """

    key: str
    before: float | None
    after: float | None
    change: float | None
    better: bool | None
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """How much a draft changes."""

    grids_before: int
    grids_after: int
    buildings_moved: int
    households_moved: int
    people_moved: int
    grids_changed: int


@dataclass(frozen=True)
class Moves:
    """Which atoms change their grid worker; buildings, households, people: on them."""

    atoms: Bools
    buildings: int
    households: int
    people: int


def compared(  # noqa: PLR0913, PLR0917 (what a plan is judged by)
    ground: Ground, today: Plan, plan: Plan, communities: Ints, rules: Rules, facts: Facts
) -> list[Row]:
    """The figures before and after, of the grids in some communities.

    over: grids above the limit; most: households of the fullest; ratio: that against the median;
    gini: of households, all four without special grids; cases: a week and grid; reach: share of
    households that walk to their grid's station in time; compactness: mean Polsby–Popper; border:
    metres of it that changed; buildings, households, people: that change grid worker; nets: grids
    of all kinds, where rules merge them.
    """
    extent = extent_of(ground, communities, facts)
    before, after = seen(extent, today), seen(extent, plan)
    note = "" if by_road(extent) else STRAIGHT
    rows = [
        _row(key, of(before, rules), of(after, rules), note if key == "reach" else "")
        for key, of in FIGURES.items()
    ]
    moved = moves(before, after)
    sums = {
        "border": _border(before, after), "buildings": moved.buildings,
        "households": moved.households, "people": moved.people,
    }  # fmt: skip
    rows += [Row(key, None, float(value), float(value), None) for key, value in sums.items()]
    if rules.one_net is not None and facts.professional:
        rows.append(_row("nets", float(_nets(before)), float(len(after.numbers))))
    return rows


def summary(  # noqa: PLR0913, PLR0917 (what a plan is judged by)
    ground: Ground, today: Plan, plan: Plan, communities: Ints, rules: Rules, facts: Facts
) -> Summary:
    """How many grids, and how much of what stands there changes its grid worker."""
    del rules  # what changes does not depend on them
    extent = extent_of(ground, communities, facts)
    before, after = seen(extent, today), seen(extent, plan)
    moved = moves(before, after)
    old, new = (dict(zip(each.codes, each.forms, strict=True)) for each in (before, after))
    changed = sum(old.get(code) is not new.get(code) for code in old.keys() | new.keys())
    return Summary(
        len(before.numbers), len(after.numbers), moved.buildings, moved.households, moved.people,
        changed,
    )  # fmt: skip


def _row(key: str, before: float | None, after: float | None, note: str = "") -> Row:
    if before is None or after is None:
        return Row(key, before, after, None, None, note)
    change, way = after - before, WAYS.get(key, NEITHER)
    better = None if abs(change) < SAME or way == NEITHER else change * way > 0
    return Row(key, before, after, change, better, note)


def newly_over(  # noqa: PLR0913, PLR0917 (what a plan is judged by)
    ground: Ground, today: Plan, plan: Plan, communities: Ints, rules: Rules, facts: Facts
) -> int:
    """How many grids are above the limit whose households mostly live in none that is today."""
    extent = extent_of(ground, communities, facts)
    before, after = (_above(seen(extent, each), rules) for each in (today, plan))
    was, now = today.grid[extent.atoms], plan.grid[extent.atoms]
    fresh = 0
    for code in after - before:  # what is left of a larger one may have a new code
        mine = now == plan.number(code)
        origin = np.bincount(was[mine], extent.households[mine]).argmax()
        fresh += today.codes[origin] not in before
    return fresh


def over(each: Seen, rules: Rules) -> float:
    """How many grids have more households than they may."""
    return float(len(_above(each, rules)))


def _above(each: Seen, rules: Rules) -> set[str]:
    """Codes of these grids; special ones may have what they have."""
    above = np.flatnonzero(each.ordinary & (each.households > rules.most)).tolist()
    return {each.codes[row] for row in above}


def _ordinary(each: Seen) -> Floats:
    """The households of the grids that are to be alike."""
    return each.households[each.ordinary]


def _most(each: Seen, _: Rules) -> float | None:
    held = _ordinary(each)
    return float(held.max()) if len(held) else None


def _ratio(each: Seen, _: Rules) -> float | None:
    held = _ordinary(each)
    if not len(held) or not (middle := float(np.median(held))):
        return None
    return float(held.max()) / middle


def gini(held: Floats) -> float | None:
    """How unevenly something is held: 0 = all the same, nearly 1 = one has all."""
    size, whole = len(held), float(held.sum())
    if not size or not whole:
        return None
    ranks = 2 * np.arange(1, size + 1) - size - 1
    return float((ranks * np.sort(held)).sum() / (size * whole))


def _gini(each: Seen, _: Rules) -> float | None:
    return gini(_ordinary(each))


def _cases(each: Seen, _: Rules) -> float | None:
    count = len(each.numbers)
    return float(each.extent.cases.sum()) / each.extent.facts.weeks / count if count else None


def _reach(each: Seen, rules: Rules) -> float | None:
    found = reaches(each, rules)
    whole = sum(one.households for one in found)
    return sum(one.within for one in found) / whole if whole else None


def _compactness(each: Seen, _: Rules) -> float | None:
    return float(each.compactness.mean()) if len(each.numbers) else None


FIGURES: Final[Mapping[str, Callable[[Seen, Rules], float | None]]] = {
    "over": over, "most": _most, "ratio": _ratio, "gini": _gini, "cases": _cases,
    "reach": _reach, "compactness": _compactness,
}  # fmt: skip


def _border(before: Seen, after: Seen) -> float:
    """Metres that were a border between grids and are none, or the other way round."""
    return float(before.extent.length_m[before.inner != after.inner].sum())


def _nets(before: Seen) -> int:
    """Today's grids and those of all departments that reach into the extent."""
    extent = before.extent
    units = [np.unique(each.unit[extent.atoms]) for each in extent.facts.professional]
    return len(before.numbers) + sum(int((each != NOBODY).sum()) for each in units)


def moves(before: Seen, after: Seen) -> Moves:
    """What changes its grid worker: whoever has a code keeps the worker who had it."""
    extent = after.extent
    key = (
        "moves",
        extent.ground.key,
        extent.communities.tobytes(),
        before.plan.key,
        after.plan.key,
    )
    return extent.facts.views.of(key, lambda: _moves(before, after))


def _moves(before: Seen, after: Seen) -> Moves:
    extent = after.extent
    atoms = _workers(before, after)[after.part] != before.part
    return Moves(
        atoms, int(atoms[extent.place].sum()), int(extent.households[atoms].sum()),
        int(extent.people[atoms].sum()),
    )  # fmt: skip


def _workers(before: Seen, after: Seen) -> Ints:
    """By grid of the draft, whose worker of today it has, as a place in `before`; −1 = a new one.

    A grid that only got another code keeps its worker: of the new grids the one that has more than
    half of a grid that is gone, and more than half of whose own comes from it.
    """
    row = {code: place for place, code in enumerate(before.codes)}
    worker = np.array([row.get(code, NOBODY) for code in after.codes], dtype=np.int32)
    gone = np.setdiff1d(np.arange(len(before.codes)), worker)
    new = np.flatnonzero(worker == NOBODY)
    if not len(gone) or not len(new):
        return worker
    weight = np.asarray(before.extent.households + SAME, dtype=np.float64)
    shared = np.zeros((len(after.numbers), len(before.numbers)))
    chosen = np.isin(after.part, new) & np.isin(before.part, gone)
    np.add.at(shared, (after.part[chosen], before.part[chosen]), weight[chosen])
    enough = (shared > HALF * after.sums(weight)[:, None]) & (shared > HALF * before.sums(weight))
    heirs, of = np.nonzero(enough)
    worker[heirs] = of
    return worker
