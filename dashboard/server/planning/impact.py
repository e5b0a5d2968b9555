"""The cases of the last year by today's grids and by those of the draft, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dashboard.i18n import t
from dashboard.i18n.amounts import count, rate
from geodata.planner.impact import replayed

if TYPE_CHECKING:
    from dashboard.server.planning.scope import Scope

MOST: Final = 200  # grids that are told of, the most changed first


def impact(scope: Scope) -> dict[str, Any]:
    """Who would have had what to do."""
    there, spoken = scope.there, scope.language
    tables = (there.buildings, there.outdoors)
    atom = np.concatenate([each.atom for each in tables])
    cases = np.concatenate([each.cases for each in tables])
    found = replayed(there.today, scope.plan, scope.communities, np.repeat(atom, cases))
    most, gini = found.most, found.gini
    key = "less" if most[1] < most[0] else ("same" if most[1] == most[0] else "text")
    return {
        "total": found.total,
        "unknown": found.unknown,
        "text": t(
            f"planner.impact_{key}", spoken, total=count(found.total, spoken),
            before=count(most[0], spoken), after=count(most[1], spoken),
            gini=rate(gini[0], 2), then=rate(gini[1], 2),
        ),
        "grids": [
            {
                "code": each.code, "name": scope.grid_name(each.code),
                "before": count(each.before, spoken), "after": count(each.after, spoken),
            }
            for each in found.grids[:MOST]
        ],
    }  # fmt: skip
