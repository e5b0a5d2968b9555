"""What an operation would do, as JSON for the readout beside the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.server.planning import refusals

if TYPE_CHECKING:
    from dashboard.server.planning.scope import Scope
    from geodata.scenarios.tried import Held, Tried


def shown(scope: Scope, found: Tried) -> dict[str, Any]:
    """The grids it would change with their households, or why it is refused."""
    made = scope.under(found.done.plan, found.done.there) if found.done else scope
    refused = None
    if found.refused is not None:
        refused = refusals.told(found.refused, scope.language, scope.grid_name)
    return {
        "grids": [
            {
                "code": each.code, "name": made.grid_name(each.code), "new": each.before is None,
                "before": _households(each.before), "after": _households(each.after),
            }
            for each in found.grids
        ],
        "crosses_buildings": found.crosses, "refused": refused,
    }  # fmt: skip


def _households(held: Held | None) -> int | None:
    return None if held is None else held.households
