"""Codes are given once in a city and never again, not after a publication either."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.planner.operations import free_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

SPENT: Final = "spent"  # among the notes of a publication: codes of units that are no more


def codes_of(city: City) -> frozenset[str]:
    """Every code that a unit of a city has or had, of whatever level."""
    ended = [key for key, each in city.divisions.items() if each.until]
    had = {code for key in ended for code in city.division_places(key)["code"].astype(str)}
    spent: list[str] = city.meta.get("notes", {}).get(SPENT, [])
    return frozenset({*city.tree.codes, *had, *spent})


def fresh(there: Grounded, before: Plan, made: Plan) -> Plan:
    """A plan whose new codes were never given in the city; before: what it was made of."""
    if there.codes.isdisjoint(made.codes[len(before.codes) :]):
        return made
    plan = before
    for community in made.community[len(before.codes) :].tolist():
        plan = replace(plan, codes=(*plan.codes, next_code(there, plan, int(community))))
    return replace(made, codes=plan.codes)


def instead(there: Grounded, plan: Plan, codes: Iterable[str]) -> Plan:
    """A plan with others in place of those of some codes that the city gave before."""
    for code in there.codes.intersection(codes):
        number = plan.codes.index(code)
        new = next_code(there, plan, int(plan.community[number]))
        plan = replace(plan, codes=(*plan.codes[:number], new, *plan.codes[number + 1 :]))
    return plan


def next_code(there: Grounded, plan: Plan, community: int) -> str:
    """The next code of a community: above all of its grids that there are or were in the city."""
    wide = {len(code) for code in plan.codes}  # units below grids have longer codes
    beside = [code for code in there.codes.difference(plan.codes) if len(code) in wide]
    plan = replace(plan, codes=(*plan.codes, *beside))
    while (code := free_code(there.ground, plan, community)) in there.codes:
        plan = replace(plan, codes=(*plan.codes, code))
    return code
