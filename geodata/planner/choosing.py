"""Of all plans that were drawn, the one that is best in what a proposal is named after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.planner.barriers import newly
from geodata.planner.compared import gini, over
from geodata.planner.extent import seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geodata.planner.extent import Extent, Seen
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Rank = tuple[float, ...]

EXACT: Final = 9  # digits: what differs by less differs by rounding


def chosen(  # noqa: PLR0913, PLR0917 (what a plan is judged by)
    drawn: Sequence[tuple[str, Plan]], name: str, extent: Extent, today: Plan, rules: Rules,
    wished: int = 0,
) -> Plan:  # fmt: skip
    """The best plan for a name: fewest grids that newly cross a wall, then fewest above the limit.

    Then the one that is best in what the name says.

    drawn: plans, each with the name of the way it was drawn. wished: how many grids there are to
    be, 0 = any number; what is nearest to it goes before. Of equals the one that was drawn for this
    name, then the first.
    """

    def rank(place: int) -> Rank:
        way, plan = drawn[place]
        draft = seen(extent, plan)
        beside = abs(len(draft.numbers) - wished) if wished else 0
        across = newly(extent.ground, plan, today, extent.atoms, rules)
        return (
            len(across),
            over(draft, rules),
            beside,
            *AIMS[name](draft, today),
            way != name,
            place,
        )

    return drawn[min(range(len(drawn)), key=rank)][1]


def _moved(draft: Seen, today: Plan) -> Rank:
    """Households in another grid than before, then the land."""
    atoms = draft.extent.atoms
    changed = draft.plan.grid[atoms] != today.grid[atoms]
    land = float(draft.extent.area_m2[changed].sum())
    return float(draft.extent.households[changed].sum()), round(land, EXACT)


def _uneven(draft: Seen, _: Plan) -> Rank:
    """How unevenly households are spread over the grids."""
    return (round(gini(draft.households) or 0.0, EXACT),)


def _ragged(draft: Seen, _: Plan) -> Rank:
    """How far the grids are from round, in the mean."""
    return (round(-float(np.mean(draft.compactness)), EXACT) if len(draft.numbers) else 0.0,)


AIMS: Final[Mapping[str, Callable[[Seen, Plan], Rank]]] = {
    "least": _moved, "balance": _uneven, "compact": _ragged,
}  # fmt: skip
