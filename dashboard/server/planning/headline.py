"""The heading of the figures before and after: a broken limit first, what is better last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.i18n import t
from dashboard.i18n.amounts import count
from dashboard.server.planning.rounded import shown

if TYPE_CHECKING:
    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope
    from geodata.planner.compared import Row

ROOM: Final = "planner"


def title(scope: Scope, found: Reckoned) -> str:
    """What stands out among the figures; evenness is not praised where a limit is broken anew."""
    rows = {each.key: each for each in found.rows}
    over = rows.get("over")
    if over is None:
        return _t(scope, "table_plain")
    before, after = int(over.before or 0), int(over.after or 0)
    if after <= before and (larger := _larger(scope, found, rows.get("most"))):
        return larger
    way = "over_none" if before == after == 0 else "over"
    way += "" if before == after else ("_down" if after < before else "_up")
    said = _t(scope, f"table_{way}", before=before, after=after)
    if after <= before and (fresh := min(found.newly_over, after)):
        return said + _t(scope, "table_over_new", n=fresh)
    return said + _evenness(scope, rows.get("gini"), broken=after > before)


def _larger(scope: Scope, found: Reckoned, most: Row | None) -> str:
    """That the largest grid is above the limit and larger than any was, "" where it is not."""
    if most is None or most.after is None or most.after <= max(found.limit, most.before or 0):
        return ""
    now, limit = (count(round(each), scope.language) for each in (most.after, found.limit))
    return _t(scope, "table_most", after=now, limit=limit)


def _evenness(scope: Scope, gini: Row | None, *, broken: bool) -> str:
    """What became of the balance, as the row of it says."""
    moved = None if gini is None else shown(gini).moved
    if moved is None:  # the greatest to the middle one says little of a few grids
        return ""
    even = "same" if not moved else ("worse" if moved > 0 else "better")
    return "" if broken and even != "worse" else _t(scope, f"table_even_{even}")


def _t(scope: Scope, key: str, **values: object) -> str:
    return t(f"{ROOM}.{key}", scope.language, **values)
