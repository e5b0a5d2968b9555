"""Numbers as the map understands them: classes, labels, marks, where to look, where clicks lead."""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dashboard.i18n import named
from dashboard.i18n.amounts import count, known, rate
from dashboard.screens.overview import (
    closeup,
    facts,
    measures,
    outlined,
    places_list,
    player,
    significant,
)
from dashboard.screens.overview.alerts import are_open, marked
from dashboard.screens.overview.anchors import anchors, other_parts
from dashboard.screens.overview.extent import box, rim
from dashboard.theme.tokens import token
from geodata.metrics.registry import METRICS
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.measures import Measure
    from dashboard.screens.overview.scene import Scene
    from dashboard.screens.overview.spent import Unit

LABELS: Final = 36  # sent, of which the map shows those that find room
NAMES: Final = 24  # shown at most where no values stand under them
TOP: Final = 4  # highest or worst places, whose names come before those of larger ones
HIDDEN_BY_CARDS: Final = {"left": 24, "right": 24, "top": 56, "bottom": 18}
HIDDEN_BY_LIST: Final = {"left": 444, "right": 24, "top": 56, "bottom": 18}
HIDDEN_BY_PANELS: Final = {"left": 14, "right": 64, "top": 88, "bottom": 84}
HIDDEN_IN_HEAT: Final = {"left": 24, "right": 24, "top": 24, "bottom": 112}
BORDER_PX: Final = 0.9
PLAIN_PX: Final = 1.5  # where no colours tell the cells apart


def map_state(scene: Scene, scale: measures.Scale | None = None) -> dict[str, Any]:
    """The state that `assets/map` paints; scale: other classes than the scene's own."""
    measure = measures.usable(scene)
    scale = scale or measures.scale(measure, scene)
    return {
        "snapshot": scene.city.id,
        "lang": scene.language,
        "theme": scene.theme,
        "motion": scene.place.motion,
        "fly": True,
        "at": _at(scene),
        "box": box(scene),
        "rim": rim(scene),
        "pad": _pad(scene),
        "level": scene.level,
        "next": scene.city.tree.next_level(scene.unit),
        "finer": _finer(scene),
        "cells": _cells(scene, measure, scale),
        "palette": [token(scene.theme, name) for name in scale.tokens],
        "paper": [token("light", name) for name in scale.tokens],
        "outlines": _outlines(scene),
        "labels": labels(scene, measure),
        "labels_most": 0 if scene.has_cases else NAMES,
        "marks": marks(scene),
        "discs": closeup.discs(scene),
        "heat": player.heat(scene),
        "hot": outlined.hot(scene),
        "show": {"buildings": scene.level == BUILDING or scene.mode == "heat",
                 "hidden": scene.place.hidden if scene.mode == "heat" else ()},
        "selected": _selected(scene),
        "sel": [unit for code in scene.place.selected
                if (unit := scene.city.tree.find(code)) is not None],
        "strong": _strong(scene),
        "href": _hrefs(scene),
        "page": {"mode": scene.arranged, "language": scene.language,
                 "theme": scene.theme,
                 "title": _title(scene), "cases": scene.has_cases,
                 "alerts": are_open(scene)},
        "title": scene.name(scene.unit),
    }  # fmt: skip


def _finer(scene: Scene) -> str:
    """The level of the cells of a child of the place: the map fetches it on the way there."""
    tree = scene.city.tree
    children = tree.children(scene.unit)
    if not len(children) or scene.level != tree.next_level(scene.unit):
        return scene.level
    return tree.next_level(int(children[0]))


def _pad(scene: Scene) -> dict[str, int]:
    """How much of each side of the map lies under something."""
    if scene.mode == "heat":
        return HIDDEN_IN_HEAT
    if scene.arranged in {"desk", "compare"}:
        return HIDDEN_BY_PANELS
    return HIDDEN_BY_LIST if places_list.is_listed(scene) else HIDDEN_BY_CARDS


def _title(scene: Scene) -> str:
    place = scene.name(scene.unit)
    if scene.building is not None:
        place = named(scene.city.buildings.iloc[scene.building], scene.language)
    return scene.t("screens.page_title", place=place, title=scene.t("screens.overview"))


def _at(scene: Scene) -> dict[str, Any]:
    building = scene.building
    tree = scene.city.tree
    code = tree.codes[scene.unit] if building is None else scene.city.buildings["code"][building]
    return {
        "unit": scene.unit, "code": str(code), "level": tree.level(scene.unit),
        "building": building,
    }  # fmt: skip


def _cells(scene: Scene, measure: Measure, scale: measures.Scale) -> dict[str, Any]:
    if scene.level == BUILDING:
        return {"unit": [], "class": "", "text": [], "note": []}
    cells = scene.numbers.cells
    cells = cells[cells.index >= 0]
    found = measures.classes(measure, scale, scene)
    values = measures.values(measure, cells, scene)
    samples = cells[measure.sample]
    tip = partial(_tip, scene, measure, scale.unit)
    return {
        "unit": [int(unit) for unit in cells.index],
        "class": base64.b64encode(found.tobytes()).decode(),
        "text": [tip(value, int(n)) for value, n in zip(values, samples, strict=True)],
        "note": [
            scene.t("map.note", n=count(n, scene.language)) if scene.has_cases else ""
            for n in samples
        ],
    }


def _tip(scene: Scene, measure: Measure, unit: Unit, value: float, cases: int) -> str:
    """The value on hover; where a cell is hatched, why."""
    least = METRICS[measure.metric].minimum
    if not scene.has_cases or not (known(value) or cases):
        return scene.t("map.not_known")
    if cases < least:
        return scene.t("map.tip_few", n=least)
    if not known(value):
        return scene.t("map.not_known")
    return scene.t(f"map.tip_{measure.kind}", value=_written(scene, measure, value, unit))


def written(scene: Scene, measure: Measure, value: float) -> str:
    """A value of the measure as it stands under a name."""
    return _written(scene, measure, value, measures.unit_of(measure, scene))


def _written(scene: Scene, measure: Measure, value: float, unit: Unit) -> str:
    if not known(value) or not scene.has_cases:
        return ""
    if measure.kind == "minutes":
        return f"{unit.figure(value)} {scene.t(f'unit.{unit.name}')}"
    if measure.kind == "share":
        return f"{rate(value)}%"
    whole = measure.kind in {"count", "index"}
    return count(value, scene.language) if whole else rate(value)


def _outlines(scene: Scene) -> list[dict[str, Any]]:
    """Borders above the cells: of the children where the cells are finer, and of all above."""
    tree = scene.city.tree
    names = [level.key for level in scene.city.profile.levels if level.geometry]
    here = names.index(tree.level(scene.unit)) if tree.level(scene.unit) in names else 0
    last = names.index(scene.level) if scene.level in names else here + 2
    last += not scene.has_cases  # cells without colours are told apart by their borders alone
    between = [key for key in names[here + 1 : last] if len(tree.cells(scene.unit, key))]
    width = BORDER_PX if scene.has_cases else PLAIN_PX
    finest = {} if scene.has_cases else {scene.level: BORDER_PX}
    return [{"level": key, "width": finest.get(key, width)} for key in between]


def labels(scene: Scene, measure: Measure) -> list[dict[str, Any]]:
    """Names of the direct children: the ones the title speaks of first, then the weightiest."""
    if scene.building is not None or scene.city.tree.next_level(scene.unit) == BUILDING:
        return closeup.names(scene)
    children = scene.city.tree.children(scene.unit)
    places = scene.city.places.iloc[children]
    strong = facts.leading(scene, measures.usable(scene))
    top = facts.peaks(scene, most=TOP) or facts.peaks(scene)
    seconds = set(facts.peaks(scene)) - set(strong)
    tally = scene.children.cells
    weight = _weight(scene, places)
    ranks = {unit: rank for rank, unit in enumerate(dict.fromkeys([*strong, *top]))}
    order = sorted(
        children, key=lambda unit: (ranks.get(unit, len(ranks)), -weight[unit], int(unit))
    )
    values = measures.values(measure, tally[tally.index >= 0], scene)
    shown = [int(unit) for unit in order if np.isfinite(places["label_lon"].loc[unit])][:LABELS]
    spots = anchors(scene, shown)
    named = [
        _label(scene, measure, unit, values, strong=unit in strong)
        | {"top": unit in seconds}
        | dict(zip(("lon", "lat"), spots[unit], strict=True))
        for unit in shown
    ]
    return [*named, *_again(scene, [label for label in named if label["strong"]])]


def _again(scene: Scene, named: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The names of the title once more, on other large parts of their places."""
    return [
        label | {"again": True, "lon": lon, "lat": lat}
        for label in named
        for lon, lat in other_parts(scene, label["unit"], (label["lon"], label["lat"]))
    ]


def _weight(scene: Scene, places: pd.DataFrame) -> pd.Series:
    """What makes a place worth its name on the map: people, else cases, else area."""
    if (places["people"] > 0).any():
        return places["people"]
    cases = scene.children.cells["reported"].reindex(places.index, fill_value=0)
    return cases if cases.any() else places["area_km2"]


def _label(
    scene: Scene, measure: Measure, unit: int, values: pd.Series, *, strong: bool
) -> dict[str, Any]:
    value = float(values.get(unit, np.nan)) if scene.mode == "cells" else np.nan
    if scene.children.cells[measure.sample].get(unit, 0) < METRICS[measure.metric].minimum:
        value = np.nan  # a rate on a handful of cases says nothing
    return {
        "unit": unit,
        "text": scene.inner(unit) if scene.language == "zh" else scene.brief(unit),
        "value": written(scene, measure, value),
        "strong": strong and scene.mode == "cells",
        "href": scene.href(at=scene.city.tree.codes[unit], level=""),
    }


def marks(scene: Scene) -> list[dict[str, Any]]:
    """Open alerts where they are; what is looked at of one department has none."""
    if scene.department is not None:
        return []
    return [
        {
            "lon": alert.lon, "lat": alert.lat, "level": alert.level,
            "text": f"{alert.where} · {alert.what}\n{alert.reason}",
            "href": alert.href(scene),
        }
        for alert in marked(scene)
        if known(alert.lon)
    ]  # fmt: skip


def _selected(scene: Scene) -> dict[str, Any] | None:
    if scene.building is None:
        return None
    return {"layer": "buildings", "id": scene.building, "estate": closeup.estate_of(scene)}


def _strong(scene: Scene) -> list[dict[str, Any]]:
    """Outlined: significant hot spots; places of the title, as cells or in a department's map."""
    if scene.mode == "heat":
        return significant.drawn(scene)
    level = scene.city.tree.next_level(scene.unit)
    if scene.mode != "cells" or not scene.has_cases:
        return []
    if scene.department is None and (scene.level != level or level == BUILDING):
        return []
    named = facts.leading(scene, measures.usable(scene))
    return [{"layer": level, "id": unit} for unit in named]


def _hrefs(scene: Scene) -> dict[str, str]:
    pattern = scene.href(at="CODE", level="", table="").replace("CODE", "{code}")
    hrefs = {"cell": pattern}
    tree = scene.city.tree
    if scene.building is not None:
        hrefs["up"] = scene.href(at=tree.codes[scene.unit], level="")
    elif (above := tree.parent(scene.unit)) >= 0:
        hrefs["up"] = scene.href(at="" if above == 0 else tree.codes[above], level="")
    return hrefs
