"""What a plan changed, to be carried over to the grids of a newer city."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import together
from geodata.scenarios.asked import Import
from geodata.scenarios.drawn import Drawn
from geodata.scenarios.given import next_code
from geodata.scenarios.grounded import mover
from geodata.scenarios.named import typed
from geodata.scenarios.operations import Done, done

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.state import Scenario


@dataclass(frozen=True)
class Carried:
    """What was done on the newer ground; left: codes of the changed grids that were not."""

    done: Done
    left: tuple[str, ...]


def carried(
    old: Scenario, others: Collection[str], now: Grounded, *, partly: bool = False
) -> Carried:
    """What a scenario on an older ground changed, done on a newer one, with its locks.

    others: codes of the grids that are others now; those the plan left alone stay as they are now.
    partly: whether changes that cannot go over may be left where others can.

    Raises:
        PlanRefusedError: the plan changed grids that are others now; what cannot go is named.
        ImportRefusedError: what it drew does not fit the newer ground.
    """
    changed, left = _parted(old, others)
    if left and not changed:
        raise PlanRefusedError(Why.OVERTAKEN, [code for code in left if code in others])
    if left and not partly:
        raise PlanRefusedError(Why.OVERTAKEN_PARTLY, left)
    codes = dict(zip(changed, _codes(old.grounded, old.plan, changed, now), strict=True))
    made = Done(now, now.today)
    if codes:
        drawn = _drawn(old, codes, now)
        made = done(Import(do="import", drawn=drawn, cut=True), now, now.today)
    held = set(_held(old, codes, left))
    alive = made.plan.living.tolist()
    locked = frozenset(each for each in alive if made.plan.codes[each] in held)
    return Carried(replace(made, plan=replace(made.plan, locked=locked)), left)


def _held(old: Scenario, codes: Mapping[int, str], left: Collection[str]) -> Iterator[str]:
    """Codes, in the newer city, of the grids that it locked; of those that are left none."""
    today = len(old.grounded.today.codes)
    for each in old.plan.locked:
        code = old.plan.codes[each]
        if each in codes:
            yield codes[each]
        elif each < today and code not in left:  # one of its own may have another's code there
            yield code


def _parted(old: Scenario, others: Collection[str]) -> tuple[list[int], tuple[str, ...]]:
    """Numbers of the living grids whose changes can go over, and codes of today's that cannot.

    Grids that gave land to each other go together or not at all, or there would be gaps.
    """
    was, plan = old.grounded, old.plan
    changed = was.today.grid != plan.grid
    before, after = was.today.grid[changed], plan.grid[changed]
    links = coo_array((np.ones(len(before)), (before, after)), shape=(len(plan.codes),) * 2)
    group = connected_components(links, directed=False)[1]
    touched = np.union1d(before, after).tolist()
    begun = [each for each in touched if each < len(was.today.codes)]
    stuck = {int(group[each]) for each in begun if plan.codes[each] in others}
    left = tuple(plan.codes[each] for each in begun if int(group[each]) in stuck)
    return [each for each in touched if plan.sizes[each] and int(group[each]) not in stuck], left


def _drawn(old: Scenario, codes: Mapping[int, str], now: Grounded) -> Drawn:
    """The grids that it changed, a polygon each; codes: by number, in the newer city."""
    was, plan = old.grounded, old.plan
    shapes = np.array([together(was.ground.shapes[plan.atoms(each)]) for each in codes])
    if was.crs != now.crs:
        shapes = shapely.transform(shapes, mover(was.crs, now.crs))
    rows = tuple(range(1, len(codes) + 1))
    return Drawn(typed(old.name), shapes, tuple(codes.values()), rows, now.crs, "", own=True)


def _codes(was: Grounded, plan: Plan, numbers: Sequence[int], now: Grounded) -> tuple[str, ...]:
    """The codes of grids in the newer city; a new one whose code was given there has the next."""
    found, held = [], now.today
    for number in numbers:
        code = plan.codes[number]
        if number >= len(was.today.codes):
            above = was.ground.communities[int(plan.community[number])]
            row = now.ground.communities.index(above)
            if code in now.codes or code in held.codes:
                code = next_code(now, held, row)
            held = replace(held, codes=(*held.codes, code),
                           community=np.append(held.community, np.int32(row)))  # fmt: skip
        found.append(code)
    return tuple(found)
