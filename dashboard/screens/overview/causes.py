"""What the one sentence says of categories: what brings the cases, and what grows fastest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.i18n.amounts import change
from dashboard.screens.overview.phrases import filled
from geodata.metrics import deviation

if TYPE_CHECKING:
    from dashboard.screens.overview.phrases import Part
    from dashboard.screens.overview.scene import Scene

HALF: Final = 2  # times: what brings half of all additional cases is mainly the cause


def caused(scene: Scene) -> list[Part]:
    """What brings the additional cases, and what grows fastest where that is something else."""
    most, fastest = deviation.contributor(scene.numbers), deviation.driver(scene.numbers)
    if most is None or fastest is None:
        return []
    mainly = _is_mainly(scene)
    if most.row == fastest.row:
        key = "headline.cause" if mainly else "headline.fastest"
        return filled(scene, key, [_category(scene, most.row)], change=change(most.share))
    return filled(
        scene,
        "headline.cause_fastest" if mainly else "headline.most_fastest",
        [_category(scene, most.row), _category(scene, fastest.row)],
        change=change(most.share),
        growth=change(fastest.share),
    )


def _category(scene: Scene, row: int) -> Part:
    key = str(scene.city.categories["key"].iloc[row])
    noun = scene.entry(scene.city.categories, row)
    if scene.language == "en":
        noun = noun[:1].lower() + noun[1:]
    return noun, scene.href(categories=(key,))


def _is_mainly(scene: Scene) -> bool:
    """Whether one category brings at least half of all additional cases."""
    found, whole = deviation.contributor(scene.numbers), deviation.total(scene.numbers)
    if found is None or deviation.is_usual(scene.numbers):
        return False
    return 0 < whole.extra <= found.extra * HALF


def ends(scene: Scene) -> bool:
    """Whether the last that was said is what the additional cases mainly are."""
    most, fastest = deviation.contributor(scene.numbers), deviation.driver(scene.numbers)
    return _is_mainly(scene) and most == fastest
