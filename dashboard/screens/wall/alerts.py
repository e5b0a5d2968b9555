"""Open alerts, the worst first; a flood of one kind is one line."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dashboard.components.tree import Tree, part
from dashboard.i18n.moments import hour
from dashboard.screens.overview.alerts import Alert, open_alerts
from dashboard.screens.wall.panels import head, mark, nothing
from geodata.model.periods import MINUTE, Window
from geodata.store.raised import OF_ONE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dashboard.screens.overview.scene import Scene

ROWS: Final = 6
RED: Final = 1
LEVELS: Final = (1, 2, 3, 4)
FLOOD: Final = 10  # alerts of one kind in one street …
FLOOD_S: Final = 10 * MINUTE  # … within so long (ISA-18.2)
DOT: Final = " · "


@dataclass(frozen=True)
class Line:
    """One line of the panel: an alert, or the worst of a flood with how many there are."""

    alert: Alert
    count: int = 1


def at(scene: Scene, now: int) -> Scene:
    """The scene at a later moment than its numbers: alerts do not wait for those."""
    return replace(scene, now=now, span=Window(min(scene.span.start, now), now))


def lines(scene: Scene, seen: Collection[str]) -> list[Line]:
    """What the panel tells, the worst first; what somebody has seen to after its equals."""
    found = open_alerts(scene)
    floods = _floods(scene, found)
    rest = [Line(alert) for alert in found if not any(alert in flood for flood in floods)]
    told = [*rest, *(Line(_worst(flood), len(flood)) for flood in floods)]
    return sorted(told, key=lambda line: (line.alert.level, line.alert.key in seen))


def panel(scene: Scene, seen: Collection[str]) -> list[Tree]:
    """The head with how many of each level, and the lines."""
    found = open_alerts(scene)
    if not found:
        return [head(scene.t("wall.alerts_none")), nothing(scene.t("wall.alerts_calm"))]
    counts = Counter(alert.level for alert in found)
    note = DOT.join(
        scene.t("wall.level_count", level=scene.t(f"wall.level_{level}"), n=counts[level])
        for level in LEVELS
        if counts[level]
    )
    rows = [_row(scene, line, seen) for line in lines(scene, seen)[:ROWS]]
    title = scene.t("wall.alerts", n=len(found))
    return [head(title, note), part("ol", "wall-rows wall-alerts", *rows)]


def place(scene: Scene, alert: Alert) -> str:
    """Street and community, as people name a place in a city."""
    path = scene.city.tree.path(alert.unit)
    below = path[path.index(scene.unit) + 1 :] if scene.unit in path else path[1:]
    inner = scene.inner if scene.language == "zh" else scene.brief
    names = [called(scene, unit) if n == 0 else inner(unit) for n, unit in enumerate(below[:2])]
    return "·".join(names) or alert.where


def what(alert: Alert) -> str:
    """What happened, without the place if the title begins with it."""
    return alert.what.removeprefix(alert.where).strip()


def since(scene: Scene, alert: Alert) -> str:
    """When it was raised, as short as the day allows."""
    return hour(alert.raised, scene.now, scene.zone, scene.language)


def _row(scene: Scene, line: Line, seen: Collection[str]) -> Tree:
    alert = line.alert
    level = scene.t(f"wall.level_{alert.level}")
    words = what(alert)
    if line.count > 1:
        title = scene.t("wall.flood", place=_street(scene, alert), n=line.count)
        words = scene.t("wall.flood_since", what=words, time=since(scene, alert))
    else:
        title = scene.t("wall.place", level=level, place=place(scene, alert))
    known = alert.key in seen
    if known:
        words = DOT.join((words, scene.t("wall.seen")))
    names = f"wall-alert level-of-{alert.level}"
    return part(
        "li", names + (" seen" if known else "") + (" flood" if line.count > 1 else ""),
        mark(alert.level, scene), part("b", "where", title),
        part("time", "", since(scene, alert)), part("p", "what", words), key=alert.key,
        data_level=str(alert.level),
    )  # fmt: skip


def _street(scene: Scene, alert: Alert) -> str:
    return called(scene, street(scene, alert.unit))


def called(scene: Scene, unit: int) -> str:
    """A place in a line of a wall: in English without the long word for its level."""
    return scene.name(unit) if scene.language == "zh" else scene.brief(unit)


def street(scene: Scene, unit: int) -> int:
    """The place right below the wall's own in which a unit lies; that itself without one."""
    path = scene.city.tree.path(unit)
    if scene.unit not in path:
        return scene.unit
    below = path[path.index(scene.unit) + 1 :]
    return int(below[0]) if below else scene.unit


def _floods(scene: Scene, found: Sequence[Alert]) -> list[list[Alert]]:
    """Alerts of one kind in one street, so many that each by itself would only be noise."""
    alike: dict[tuple[int, str], list[Alert]] = defaultdict(list)
    for alert in found:
        alike[street(scene, alert.unit), _kind(alert)].append(alert)
    return [each for each in alike.values() if _is_flood(sorted(a.raised for a in each))]


def _kind(alert: Alert) -> str:
    """What makes alerts alike: what they count; those of other systems have a topic each."""
    own = not alert.topic or alert.topic.startswith(OF_ONE)
    return what(alert) if own else alert.topic


def _is_flood(moments: Sequence[int]) -> bool:
    pairs = zip(moments, moments[FLOOD - 1 :], strict=False)
    return any(last - first <= FLOOD_S for first, last in pairs)


def _worst(flood: Sequence[Alert]) -> Alert:
    return min(flood, key=lambda alert: (alert.level, alert.raised))
