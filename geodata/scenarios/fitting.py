"""What somebody drew as the assignment of a plan: codes, cuts, and what did not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.carving import carved
from geodata.planner.fitting import (
    APART,
    BARE,
    BORDER,
    NOBODY,
    THROUGH,
    clean,
    crowded,
    fitted,
    lines,
    twice,
)
from geodata.scenarios import landing
from geodata.scenarios.given import next_code
from geodata.scenarios.recutting import recut, standing
from geodata.scenarios.refused import DrawingError
from geodata.scenarios.systems import Land

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from geodata.planner.carving import Cut
    from geodata.planner.fitting import Fitted, Off, Twice
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.scenarios.drawn import Drawn
    from geodata.scenarios.grounded import Grounded

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

NO_ATOM: Final = (
    "has no parcel with most of it inside; set 'Cut parcels along the borders' to Yes, or widen it",
    "的界线没有围住任何一个地块的大部分；请将“按界线切分地块”选为“是”，或画大一些",
)
NO_CUT: Final = (
    "is too small to cut a parcel out of the land, as borders go around buildings; draw it larger",
    "太小，绕开楼栋后切不出一个地块；请画大一些",
)
CROWDED: Final = (
    ": its grids lie over each other many times; export one layer of them, each grid once",
    "：图形层层重叠；请只导出一层网格，每个网格一个图形",
)
TWICE: Final = "twice"  # the kind of what two grids of a file both cover
KINDS: Final = (THROUGH, BORDER, APART, BARE)


@dataclass(frozen=True)
class Misfit:
    """What of one drawn grid the plan could not follow; grid "" = nobody drew anything there.

    other, other_row: the grid that covers the same ground, of what is drawn twice.
    """

    grid: str
    row: int
    kind: str
    area_m2: float
    atoms: tuple[int, ...]
    other: str = ""
    other_row: int = 0


@dataclass(frozen=True)
class Proposal:
    """An import before anybody has agreed to it.

    plan: what the current one would become; read: rows of the file; used: those that lie on this
    ground; new: codes of grids that are not in the current plan; gone: of those that are no more;
    strips_m2, stripped: strips along borders, too narrow to be listed, and of how many grids.
    """

    plan: Plan
    read: int
    used: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    misfits: tuple[Misfit, ...]
    strips_m2: float = 0.0
    stripped: int = 0


@dataclass(frozen=True)
class Outlines:
    """Drawn grids of one ground, a polygon each; row: number in the file of the first part.

    drawn: as they were before they were cleaned; twice: where they overlapped then.
    """

    shapes: Shapes
    drawn: Shapes
    codes: tuple[str, ...]
    rows: tuple[int, ...]
    twice: tuple[Twice, ...] = ()


def land_of(ground: Ground) -> Land:
    """Where a ground is."""
    west, south, east, north = shapely.total_bounds(ground.shapes).tolist()
    return Land(ground.crs, (west, south, east, north))


def gathered(drawn: Drawn, ground: Ground) -> Outlines:
    """The polygons that lie on a ground, those of one code put together, and cleaned.

    Raises:
        ImportRefusedError: none does, or they lie over each other many times.
    """
    whole = shapely.box(*land_of(ground).box)
    on = np.flatnonzero(shapely.intersects(shapely.make_valid(drawn.shapes), whole))
    if not len(on):
        landing.beside(drawn, land_of(ground))
    if crowded(drawn.shapes[on]):
        raise DrawingError(*(f"{drawn.file}{text}" for text in CROWDED))
    parts: dict[str, list[int]] = {}
    for row in on.tolist():
        own = drawn.codes[row] or f" {row}"  # which no code is
        parts.setdefault(own, []).append(row)
    joined = [
        drawn.shapes[rows[0]] if len(rows) == 1
        else shapely.union_all(shapely.make_valid(drawn.shapes[rows]))
        for rows in parts.values()
    ]  # fmt: skip
    shapes = np.array(joined, dtype=object)
    first = [rows[0] for rows in parts.values()]
    return Outlines(
        clean(shapes), shapely.make_valid(shapes), tuple(drawn.codes[row] for row in first),
        tuple(drawn.rows[row] for row in first), twice(shapes),
    )  # fmt: skip


def cut_along(
    there: Grounded, plan: Plan, outlines: Outlines
) -> tuple[Grounded, Plan, tuple[Cut, ...]]:
    """The ground with atoms cut where drawn borders run through them, the plan on it, the cuts."""
    atoms = fitted(there.ground, outlines.shapes, outlines.drawn).crossed
    if not len(atoms):
        return there, plan, ()
    drawn = lines(there.ground, outlines.shapes, atoms.tolist())
    cut = carved(there.ground, drawn, atoms, standing(there))
    if cut is None:
        return there, plan, ()
    there = recut(there, cut)
    return there, plan.with_grid(plan.grid[cut.lineage], ground=there.ground.key), (cut,)


def proposed(
    there: Grounded, plan: Plan, drawn: Drawn, outlines: Outlines, *, cut: bool = False
) -> Proposal:
    """The plan with every atom in the drawn grid that has most of it; cut: atoms were cut before.

    Raises:
        ImportRefusedError: naming the file, row and grid: a grid gets no atom, lies in another
            community than its own, or has the code of a grid elsewhere.
    """
    ground = there.ground
    found = fitted(ground, outlines.shapes, outlines.drawn)
    mine = Coded(there, plan, drawn, outlines, found, cut)
    numbers, codes, community = mine.numbered()
    grid = np.where(found.owner == NOBODY, plan.grid, numbers[np.maximum(found.owner, 0)])
    made = replace(plan, grid=_still(grid), codes=codes, community=community)
    before, after = (
        {each.codes[number] for number in each.living.tolist()} for each in (plan, made)
    )
    misfits = tuple(mine.misfits(codes, numbers))
    return Proposal(
        made, len(drawn.rows), int((found.community != NOBODY).sum()),
        tuple(sorted(after - before)), tuple(sorted(before - after)), misfits,
        found.strips_m2, found.stripped,
    )  # fmt: skip


def _still(grid: npt.NDArray[np.integer]) -> Ints:
    """An assignment that nobody changes."""
    own = grid.astype(np.int32)
    own.setflags(write=False)
    return own


@dataclass(frozen=True)
class Coded:
    """Gives drawn polygons their place among the grids of a plan."""

    there: Grounded
    plan: Plan
    drawn: Drawn
    outlines: Outlines
    found: Fitted
    cut: bool

    def numbered(self) -> tuple[Ints, tuple[str, ...], Ints]:
        """By polygon the number of its grid, and the codes and communities of all grids then."""
        plan = self.plan
        number = {code: row for row, code in enumerate(plan.codes)}
        got = np.bincount(self.found.owner[self.found.owner != NOBODY],
                          minlength=len(self.outlines.rows))  # fmt: skip
        shared = self._shared()
        numbers = np.full(len(self.outlines.rows), NOBODY, dtype=np.int32)
        for row, code in enumerate(self.outlines.codes):
            community = int(self.found.community[row])
            if community == NOBODY:
                continue  # beside the ground
            if not got[row]:
                raise self._refused(row, *(NO_CUT if self.cut else NO_ATOM))
            own = number.get(code, NOBODY) if code else shared.get(row, NOBODY)
            if own == NOBODY:
                plan = self._with_new(plan, row, community)
                own = len(plan.codes) - 1
            elif int(plan.community[own]) != community:
                holder = self.there.ground.communities[community]
                raise self._refused(
                    row,
                    f"lies in community {holder}, its code is of another; give it one of its own",
                    f"位于社区 {holder}，编码却属于另一社区；请改用新编码",
                )
            numbers[row] = own
        return numbers, plan.codes, plan.community

    def _with_new(self, plan: Plan, row: int, community: int) -> Plan:
        code = self.outlines.codes[row]
        if code in self.there.codes:
            raise self._refused(
                row,
                "has the code of a unit outside this plan or of one that is gone; give it another",
                "的编码属于方案范围以外或已撤销的单元；请改用新编码",
            )
        code = code or next_code(self.there, plan, community)
        return replace(plan, codes=(*plan.codes, code),
                       community=np.append(plan.community, np.int32(community)))  # fmt: skip

    def _shared(self) -> dict[int, int]:
        """Polygons without a code to the grids with which they share most, each grid once.

        A grid that another polygon names is that one's.
        """
        bare = [row for row, code in enumerate(self.outlines.codes) if not code]
        if not bare:
            return {}
        known = np.isin(self.found.owner, bare)
        pairs, place = np.unique(
            np.column_stack((self.found.owner[known], self.plan.grid[known])),
            axis=0,
            return_inverse=True,
        )
        held = np.bincount(place.ravel(), self.there.ground.area_m2[known], len(pairs))
        named = {number for number, code in enumerate(self.plan.codes)
                 if code in set(self.outlines.codes)}  # fmt: skip
        taken: dict[int, int] = {}
        for pair in np.argsort(-held, kind="stable"):
            row, grid = (int(each) for each in pairs[pair])
            of_it = int(self.plan.community[grid]) == int(self.found.community[row])
            if row not in taken and grid not in {*taken.values(), *named} and of_it:
                taken[row] = grid
        return taken

    def _refused(self, row: int, en: str, zh: str) -> DrawingError:
        code, number, file = self.outlines.codes[row], self.outlines.rows[row], self.drawn.file
        grid = (f"grid {code}", f"网格 {code} ") if code else ("the grid", "该网格")
        return DrawingError(
            f"{file}: row {number}: {grid[0]} {en}", f"{file}：第 {number} 行：{grid[1]}{zh}"
        )

    def misfits(self, codes: tuple[str, ...], numbers: Ints) -> Iterator[Misfit]:
        """What was drawn twice and what did not fit, by kind, the largest first."""
        names = [self._name(row, codes, numbers) for row in range(len(numbers))]
        rows = self.outlines.rows
        for each in self.outlines.twice:
            one, two = each.first, each.second
            yield Misfit(names[one], rows[one], TWICE, each.area_m2, (), names[two], rows[two])
        order = sorted(self.found.off, key=lambda off: (KINDS.index(off.kind), -off.area_m2))
        for off in order:
            yield self._misfit(off, codes, numbers)

    def _misfit(self, off: Off, codes: tuple[str, ...], numbers: Ints) -> Misfit:
        if off.drawn == NOBODY:
            return Misfit("", 0, off.kind, off.area_m2, off.atoms)
        code = self._name(off.drawn, codes, numbers)
        return Misfit(code, self.outlines.rows[off.drawn], off.kind, off.area_m2, off.atoms)

    def _name(self, row: int, codes: tuple[str, ...], numbers: Ints) -> str:
        """The code of a drawn grid: in the plan, else in the file."""
        number = int(numbers[row])
        return codes[number] if number != NOBODY else self.outlines.codes[row]
