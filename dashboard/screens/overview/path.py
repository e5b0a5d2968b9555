"""Where we are and what is filtered: breadcrumb, chips, menus and the search box, all links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard import levels
from dashboard.components.marks import Node, attributes, link
from dashboard.components.menus import Choice, chip, menu
from dashboard.i18n import named
from dashboard.screens.overview import busiest, player, spots
from dashboard.screens.overview.bounds import are_several, bounds_chip, bounds_menu, words
from dashboard.screens.overview.room import tight
from dashboard.screens.overview.search_box import search_box
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.scene import Scene

PERIODS: Final = ("today", "24h", "7d", "30d", "90d", "365d")
LISTS: Final = ("categories", "departments", "sources")


def path_row(scene: Scene) -> Node:
    """The row under the header."""
    if scene.mode == "building":
        return html.Div([_path(scene), _bounds(scene), search_box(scene)], className="path-row")
    classes = ["path-row"]
    if scene.unit == 0:
        classes.append("root")
    classes += _tight(scene)
    parts = [_path(scene), _chips(scene), _fold(scene), _filters(scene)]
    return html.Div(parts, className=" ".join(classes))


def _bounds(scene: Scene) -> Node:
    """Beside a building only the boundaries by which its place is told."""
    if not words(scene):
        return None
    name = {"aria-label": scene.t("path.chips")}
    chips = html.Ul([bounds_chip(scene)], className="chips")
    return html.Nav(chips, className="chips bounded", **attributes(name))


def _fold(scene: Scene) -> Node:
    """The button behind which a phone keeps the filters, with how many are in use."""
    place = scene.place
    used = sum(len(getattr(place, field)) for field in LISTS)
    used += bool(place.period) + bool(place.level) + bool(place.division)
    word = scene.t("path.fold_used", n=used) if used else scene.t("path.fold")
    return html.Details(html.Summary(word), className="fold")


def _tight(scene: Scene) -> list[str]:
    """What a window of either width does without, so that path and chips stay in one row.

    First the levels still below the path, then the chips that only say what holds anyway; a second
    row is the last resort.
    """
    steps = _steps(scene)
    here = [*(_above(scene, unit) for unit in steps[:-1]), scene.inner(steps[-1])]
    given, told = _given_words(scene), _told_words(scene)
    whole = [*here, *_levels_below(scene)]
    ways = [(whole, [*told, *given]), (here, [*told, *given]), (here, given)]
    return tight(ways, _faces(scene))


def _told_words(scene: Scene) -> list[str]:
    """The chips of what holds without being asked for, which filters and map say as well."""
    told = [scene.period_word()] if scene.has_cases and not scene.place.period else []
    if _names_level(scene) and not scene.place.level:
        told.append(_level_word(scene))
    return told


def _given_words(scene: Scene) -> list[str]:
    """The chips of what was chosen, and the way to take it all away."""
    given = [scene.period_word()] if scene.place.period else []
    given += [text for field in LISTS for text, _ in _chosen(scene, field)]
    if scene.mode == "heat":
        given += [scene.t("measure.heat"), *([spots.window(scene)] if scene.place.play else [])]
    if _names_level(scene) and scene.place.level:
        given.append(_level_word(scene))
    given += [words(scene)] if words(scene) else []
    return [*given, scene.t("path.clear")] if _clears(scene) else given


def _faces(scene: Scene) -> list[str]:
    """What the filters say; a narrow window leaves what is chosen to the chips."""
    faces = [_period_face(scene)] if scene.has_cases else []
    faces += [scene.t(f"path.{field}") for field in LISTS if len(_table(scene, field))]
    if scene.mode == "cells":
        faces.append(scene.t("path.level"))
    if are_several(scene):
        faces.append(scene.t("path.bounds"))
    return faces


def _level_word(scene: Scene) -> str:
    return scene.t("path.by_level", level=scene.level_name(scene.level).lower())


def _path(scene: Scene) -> Node:
    here = scene.building is None
    codes = scene.city.tree.codes
    items = [
        html.Li(html.B(scene.inner(unit), **attributes({"aria-current": "page"})), className="here")
        if here and unit == scene.unit and unit != 0
        else html.Li(
            link(_above(scene, unit), scene.href(at="" if unit == 0 else codes[unit], level=""))
        )
        for unit in _steps(scene)
    ]
    if scene.building is not None:
        row = scene.city.buildings.iloc[scene.building]
        items.append(
            html.Li(
                html.B(named(row, scene.language), **attributes({"aria-current": "page"})),
                className="here",
            )
        )
    items += [html.Li(_later(scene, key, name), className="later") for key, name in _below(scene)]
    return html.Nav(
        html.Ol(items, className="path"), **attributes({"aria-label": scene.t("path.breadcrumb")})
    )


def _above(scene: Scene, unit: int) -> str:
    """A place above the one that is looked at; English leaves out what kind of place it is."""
    return scene.inner(unit) if scene.language == "zh" or not scene.unit else scene.brief(unit)


def _steps(scene: Scene) -> list[int]:
    """The units of the path: those of levels people walk through, and the place itself."""
    walked = {level.key for level in scene.city.profile.drill_levels}
    tree = scene.city.tree
    here = scene.building is None
    return [
        unit for unit in tree.path(scene.unit)
        if tree.level(unit) in walked or (here and unit == scene.unit)
    ]  # fmt: skip


def _later(scene: Scene, key: str, name: str) -> Node:
    """A level still below the path, as the way to count by it; of buildings those with most."""
    if not scene.has_cases or scene.mode != "cells":
        return name
    if key == BUILDING:
        return link(name, scene.href(table=busiest.KEY), title=scene.t("path.busiest"))
    if not 0 < levels.count_cells(key, scene.city, scene.unit) <= levels.MOST_ASKED:
        return name
    said = scene.t("path.by_level", level=scene.level_name(key).lower())
    return link(name, scene.href(level=key), title=said)


def _levels_below(scene: Scene) -> list[str]:
    return [name for _, name in _below(scene)]


def _below(scene: Scene) -> list[tuple[str, str]]:
    """The levels still below the path, each with its name."""
    if scene.building is not None:
        return []
    here = scene.city.tree.level(scene.unit)
    levels = [level.key for level in scene.city.profile.drill_levels]
    below = levels[levels.index(here) + 1 :] if here in levels else []
    buildings = (BUILDING,) if scene.has_buildings else ()
    return [(key, scene.level_name(key)) for key in (*below, *buildings)]


def _chips(scene: Scene) -> Node:
    off = scene.t("path.off")
    default = not scene.place.period
    period = "" if default else scene.href(period="")
    # Without cases nothing on the page has a time.
    chips = [chip(scene.period_word(), period, off, given=not default)] if scene.has_cases else []
    for field in LISTS:
        chips += [chip(text, href, off, given=True) for text, href in _chosen(scene, field)]
    if scene.mode == "heat":
        chips.append(chip(scene.t("measure.heat"), scene.href(heat=False), off, given=True))
    if scene.mode == "heat" and scene.place.play:
        word = spots.window(scene) if scene.played else player.sum_word(scene)
        chips.append(chip(word, scene.href(play=""), off, given=True))
    if _names_level(scene):
        asked = bool(scene.place.level)
        href = scene.href(level="") if asked else ""
        chips.append(chip(_level_word(scene), href, off, given=asked))
    chips.append(bounds_chip(scene))
    clear = None
    if _clears(scene):
        clear = link(
            scene.t("path.clear"),
            scene.href(period="", categories=(), departments=(), sources=(), level=""),
            "clear",
        )
    name = {"aria-label": scene.t("path.chips")}
    # A phone folds the others away, but must say whose units it shows.
    kind = "chips bounded" if words(scene) else "chips"
    return html.Nav([html.Ul(chips, className="chips"), clear], className=kind, **attributes(name))


def _names_level(scene: Scene) -> bool:
    """Whether a chip names the level of the cells, which that of professional grids does anyway."""
    own = scene.division is not None and scene.level == scene.division.key
    return scene.mode == "cells" and not own


def _clears(scene: Scene) -> bool:
    return bool(scene.place.period or any(getattr(scene.place, field) for field in LISTS))


def _chosen(scene: Scene, field: str) -> list[tuple[str, str]]:
    table = _table(scene, field)
    keys = getattr(scene.place, field)
    found = []
    for key in keys:
        rows = table.index[table["key"] == key]
        if len(rows):
            rest = tuple(other for other in keys if other != key)
            text = scene.t(f"path.chip_{field}", name=named(table.loc[rows[0]], scene.language))
            found.append((text, scene.href(**{field: rest})))
    return found


def _filters(scene: Scene) -> Node:
    menus = [_period_menu(scene)] if scene.has_cases else []
    menus += [_list_menu(scene, field) for field in LISTS if len(_table(scene, field))]
    if scene.mode == "cells":
        menus.append(_level_menu(scene))
    if are_several(scene):
        menus.append(bounds_menu(scene))
    return html.Div([*menus, search_box(scene)], className="filters")


def _period_menu(scene: Scene) -> Node:
    choices = [
        Choice(scene.t(f"time.{period}"), scene.href(period=period), period == scene.period)
        for period in PERIODS
    ]
    face: list[Node] = [scene.t("path.period")]
    if scene.period in PERIODS:  # a period with two ends is too long; its chip tells it
        face.append(html.B(scene.period_word("short_")))
    return menu("period", face, choices, "filter")


def _period_face(scene: Scene) -> str:
    known = scene.period_word("short_") if scene.period in PERIODS else ""
    return scene.t("path.period") + known


def _face(scene: Scene, field: str) -> tuple[str, str]:
    """The name of a filter and what is chosen: the one, or how many."""
    keys = getattr(scene.place, field)
    names = [name for key, name in scene.entries(field) if key in keys]
    chosen = names[0] if len(names) == 1 else ""
    if len(names) > 1:
        chosen = scene.t("path.several", n=len(names))
    return scene.t(f"path.{field}"), chosen


def _list_menu(scene: Scene, field: str) -> Node:
    keys = getattr(scene.place, field)
    choices = [Choice(scene.t("path.all"), scene.href(**{field: ()}), not keys)]
    choices += [
        Choice(name, scene.href(**{field: (key,)}), key in keys)
        for key, name in scene.entries(field)
    ]
    name, chosen = _face(scene, field)
    face = [name, html.B(chosen)] if chosen else [name]
    return menu(field, face, choices, "filter", *(("set",) if keys else ()))


def _level_menu(scene: Scene) -> Node:
    tree = scene.city.tree
    below = [
        level.key
        for level in scene.city.profile.levels
        if len(tree.cells(scene.unit, level.key)) > 0 and level.key != tree.level(scene.unit)
    ]
    choices = [
        Choice(scene.level_name(key), scene.href(level=key), key == scene.level) for key in below
    ]
    if scene.has_buildings and scene.has_cases:
        shown = scene.place.table == busiest.KEY
        choices.append(Choice(scene.t("path.busiest"), scene.href(table=busiest.KEY), shown))
    return menu("level", [scene.t("path.level")], choices, "filter")


def _table(scene: Scene, field: str) -> pd.DataFrame:
    table: pd.DataFrame = getattr(scene.city, field)
    return table
