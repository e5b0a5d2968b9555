"""What a planner may do with grids; each gives a new plan or says why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.planner.pieces import pieces
from geodata.planner.refusals import PlanRefusedError, Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Ints = npt.NDArray[np.int32]

SERIAL_DIGITS: Final = 3


def reassign(
    ground: Ground, plan: Plan, atoms: Iterable[int], to: str, *, with_cut_off: bool = False
) -> Plan:
    """Give atoms to another grid of their community, which they must touch.

    with_cut_off: whether what would be cut off from a grid that gives goes along.

    Raises:
        PlanRefusedError: locked, another community, not adjacent, or it would take a grid's last
            atom or leave it in pieces.
    """
    number = plan.number(to)
    moved = _taken(ground, plan, atoms)
    moved = moved[plan.grid[moved] != number]
    if not len(moved):
        return plan
    _same_community(ground, plan, moved, number)
    givers = np.unique(plan.grid[moved])
    _unlocked(plan, [number, *givers.tolist()])
    for giver in givers.tolist():
        moved = np.concatenate((moved, _cut_off(ground, plan, giver, moved, also=with_cut_off)))
    grid = plan.grid.copy()
    grid[moved] = number
    return _checked(ground, plan, grid, [number])


def split(ground: Ground, plan: Plan, code: str, atoms: Iterable[int]) -> Plan:
    """Make some atoms of a grid one of its own, with the next free code of the community.

    Raises:
        PlanRefusedError: locked, not all its atoms, or either side would be empty or in pieces.
    """
    number = plan.number(code)
    _unlocked(plan, [number])
    part = _taken(ground, plan, atoms)
    if (plan.grid[part] != number).any():
        raise PlanRefusedError(Why.NOT_ITS_ATOMS, [code], part)
    rest = np.setdiff1d(plan.atoms(number), part)
    if not len(part) or not len(rest):
        raise PlanRefusedError(Why.EMPTY, [code])
    for side in (part, rest):
        _in_one_piece(ground, plan, number, side)
    grid = plan.grid.copy()
    grid[part] = len(plan.codes)
    return plan.with_grid(
        grid,
        codes=(*plan.codes, free_code(ground, plan, int(plan.community[number]))),
        community=np.append(plan.community, plan.community[number]),
    )


def merge(ground: Ground, plan: Plan, survivor: str, other: str) -> Plan:
    """Put two grids that touch together under the code of the first.

    Raises:
        PlanRefusedError: locked, the same, of two communities, or they do not touch.
    """
    stays, goes = plan.number(survivor), plan.number(other)
    if stays == goes:
        raise PlanRefusedError(Why.ITSELF, [survivor])
    _unlocked(plan, [stays, goes])
    atoms = plan.atoms(goes)
    _same_community(ground, plan, atoms, stays)
    grid = plan.grid.copy()
    grid[atoms] = stays
    return _checked(ground, plan, grid, [stays])


def exchange(ground: Ground, plan: Plan, first: Iterable[int], second: Iterable[int]) -> Plan:
    """Let two grids give each other atoms at once, where neither could give alone.

    Raises:
        PlanRefusedError: locked, several grids on one side, or a grid would be in pieces.
    """
    sides = [_taken(ground, plan, atoms) for atoms in (first, second)]
    numbers = [np.unique(plan.grid[side]).tolist() for side in sides]
    if any(len(each) != 1 for each in numbers) or numbers[0] == numbers[1]:
        raise PlanRefusedError(Why.TWO_SIDES)
    one, two = numbers[0][0], numbers[1][0]
    _unlocked(plan, [one, two])
    _same_community(ground, plan, sides[0], two)
    grid = plan.grid.copy()
    grid[sides[0]], grid[sides[1]] = two, one
    return _checked(ground, plan, grid, [one, two])


def lock(plan: Plan, codes: Iterable[str]) -> Plan:
    """Keep grids as they are, whoever asks."""
    return replace(plan, locked=plan.locked | {plan.number(code) for code in codes})


def unlock(plan: Plan, codes: Iterable[str]) -> Plan:
    """Let grids be changed again."""
    return replace(plan, locked=plan.locked - {plan.number(code) for code in codes})


def renumber(plan: Plan, code: str, new: str) -> Plan:
    """Give a grid another code, which no grid ever had.

    Raises:
        PlanRefusedError: locked, or the code was given before.
    """
    number = plan.number(code)
    _unlocked(plan, [number])
    if new in plan.codes or not new.strip():
        raise PlanRefusedError(Why.CODE_GIVEN, [new])
    # The old one stays known as a grid without atoms, so that it is not given again.
    grid = plan.grid.copy()
    grid[grid == number] = len(plan.codes)
    return plan.with_grid(
        grid,
        codes=(*plan.codes, new),
        community=np.append(plan.community, plan.community[number]),
    )


def free_code(ground: Ground, plan: Plan, community: int) -> str:
    """The next code of a community that no grid ever had: one above the highest serial."""
    stem = ground.communities[community]
    serials = [code.removeprefix(stem) for code in plan.codes if code.startswith(stem)]
    highest = max((int(each) for each in serials if each.isascii() and each.isdigit()), default=0)
    digits = max([SERIAL_DIGITS, *(len(each) for each in serials if each.isdigit())])
    return f"{stem}{highest + 1:0{digits}d}"


def _taken(ground: Ground, plan: Plan, atoms: Iterable[int]) -> Ints:
    """The atoms that are meant, each once.

    Raises:
        PlanRefusedError: the plan stands on another ground, or there is no such atom.
    """
    if plan.ground != ground.key:
        raise PlanRefusedError(Why.OTHER_GROUND)
    taken = np.unique(np.fromiter(atoms, dtype=np.int64)).astype(np.int64)
    if len(taken) and not 0 <= taken[0] <= taken[-1] < len(ground):
        raise PlanRefusedError(Why.NO_ATOM, atoms=taken[-1:])
    return taken.astype(np.int32)


def _unlocked(plan: Plan, numbers: Iterable[int]) -> None:
    shut = [plan.codes[number] for number in numbers if number in plan.locked]
    if shut:
        raise PlanRefusedError(Why.LOCKED, shut)


def _same_community(ground: Ground, plan: Plan, atoms: Ints, number: int) -> None:
    foreign = atoms[ground.community[atoms] != plan.community[number]]
    if len(foreign):
        raise PlanRefusedError(Why.OTHER_COMMUNITY, [plan.codes[number]], foreign)


def _cut_off(ground: Ground, plan: Plan, giver: int, moved: Ints, *, also: bool) -> Ints:
    """What a grid that gives would lose besides, where that may go along.

    Raises:
        PlanRefusedError: nothing would be left, or it would be cut off and may not go along.
    """
    rest = np.setdiff1d(plan.atoms(giver), moved)
    code = plan.codes[giver]
    if not len(rest):
        raise PlanRefusedError(Why.EMPTY, [code])
    parts = pieces(ground, rest)
    lost = np.concatenate(parts[1:]) if len(parts) > 1 else rest[:0]
    if len(lost) and not also:
        raise PlanRefusedError(Why.CUT_OFF, [code], lost)
    return lost


def _checked(ground: Ground, plan: Plan, grid: Ints, numbers: Iterable[int]) -> Plan:
    """The plan with other grids, if the named ones are in one piece each."""
    for number in numbers:
        _in_one_piece(ground, plan, number, np.flatnonzero(grid == number).astype(np.int32))
    return plan.with_grid(grid)


def _in_one_piece(ground: Ground, plan: Plan, number: int, atoms: Ints) -> None:
    parts = pieces(ground, atoms)
    if len(parts) > 1:
        raise PlanRefusedError(Why.IN_PIECES, [plan.codes[number]], np.concatenate(parts[1:]))
