"""How cases stand to their limits: one bar of three parts, where no level of settlement is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.components.panels import Head
from dashboard.i18n.amounts import count
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition
from dashboard.screens.overview.stack import stack

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "deadlines"
PARTS: Final = ("on_time", "late", "overdue")  # together the base of the share closed on time


def parts(scene: Scene) -> list[float]:
    """Cases closed in time, closed late, open past their limit, and without one."""
    total = scene.numbers.total
    in_time = float(total["closed_on_time"])
    late = float(total["closed_due"]) - in_time
    return [in_time, late, float(total["due"] - total["closed_due"])]


def deadlines(scene: Scene) -> Node:
    """The panel; cases whose limit is still ahead are not yet among these."""
    found = parts(scene)
    about = definition("on_time_rate", scene)
    head = Head(KEY, scene.t("deadlines.name"), scene.period_word("short_"),
                scene.href(table=KEY), about)  # fmt: skip
    if not sum(found):
        return states.empty(head, scene, tight=True, metric="on_time_rate")
    late, overdue = (count(n, scene.language) for n in found[1:3])
    title = scene.t("deadlines.found", late=late, overdue=overdue)
    # What stands open now is counted too, over the page: here it is what the period brought.
    note = scene.t("deadlines.base", period=scene.period_word("in_"))
    names = [scene.t(f"deadlines.{part}") for part in PARTS]
    head = Head(KEY, title, note, head.table, about)
    return states.normal(head, stack(names, found, _unlimited(scene)), scene)


def _unlimited(scene: Scene) -> str:
    n = int(scene.numbers.total["no_limit"])
    return scene.t("deadlines.unlimited", n=count(n, scene.language)) if n else ""
