"""What a case is called: its matter, and the way to where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.i18n import named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.screens.overview.scene import Scene


def matter(scene: Scene, row: int) -> str:
    """The name of a matter."""
    if row < 0:
        return scene.t("department.no_matter")
    language, city = scene.language, scene.city
    names = city.once(
        f"matters {language} {city.id}",
        lambda: [named(each, language) for each in city.matters.itertuples()],
    )
    return names[row]


def way(scene: Scene, unit: int) -> str:
    """A unit behind those that hold it, the city left out; the city itself where nothing holds it.

    Only levels that people walk through are named, and the unit itself.
    """
    walked = {level.key for level in scene.city.profile.drill_levels}
    tree = scene.city.tree
    steps = [each for each in tree.path(unit)[1:] if each == unit or tree.level(each) in walked]
    if not steps:
        return scene.name(unit) if unit == 0 else scene.t("place.unknown_place")
    return scene.t("column.between").join(scene.inner(each) for each in steps)


def ways(scene: Scene, units: Iterable[int]) -> list[str]:
    """The way to each of many units."""
    listed = [int(unit) for unit in units]
    known = {unit: way(scene, unit) for unit in set(listed)}
    return [known[unit] for unit in listed]
