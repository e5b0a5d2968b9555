"""The numbers of the wall: the period of the city, today by the hour, departments of a month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dashboard import question
from dashboard.i18n.moments import local
from dashboard.place import Place
from dashboard.screens.overview import measures
from dashboard.screens.overview import scene as scenes
from geodata.metrics.registry import METRICS
from geodata.model.periods import HOUR
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access import Live
    from dashboard.screens.overview.measures import Scale
    from dashboard.screens.overview.scene import Scene
    from geodata.model.places import Tree

MONTH: Final = "30d"  # departments are compared by it: fewer days hold too few arrivals of some
MONTH_S: Final = 60  # between two readings of it: what a month tells hardly moves in a minute
TOPICS: Final = ("density", "arrival", "on_time")  # what the map can show, the first by itself


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read at one moment.

    main: the place with its cells, as the overview has it; today: since midnight, by the hour.
    month: what departments are compared by.
    usual: hours of the whole day (at, low, high); hour: for which of them that was read.
    scales: classes of each topic, which mean the same as long as the city is published.
    newest: epoch seconds of the newest moment behind the numbers.
    """

    main: Scene
    today: Scene
    month: Scene
    usual: pd.DataFrame
    hour: int
    scales: dict[str, Scale]
    newest: int

    @property
    def now(self) -> int:
        """The moment it is about."""
        return self.main.now


def read(at: str, now: int, live: Live, before: Reading | None = None) -> Reading:
    """Read what the wall shows of a place at a moment; `before`: the last reading of it."""
    at = _place(at, live.city.tree, question.find(at, live.city)[0])
    known = before if before is not None and before.main.city is live.city else None
    main = _scene(Place(at=at), now, live)
    below = live.city.tree.next_level(main.unit)
    coarse = below if below not in {"", BUILDING} else ""
    today = _scene(Place(at=at, period="today", level=coarse), now, live)
    month = (
        known.month
        if known and abs(now - known.month.now) < MONTH_S
        else _scene(Place(at=at, period=MONTH, level=coarse), now, live)
    )
    hour = now // HOUR
    usual = known.usual if known and known.hour == hour else _usual(today, live)
    scales = known.scales if known else _scales(main, live)
    return Reading(main, today, month, usual, hour, scales, min(now, main.numbers.newest))


def _place(at: str, tree: Tree, unit: int) -> str:
    """The code of the lowest place around that has places to tour: a wall shows no building."""
    while unit > 0 and tree.next_level(unit) in {"", BUILDING}:
        unit = tree.parent(unit)
    return tree.codes[unit] if at and unit > 0 else ""


def spoken(scene: Scene, language: str, theme: str, topic: str = "") -> Scene:
    """The scene in another language and in other colours, its map with another topic."""
    place = scene.place.moved(language=language, theme=theme, measure=topic)
    return replace(scene, place=place, language=language)


def _scene(place: Place, now: int, live: Live) -> Scene:
    asked = question.ask(place, live.city, now=now)
    # To the second: what has just arrived is not kept back for a shared answer.
    return scenes.answer(replace(asked, request=replace(asked.request, grain_s=1)), live)


def _usual(today: Scene, live: Live) -> pd.DataFrame:
    """What is usual for every hour of the day, those that are still to come as well."""
    midnight = local(today.span.start, today.zone).replace(hour=0, minute=0, second=0)
    end = int((midnight + timedelta(days=1)).timestamp())
    asked = today.numbers.request
    whole = live.engine.screen(replace(asked, end=end, now=end, grain_s=0))
    trend = whole.trend
    inside = (trend["at"] >= today.span.start) & (trend["at"] < end)
    return trend.loc[inside, ["at", "low", "high"]].reset_index(drop=True)


def _scales(main: Scene, live: Live) -> dict[str, Scale]:
    """Classes that are fixed by themselves, or by the last week before the publication."""
    found: dict[str, Scale] = {}
    for topic in TOPICS:
        scene = spoken(main, main.language, main.theme, topic)
        measure = measures.usable(scene)
        scale = measures.scale(measure, scene)
        if not _is_fixed(scale, measure.metric):
            scale = measures.scale(measure, _reference(scene, live))
        found[topic] = scale
    return found


def _is_fixed(scale: Scale, metric: str) -> bool:
    return scale.diverging or METRICS[metric].key == "density_people"


def _reference(scene: Scene, live: Live) -> Scene:
    """The same over the last stretch before the publication that is as long as the period."""
    last = int(live.city.meta.get("last") or scene.now)
    asked = scene.numbers.request
    stretch = replace(asked, start=last - scene.window.length, end=last, now=last, grain_s=0)
    return replace(scene, numbers=live.engine.screen(stretch))
