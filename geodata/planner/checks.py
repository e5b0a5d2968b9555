"""The live checks of a plan: what is right, what is not, and where to look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geodata.planner import proof, standards
from geodata.planner.barriers import middle
from geodata.planner.extent import extent_of, point_in, seen
from geodata.planner.ground import Barrier
from geodata.planner.reach import reaches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from geodata.planner.extent import Extent, Seen
    from geodata.planner.facts import Facts
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Point = tuple[float, float]

Level = Literal["red", "amber", "info"]
HARD: Final = (
    "gaps_overlaps", "inside_connected", "buildings_covered", "barriers", "locked_kept",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One check of a plan.

    level: red = no plan may be handed in so; amber = needs a reason; info = good to know.
    count: how many are wrong, of how many; grids: codes, the worst first, with a place of each in
    the metres of the ground; value: of the worst, against its limit, None where there is none.
    kept: those of the grids that are wrong only in what today's plan has as well, whatever they are
    called there.
    """

    key: str
    ok: bool
    level: Level
    count: int
    of: int
    grids: tuple[str, ...] = ()
    where: tuple[Point, ...] = ()
    value: float | None = None
    limit: float | None = None
    kept: tuple[str, ...] = ()


def checks(  # noqa: PLR0913, PLR0917 (what a plan is judged by)
    ground: Ground,
    today: Plan,
    plan: Plan,
    communities: Ints,
    rules: Rules,
    facts: Facts,
    before: Plan | None = None,
) -> list[Check]:
    """Every check that these rules and facts allow, of the grids in some communities.

    before: the plan that the last operation began with; what was locked then must be as it was.
    Without it, what is locked today as well.
    """
    extent = extent_of(ground, communities, facts)
    draft = seen(extent, plan)
    found = [
        _shapes(draft), _connected(draft), _covered(draft), _barriers(draft, today, rules),
        *_households(draft, rules), _radius(draft, rules), _locked(draft, before or today),
    ]  # fmt: skip
    return [*found, *_of_city(draft, rules)]


def _of_city(draft: Seen, rules: Rules) -> Iterable[Check]:
    """The checks that need what not every city has or wants."""
    facts = draft.extent.facts
    if any("balance" in principle.checks for principle in rules.principles):
        yield _balance(draft, rules)
    if rules.community_most is not None:
        yield _communities(draft, rules.community_most.value)
    if rules.professional and facts.professional:
        yield _listed("professional", draft, standards.across(draft, rules), len(draft.numbers))
    if rules.nested is not None and facts.micro is not None:
        yield _nested(draft)
    if facts.branches is not None:
        yield _branches(draft, facts.branches)
    if rules.street_share is not None and facts.streets is not None:
        yield _streets(draft, rules.street_share.value)


def failed(found: Iterable[Check], level: Level = "red") -> list[Check]:
    """Those of a level that do not hold."""
    return [each for each in found if not each.ok and each.level == level]


def added(found: Iterable[Check], today: Iterable[Check], level: Level = "red") -> list[Check]:
    """Of those that do not hold, what today's plan is not wrong in as well; grids: only the new."""
    known = {each.key: each for each in today if not each.ok}
    more = []
    for each in failed(found, level):
        old = known.get(each.key)
        if old is None:
            more.append(each)
            continue
        known_grids = {*old.grids, *each.kept}
        if grids := tuple(grid for grid in each.grids if grid not in known_grids):
            more.append(replace(each, grids=grids, count=len(grids)))
        elif each.count - len(set(each.kept) - set(old.grids)) > old.count:
            more.append(each)
    return more


def _listed(
    key: str, draft: Seen, rows: Sequence[int], of: int, where: Sequence[Point] | None = None
) -> Check:
    """A check that names grids, by their places in `draft`."""
    spots = [draft.forms[row].spot for row in rows] if where is None else where
    codes = tuple(draft.codes[row] for row in rows)
    return Check(key, not rows, _level(key), len(rows), of, codes, tuple(spots))


def _spotted(key: str, draft: Seen, spots: Sequence[proof.Spot], of: int) -> Check:
    codes = tuple(draft.plan.codes[spot.number] for spot in spots)
    where = tuple(spot.at for spot in spots)
    return Check(key, not spots, _level(key), len(spots), of, codes, where)


def _measured(key: str, draft: Seen, values: Floats, limit: float, *, most: bool = True) -> Check:
    """Grids whose value is beyond a limit, the worst first."""
    beyond = values > limit if most else values < limit
    rows = np.flatnonzero(beyond)
    rows = rows[np.argsort(-values[rows] if most else values[rows], kind="stable")]
    found = _listed(key, draft, rows.tolist(), len(draft.numbers))
    return _with(found, float(values[rows[0]]) if len(rows) else None, limit)


def _with(found: Check, value: float | None, limit: float) -> Check:
    return Check(found.key, found.ok, found.level, found.count, found.of, found.grids, found.where,
                 value, limit)  # fmt: skip


def _level(key: str) -> Level:
    if key in HARD:
        return "red"
    return "info" if key in {"households_under", "party_branch", "streets"} else "amber"


def _shapes(draft: Seen) -> Check:
    return _spotted("gaps_overlaps", draft, proof.faults(draft), 0)


def _connected(draft: Seen) -> Check:
    """Grids of which a part lies in another community, or apart from the rest."""
    extent = draft.extent
    astray = draft.plan.community[draft.numbers][draft.part] != extent.community
    wrong = np.flatnonzero(proof.loose(draft) | astray)
    rows, first = np.unique(draft.part[wrong], return_index=True)
    where = [point_in(extent.ground.shapes[atom]) for atom in extent.atoms[wrong[first]]]
    return _listed("inside_connected", draft, rows.tolist(), len(draft.numbers), where)


def _covered(draft: Seen) -> Check:
    """Buildings on no atom, and those that stand outside the grid they are counted to."""
    extent = draft.extent
    lost = extent.facts.where[extent.lost]
    stray = proof.strays(draft)
    of = len(extent.buildings) + len(lost)
    level: Level = "red" if len(lost) or not stray else "amber"
    where = (*((float(x), float(y)) for x, y in lost), *(spot.at for spot in stray))
    codes = (*("" for _ in lost), *(draft.plan.codes[spot.number] for spot in stray))
    return Check("buildings_covered", not where, level, len(where), of, codes, where)


def _barriers(draft: Seen, today: Plan, rules: Rules) -> Check:
    """Grids that lie on both sides of an arterial road or a river; red where rules forbid that."""
    extent, before = draft.extent, today.grid[draft.extent.atoms]
    over = draft.inner & np.isin(extent.barrier, (Barrier.ARTERIAL, Barrier.RIVER))
    crossing = np.flatnonzero(over)
    order = crossing[np.lexsort((-extent.length_m[crossing], draft.part[extent.first[crossing]]))]
    rows, first = np.unique(draft.part[extent.first[order]], return_index=True)
    where = [middle(extent, int(order[place])) for place in first]
    found = _listed("barriers", draft, rows.tolist(), len(draft.numbers), where)
    hard = np.isin(extent.barrier[crossing], [int(each) for each in rules.crossed]).any()
    level: Level = "red" if hard or found.ok else "amber"
    joined = over & (before[extent.first] != before[extent.second])
    fresh = {draft.codes[row] for row in draft.part[extent.first[joined]].tolist()}
    kept = tuple(code for code in found.grids if code not in fresh)
    return replace(found, level=level, kept=kept)


def _households(draft: Seen, rules: Rules) -> list[Check]:
    """Too many households, or too few; grids of a special kind may have what they have."""
    over = np.where(draft.ordinary, draft.households, 0.0)
    under = np.where(draft.ordinary, draft.households, np.inf)
    return [
        _measured("households_over", draft, over, rules.most),
        _measured("households_under", draft, under, rules.least, most=False),
    ]


def _balance(draft: Seen, rules: Rules) -> Check:
    """How far households are from the mean of the community, in percent; special grids aside."""
    community, ordinary = draft.plan.community[draft.numbers], draft.ordinary
    size = len(draft.extent.ground.communities)
    whole = np.bincount(community, np.where(ordinary, draft.households, 0), size)
    count = np.bincount(community, ordinary, size)
    mean = (whole / np.maximum(count, 1))[community]
    off = 100 * np.abs(draft.households - mean) / np.maximum(mean, 1e-9)
    off = np.where(ordinary & (mean > 0), off, 0.0)
    return _measured("balance", draft, off, 100 * rules.tolerance.value)


def _radius(draft: Seen, rules: Rules) -> Check:
    """Grids whose farthest household is beyond the service radius, with the place of that one."""
    found = reaches(draft, rules)
    limit = rules.service_radius_m.value
    rows = [row for row, each in enumerate(found) if each.farthest_m > limit]
    rows.sort(key=lambda row: -found[row].farthest_m)
    check = _listed("radius", draft, rows, len(found), [found[row].where for row in rows])
    return _with(check, found[rows[0]].farthest_m if rows else None, limit)


def _locked(draft: Seen, before: Plan) -> Check:
    """Grids locked before and after whose atoms are not the same; locked ones that are gone."""
    extent, plan = draft.extent, draft.plan
    asked = set(extent.communities.tolist())
    locked = [n for n in sorted(plan.locked) if int(plan.community[n]) in asked]
    old, new = before.grid[extent.atoms], plan.grid[extent.atoms]
    bad = []
    for number in locked:
        own = old == number if number in before.locked else new == number
        if not own.any() or (own != (new == number)).any():
            bad.append(number)
    where = [_anywhere(extent, old, new, number) for number in bad]
    spots = [proof.Spot(number, at) for number, at in zip(bad, where, strict=True)]
    return _spotted("locked_kept", draft, spots, len(locked))


def _anywhere(extent: Extent, old: Ints, new: Ints, number: int) -> Point:
    """A place where a locked grid was changed, or its community if it never was anywhere."""
    changed = np.flatnonzero((old == number) != (new == number))
    place = int(changed[0]) if len(changed) else 0
    return point_in(extent.ground.shapes[extent.atoms[place]])


def _communities(draft: Seen, limit: float) -> Check:
    """Communities that are to be divided themselves; no plan of grids mends that."""
    extent = draft.extent
    rows = extent.communities
    held = np.bincount(extent.community, extent.households, len(extent.ground.communities))[rows]
    over = np.flatnonzero(held > limit)
    over = over[np.argsort(-held[over], kind="stable")]
    codes = tuple(extent.ground.communities[row] for row in rows[over])
    where = tuple(
        point_in(extent.ground.shapes[extent.atoms[extent.of_community[int(row)][0]]])
        for row in rows[over]
    )
    worst = float(held[over[0]]) if len(over) else None
    return Check(
        "community_over", not codes, "amber", len(codes), len(rows), codes, where, worst, limit
    )


def _nested(draft: Seen) -> Check:
    """Micro-grids that are in several grids, each with one that has not most of it."""
    cut, of = standards.cut_micro(draft)
    where = [point_in(draft.extent.ground.shapes[atom]) for _, atom in cut]
    return _listed("nested", draft, [row for row, _ in cut], of, where)


def _branches(draft: Seen, branches: Floats) -> Check:
    """Grids without a party branch, with how far the nearest one is, the farthest first."""
    rows, away = standards.without_branch(draft, branches)
    found = _listed("party_branch", draft, rows, len(draft.numbers))
    return _with(found, away[0], 0.0) if away else found


def _streets(draft: Seen, least: float) -> Check:
    """Which share of the border of each grid, inside its community, lies in streets."""
    share = standards.along_streets(draft)
    return _measured("streets", draft, share, least, most=False)
