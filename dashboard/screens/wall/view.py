"""The wall's state from one reading, an alert table and a focus; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dashboard.i18n import catalogue, named, t
from dashboard.i18n.moments import full_stamp
from dashboard.screens.wall import alerts, departments, figures, focus, ground, trend
from dashboard.screens.wall import head as heads
from dashboard.screens.wall.panels import panel
from dashboard.screens.wall.reading import TOPICS, Reading, spoken

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboard.screens.overview.scene import Scene
    from dashboard.screens.wall.focus import Calls
    from geodata.engine.freshness import Freshness
    from geodata.model.tuning import Wall
    from geodata.store.snapshots import City
    from geodata.tour.tour import Focus

TEXTS: Final = ("server.live_", "wall.client_")
LEAST_BASE: Final = 20  # below it strokes of hanzi break up on coarse LEDs
FACE: Final = 0.90  # of a hanzi, in em


@dataclass(frozen=True)
class Look:
    """In which words, colours and topic a wall is painted."""

    language: str
    theme: str
    topic: str = TOPICS[0]


@dataclass(frozen=True, eq=False)
class Still:
    """What only a new reading changes: scene of the map, panels, map."""

    reading: Reading
    look: Look
    scene: Scene
    panels: dict[str, Any]
    ground: dict[str, Any]


@dataclass(frozen=True)
class Moving:
    """What changes between two readings.

    now: the moment that is shown; clock: whether it is the city's own ("now", "data") or "replay";
    focus: what the wall looks at; seen: keys of alerts that somebody has seen to.
    """

    now: int
    clock: str
    focus: Focus
    seen: Collection[str] = ()


def still(reading: Reading, look: Look, clock: str) -> Still:
    """The panels of the numbers and the map, once a reading."""
    scene = spoken(reading.main, look.language, look.theme, look.topic)
    today = spoken(reading.today, look.language, look.theme)
    month = spoken(reading.month, look.language, look.theme)
    scale = reading.scales[look.topic]
    live = clock != "replay" and reading.main.city.profile.as_of == "now"
    trees = {
        "figures": figures.figures(scene),
        "trend": trend.trend(today, reading.usual, live=live),
        "departments": departments.departments(month),
        "map": ground.panel(scene, scale),
    }
    panels = {name: panel(reading, tree) for name, tree in trees.items()}
    panels["departments"]["since"] = min(reading.newest, month.numbers.newest)
    return Still(reading, look, scene, panels, ground.painted(scene, scale))


def called(reading: Reading, now: int, seen: Collection[str]) -> Calls:
    """What the tour goes by at a moment."""
    return focus.calls(alerts.at(reading.main, now), seen)


def state(made: Still, moving: Moving) -> dict[str, Any]:
    """What the browser paints, but for what the server says of itself."""
    scene = alerts.at(made.scene, moving.now)
    reading, look = made.reading, made.look
    described = focus.described(scene, moving.focus)
    outline = [{"layer": described["level"], "id": described["unit"]}]
    seen = moving.seen
    notice = _notice(scene, moving)
    panels = {
        "head": panel(reading, heads.head(scene, notice)),
        **made.panels,
        "alerts": panel(reading, alerts.panel(scene, seen)) | {"needs": []},
        "focus": panel(reading, focus.card(scene, moving.focus)),
    }
    whole = described["unit"] == scene.unit
    names = ground.named(made.ground["labels"], described["unit"])
    marks = ground.marked(scene)
    return {
        "zone": scene.zone,
        "newest": reading.newest,
        "language": look.language,
        "topic": look.topic,
        "focus": described,
        "panels": panels,
        "map": made.ground | {"labels": names, "marks": marks, "strong": [] if whole else outline},
    }


def _notice(scene: Scene, moving: Moving) -> str:
    """Say so where what is shown is not now."""
    if moving.clock not in {"replay", "frozen"}:
        return ""
    key = "wall.replaying" if moving.clock == "replay" else "wall.frozen_at"
    return scene.t(key, date=full_stamp(moving.now, scene.zone, scene.language))


def sources(city: City, fresh: Freshness, language: str) -> list[dict[str, Any]]:
    """Every source: its name, when it last spoke (0 = never), how often it should."""
    table = city.sources
    names = [named(row, language) for row in table.itertuples()]
    rows = zip(table["key"], names, table["interval_s"], strict=True)
    return [
        {"key": str(key), "name": name, "newest": fresh.by_source.get(row, 0),
         "interval_s": int(every)}
        for row, (key, name, every) in enumerate(rows)
    ]  # fmt: skip


def texts(language: str) -> dict[str, str]:
    """The words of the client."""
    found = {
        key.removeprefix(prefix): text[language]
        for prefix in TEXTS
        for key, text in catalogue().items()
        if key.startswith(prefix)
    }
    names = {name: t(f"time.{name}", language) for name in ("weekdays", "months")}
    return found | names


def calibration(wall: Wall) -> dict[str, Any]:
    """What the browser lays its grid out by; `base`: the smallest letters, in pixels."""
    angle = math.tan(math.radians(wall.arcmin / 60) / 2)
    letter_mm = 2 * wall.distance_m * 1000 * angle
    base = max(LEAST_BASE, math.ceil(letter_mm / wall.pitch_mm / FACE))
    return {
        "pitch_mm": wall.pitch_mm, "distance_m": wall.distance_m, "arcmin": wall.arcmin,
        "columns": wall.columns, "seams": list(wall.seams), "base": base,
    }  # fmt: skip
