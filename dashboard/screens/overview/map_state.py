"""Numbers as the map understands them: classes, labels, marks, where to look, where clicks lead."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dashboard.i18n import named
from dashboard.i18n.amounts import count, known, minutes, rate
from dashboard.screens.overview import facts, measures, player, spots
from dashboard.screens.overview.alerts import open_alerts
from dashboard.screens.overview.extent import box
from dashboard.theme.tokens import token
from geodata.metrics.classes import LEAST_WHERE_RARE
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.measures import Measure
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.deviation import Change

LABELS: Final = 12
DISCS: Final = 80
RIM_POINTS: Final = 120
HIDDEN_BY_CARDS: Final = {"left": 24, "right": 24, "top": 44, "bottom": 18}
HIDDEN_IN_HEAT: Final = {"left": 24, "right": 24, "top": 24, "bottom": 112}
BORDER_PX: Final = 0.9


def map_state(scene: Scene) -> dict[str, Any]:
    """The state that `assets/map` paints."""
    measure = measures.usable(scene)
    scale = measures.scale(measure, scene)
    return {
        "snapshot": scene.city.id,
        "lang": scene.language,
        "theme": scene.theme,
        "motion": scene.place.motion,
        "fly": True,
        "at": _at(scene),
        "box": box(scene),
        "rim": _rim(scene),
        "pad": HIDDEN_IN_HEAT if scene.mode == "heat" else HIDDEN_BY_CARDS,
        "level": scene.level,
        "next": scene.city.tree.next_level(scene.unit),
        "finer": _finer(scene),
        "cells": _cells(scene, measure, scale),
        "palette": [token(scene.theme, name) for name in scale.tokens],
        "outlines": _outlines(scene),
        "labels": labels(scene, measure),
        "marks": [] if scene.department is not None else _marks(scene),
        "discs": _discs(scene),
        "heat": player.heat(scene),
        "hot": _hot(scene),
        "show": {"buildings": scene.level == BUILDING or scene.mode == "heat",
                 "hidden": scene.place.hidden if scene.mode == "heat" else ()},
        "selected": _selected(scene),
        "sel": [unit for code in scene.place.selected
                if (unit := scene.city.tree.find(code)) is not None],
        "strong": _strong(scene),
        "href": _hrefs(scene),
        "page": {"mode": scene.mode, "language": scene.language, "theme": scene.theme,
                 "title": _title(scene)},
        "title": scene.name(scene.unit),
    }  # fmt: skip


def _finer(scene: Scene) -> str:
    """The level of the cells of a child of the place: the map fetches it on the way there."""
    tree = scene.city.tree
    children = tree.children(scene.unit)
    if not len(children) or scene.level != tree.next_level(scene.unit):
        return scene.level
    return tree.next_level(int(children[0]))


def _rim(scene: Scene) -> list[list[float]]:
    """Points along the border of the place: the list of alerts must not cover them."""
    shapes = scene.city.places.geometry
    if scene.building is not None or not shapes.notna().iloc[scene.unit]:
        return []
    shape = shapes.iloc[scene.unit]
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    points = largest.exterior.interpolate(
        np.linspace(0, 1, RIM_POINTS, endpoint=False), normalized=True
    )
    return [[round(point.x, 5), round(point.y, 5)] for point in points]


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
    return {
        "unit": [int(unit) for unit in cells.index],
        "class": base64.b64encode(found.tobytes()).decode(),
        "text": [_tip(scene, measure, value) for value in values],
        "note": [
            scene.t("map.note", n=count(n, scene.language)) if scene.has_cases else ""
            for n in samples
        ],
    }


def _tip(scene: Scene, measure: Measure, value: float) -> str:
    if not scene.has_cases or not known(value):
        return scene.t("map.not_known")
    return scene.t(f"map.tip_{measure.kind}", value=written(scene, measure, value))


def written(scene: Scene, measure: Measure, value: float) -> str:
    """A value of the measure as it stands under a name."""
    if not known(value) or not scene.has_cases:
        return ""
    if measure.kind == "minutes" and measure.unit_min > 1:
        return minutes(value, scene.language)
    if measure.kind == "minutes":
        return f"{rate(value, 0)} {scene.t('unit.min')}"
    if measure.kind == "share":
        return f"{rate(value)}%"
    return rate(value) if measure.kind == "rate" else count(value, scene.language)


def _outlines(scene: Scene) -> list[dict[str, Any]]:
    """Borders above the cells: of the children where the cells are finer, and of all above."""
    tree = scene.city.tree
    names = [level.key for level in scene.city.profile.levels if level.geometry]
    here = names.index(tree.level(scene.unit)) if tree.level(scene.unit) in names else 0
    last = names.index(scene.level) if scene.level in names else here + 2
    between = [key for key in names[here + 1 : last] if len(tree.cells(scene.unit, key))]
    return [{"level": key, "width": BORDER_PX} for key in between]


def labels(scene: Scene, measure: Measure) -> list[dict[str, Any]]:
    """Names of the direct children: the ones the title speaks of first, then by people."""
    if scene.building is not None or scene.city.tree.next_level(scene.unit) == BUILDING:
        return []
    children = scene.city.tree.children(scene.unit)
    places = scene.city.places.iloc[children]
    strong = set(facts.peaks(scene))
    order = sorted(
        children,
        key=lambda unit: (unit not in strong, -int(places["people"].loc[unit]), int(unit)),
    )
    tally = scene.children.cells
    values = measures.values(measure, tally[tally.index >= 0], scene)
    shown = [int(unit) for unit in order if np.isfinite(places["label_lon"].loc[unit])]
    return [_label(scene, measure, unit, values, strong) for unit in shown[:LABELS]]


def _label(
    scene: Scene, measure: Measure, unit: int, values: pd.Series, strong: set[int]
) -> dict[str, Any]:
    place = scene.city.places.iloc[unit]
    value = float(values.get(unit, np.nan)) if scene.mode == "cells" else np.nan
    few = scene.children.cells[measure.sample].get(unit, 0) < LEAST_WHERE_RARE
    if few and measure.kind != "count":
        value = np.nan  # a rate on a handful of cases says nothing
    return {
        "unit": unit,
        "text": scene.name(unit) if scene.language == "zh" else scene.short(unit),
        "value": written(scene, measure, value),
        "strong": unit in strong,
        "href": scene.href(at=scene.city.tree.codes[unit], level=""),
        "lon": float(place["label_lon"]),
        "lat": float(place["label_lat"]),
    }


def _marks(scene: Scene) -> list[dict[str, Any]]:
    return [
        {
            "lon": alert.lon, "lat": alert.lat, "level": alert.level,
            "text": f"{alert.where} · {alert.what}\n{alert.reason}",
            "href": scene.href(at=alert.code, level="", heat=False, table=""),
        }
        for alert in open_alerts(scene, 0 if scene.building is not None else None)
        if known(alert.lon)
    ]  # fmt: skip


def _discs(scene: Scene) -> list[dict[str, Any]]:
    """Counts on buildings, the largest."""
    if scene.level != BUILDING or scene.mode == "heat":
        return []
    cells = scene.numbers.cells
    counts = cells.loc[(cells.index >= 0) & (cells["reported"] > 0), "reported"].nlargest(DISCS)
    return [_disc(scene, int(row), int(n)) for row, n in zip(counts.index, counts, strict=True)]


def _hot(scene: Scene) -> list[dict[str, Any]]:
    """Hot spots: an outline and the number that stands beside them in the list."""
    if scene.mode != "heat" or not scene.has_cases:
        return []
    building = scene.level == BUILDING
    table = scene.city.buildings if building else scene.city.places
    lon, lat = ("lon", "lat") if building else ("label_lon", "label_lat")
    return [
        {
            "layer": "buildings" if building else scene.level,
            "id": spot.row,
            "n": number,
            "lon": float(table[lon].iloc[spot.row]),
            "lat": float(table[lat].iloc[spot.row]),
            "text": _hot_words(scene, number, spot, named(table.iloc[spot.row], scene.language)),
            "href": scene.href(at=str(table["code"].iloc[spot.row]), level="", play="", heat=False),
        }
        for number, spot in enumerate(spots.hot(scene), 1)
        if known(float(table[lon].iloc[spot.row]))
    ]


def _hot_words(scene: Scene, number: int, spot: Change, name: str) -> str:
    note = scene.t(
        "map.hot_note", n=count(spot.reported, scene.language), norm=rate(spot.norm),
        z=rate(spot.z),
    )  # fmt: skip
    return f"{scene.t('map.hot', n=number, name=name)}\n{note}"


def _disc(scene: Scene, building: int, cases: int) -> dict[str, Any]:
    row = scene.city.buildings.iloc[building]
    name = named(row, scene.language)
    return {
        "lon": float(row["lon"]),
        "lat": float(row["lat"]),
        "n": cases,
        "href": scene.href(at=str(row["code"]), level=""),
        "text": scene.t("map.disc", name=name, n=count(cases, scene.language)),
    }


def _selected(scene: Scene) -> dict[str, Any] | None:
    if scene.building is None:
        return None
    code = str(scene.city.buildings["estate"].iloc[scene.building])
    estates = scene.city.estates
    codes = list(estates["code"]) if estates is not None else []
    estate = codes.index(code) if code in codes else None
    return {"layer": "buildings", "id": scene.building, "estate": estate}


def _strong(scene: Scene) -> list[dict[str, Any]]:
    """Places that the headline names are outlined while one department is looked at."""
    if scene.department is None or scene.mode != "cells":
        return []
    level = scene.city.tree.next_level(scene.unit)
    return [{"layer": level, "id": unit} for unit in facts.peaks(scene)]


def _hrefs(scene: Scene) -> dict[str, str]:
    pattern = scene.href(at="CODE", level="", table="").replace("CODE", "{code}")
    hrefs = {"cell": pattern}
    tree = scene.city.tree
    if scene.building is not None:
        hrefs["up"] = scene.href(at=tree.codes[scene.unit], level="")
    elif (above := tree.parent(scene.unit)) >= 0:
        hrefs["up"] = scene.href(at="" if above == 0 else tree.codes[above], level="")
    return hrefs
