"""Under which boundaries the screen counts: the menu to choose them, and the chip that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import divided
from dashboard.components.menus import Choice, chip, menu
from dashboard.i18n import named
from dashboard.i18n.moments import day_of

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene
    from geodata.store.divisions import Division


def are_several(scene: Scene) -> bool:
    """Whether there is anything to choose from."""
    return bool(divided.offered(scene.today))


def bounds_menu(scene: Scene) -> Node:
    """Today's boundaries, professional grids, drafts, then earlier boundaries, the newest first."""
    chosen = scene.division.key if scene.division else divided.TODAY
    choices = [Choice(scene.t("path.bounds_today"), _href(scene, ""), chosen == divided.TODAY)]
    for each in divided.offered(scene.today):
        link = _href(scene, divided.asked_for(each))
        choices.append(Choice(_entry(scene, each), link, chosen == each.key))
    return menu("bounds", [scene.t("path.bounds")], choices, "filter")


def bounds_chip(scene: Scene) -> Node:
    """The boundaries that were asked for, with the way back to today's; nothing for those."""
    said = words(scene)
    return chip(said, _href(scene, ""), scene.t("path.bounds_off"), given=True) if said else None


def words(scene: Scene) -> str:
    """By which boundaries is counted, in words; "" by today's, unless their day was asked for."""
    if scene.division is not None and not scene.division.until:
        return scene.t("path.bounds_grid", name=named(scene.division, scene.language))
    day = scene.place.division
    if not day:
        return ""
    return scene.t(
        "path.bounds_day" if scene.division else "path.bounds_same",
        day=day_of(day, scene.language),
    )


def _entry(scene: Scene, division: Division) -> str:
    if division.until:
        return scene.t("path.bounds_before", day=day_of(division.until, scene.language))
    name = named(division, scene.language)
    return name[:1].upper() + name[1:]


def _href(scene: Scene, asked: str) -> str:
    """A link to the same place under other boundaries, or to what holds it under today's."""
    at = scene.place.at
    if scene.building is None:
        at = divided.nearest(at, scene.city, scene.today.tree)
    level = scene.place.level if scene.place.level in scene.today.tree.level_keys else ""
    return scene.href(division=asked, at=at, level="" if asked else level, selected=(), table="")
