"""What stands over the map: title, measure switch, alerts, legend, zoom, player, lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.marks import Node, attributes, icon, link
from dashboard.components.menus import Choice, menu, segments
from dashboard.i18n.amounts import count
from dashboard.place import LAYERS
from dashboard.screens.overview import closeup, facts, measures, places_list, player
from dashboard.screens.overview.alerts import alert_list
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.map_state import written
from dashboard.screens.overview.registered import definition
from dashboard.screens.overview.tables import shown_table
from geodata.metrics.classes import TOO_FEW
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

BETWEEN: Final = " · "
MOST: Final = 3  # parts of the note beside the title that an English line has room for
FACES: Final = ("density", "arrival")  # with a button each, or what takes their place
FURTHER: Final = (
    "area",
    "count",
    "arrival_p90",
    "resolution",
    "resolution_p90",
    "on_time",
    "absorbed",
)
CELL_MENU: Final = ("cases", "compare", "uncompare", "copy", "copied")
ZOOMS: Final = (("in", "plus", "zoom_in"), ("out", "minus", "zoom_out"), ("fit", "fit", "fit"))


def overlay(scene: Scene) -> Node:
    """Everything over the map, or the map's table instead of it."""
    table = shown_table(scene)
    if table is not None:
        return html.Div(table, className="overlay")
    listed = places_list.places_list(scene)
    parts = [
        _head(scene),
        _layers(scene) if scene.has_cases else None,
        _toggles(scene),
        alert_list(scene),
        listed,
        None if listed else legend(scene),
        _zoom(scene),
        player.player(scene),
        _cell_words(scene),
    ]
    return html.Div(parts, className="overlay")


def _cell_words(scene: Scene) -> Node:
    """The words of a cell's menu, which `assets/screens/cellmenu.js` builds."""
    words = {f"data-{key}": scene.t(f"map.menu_{key}") for key in CELL_MENU}
    return html.Div(className="cell-words", hidden=True, **attributes(words))


def _head(scene: Scene) -> Node:
    if scene.mode != "cells":
        return None
    measure, note = measures.usable(scene), _note(scene)
    words = [html.Span(word, className="part") for word in _shortened(scene, note)]
    parts = [part for word in words for part in (BETWEEN, word)][1:]
    return html.Div(
        [
            html.H2(_title(scene), title=definition(measure.metric, scene)),
            html.Small(parts, title=BETWEEN.join(note.values())),
            link(scene.t("panel.table"), scene.href(table="map"), "as-table"),
        ],
        className="map-head",
    )


def _title(scene: Scene) -> str:
    """The finding: which places stand out; else the measure and the place."""
    measure = measures.usable(scene)
    if not scene.has_cases:
        return scene.name(scene.unit)
    if scene.level == BUILDING and (busiest := closeup.busiest(scene)):
        name, n = busiest
        return scene.t("map.found_building", name=name, n=count(n, scene.language))
    names = [scene.brief(unit) for unit in facts.leading(scene, measure)]
    if not names:  # figures on the map tell their own unit, which need not be the scale's
        return scene.t(f"measure.full_{measure.key}").split(" · ", maxsplit=1)[0]
    if len(names) == 1:
        return scene.t(f"map.found_one_{measure.key}", a=names[0])
    return scene.t(f"map.found_{measure.key}", a=names[0], b=names[1])


def _note(scene: Scene) -> dict[str, str]:
    """How many cells, how many are hatched, the place's own value, cases without a place."""
    cells = scene.numbers.cells
    known = cells[cells.index >= 0]
    counted = "map.buildings" if scene.level == BUILDING else "map.cells"
    plural = scene.level_name if len(known) == 1 else scene.level_plural
    level = plural(scene.level).lower()
    words = {"cells": scene.t(counted, n=count(len(known), scene.language), level=level)}
    measure = measures.usable(scene)
    if scene.level != BUILDING and scene.has_cases:
        found = measures.classes(measure, measures.scale(measure, scene), scene)
        few = int(np.count_nonzero(found == TOO_FEW))
        if few and scene.numbers.total["reported"]:
            words["few"] = scene.t("map.few", n=few)
        value = _own(scene, measure)
        if value and measure.kind != "count" and scene.numbers.total["reported"]:
            place = _whole(scene)
            words["own"] = scene.t(f"map.mean_{measure.kind}", place=place, value=value)
    if lost := unplaced(scene):
        outdoors = "map.outdoors" if scene.level == BUILDING else "map.unplaced"
        words["lost"] = scene.t(outdoors, n=count(lost, scene.language))
    return words


def _shortened(scene: Scene, words: dict[str, str]) -> list[str]:
    """What there is room for of the note: the map shows how many, the legend what is hatched."""
    narrow, english = scene.arranged in {"desk", "compare"}, scene.language == "en"
    left_out = set()
    if len(words) > 1 and (narrow or (len(words) > MOST and english)):
        left_out = {"cells", "few"} if narrow and english and "own" in words else {"cells"}
    return [said for name, said in words.items() if name not in left_out]


def _whole(scene: Scene) -> str:
    """The place as it is set beside its parts; the whole city by the word for its level."""
    if scene.unit:
        return scene.inner(scene.unit)
    return scene.t("place.root", level=scene.level_name(scene.city.tree.level(0)).lower())


def _own(scene: Scene, measure: measures.Measure) -> str:
    """The measure of the place as a whole."""
    total = scene.numbers.total.to_frame().T.set_axis([scene.unit])
    return written(scene, measure, float(measures.values(measure, total, scene).iloc[0]))


def unplaced(scene: Scene) -> int:
    """Cases that belong to the place but to none of its cells."""
    cells = scene.numbers.cells
    return int(cells["reported"].loc[-1]) if -1 in cells.index else 0


def _layers(scene: Scene) -> Node:
    if scene.mode == "building":
        return None
    now = measures.usable(scene).key
    plain = {"heat": False, "play": ""}
    faces = ("load", FACES[-1]) if scene.at_grids else FACES
    first, last = (measures.usable(scene, measures.MEASURES[key]).key for key in faces)
    own = "" if first == "load" else first  # which no address names
    choices = [
        Choice(scene.t(f"measure.{first}"), scene.href(measure=own, **plain),
               now == first and not scene.place.heat),
        Choice(scene.t("measure.heat"), scene.href(heat=True), scene.place.heat),
        Choice(scene.t(f"measure.{last}"), scene.href(measure=last, **plain),
               now == last and not scene.place.heat),
    ]  # fmt: skip
    keys = _further(scene, {first, last})
    further = [
        Choice(scene.t(f"measure.{key}"), scene.href(measure=key, **plain), now == key)
        for key in keys
    ]
    face = scene.t(f"measure.{now}") if now in keys else scene.t("measure.more")
    more = None
    if not scene.place.heat:
        marks = ("measures", "left", "on") if now in keys else ("measures", "left")
        more = menu("measure", face, further, *marks)
    return html.Div([segments(choices, scene.t("measure.switch")), more], className="layers")


def _toggles(scene: Scene) -> Node:
    """Layers as links that hide or show them; houses are too small where all is looked at."""
    if scene.mode != "heat" or not scene.has_cases:
        return None
    return html.Nav(
        [_toggle(scene, layer) for layer in LAYERS if scene.unit or layer != "buildings"],
        className="toggles",
        **attributes({"aria-label": scene.t("map.layers")}),
    )


def _toggle(scene: Scene, layer: str) -> Node:
    shown = layer not in scene.place.hidden
    word = scene.t(f"map.layer_{layer}", level=scene.level_name(scene.level))
    hidden = tuple(each for each in LAYERS if (each in scene.place.hidden) != (each == layer))
    return link(
        word,
        scene.href(hidden=hidden),
        "on" if shown else "off",
        title=scene.t("map.layer_hide" if shown else "map.layer_show", layer=word),
        aria_current=str(shown).lower(),
    )


def _further(scene: Scene, taken: set[str]) -> list[str]:
    """The measures of the menu: those this city keeps, without the ones that have a button."""
    kept = [key for key in FURTHER if measures.usable(scene, measures.MEASURES[key]).key == key]
    return [key for key in kept if key not in taken]


def _zoom(scene: Scene) -> Node:
    buttons = [
        html.Button(
            icon(picture),
            type="button",
            title=scene.t(f"map.{word}"),
            **attributes({"data-map": action, "aria-label": scene.t(f"map.{word}")}),
        )
        for action, picture, word in ZOOMS
    ]
    return html.Div(
        [
            html.Div(buttons, className="zoom", role="group",
                     **attributes({"aria-label": scene.t("map.controls")})),
            html.Div(className="scale", **attributes({"data-map": "scale"})),
        ]
    )  # fmt: skip
