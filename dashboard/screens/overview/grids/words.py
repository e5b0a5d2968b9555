"""Candidates in words: what is proposed, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dashboard.i18n.amounts import count
from dashboard.screens.overview.phrases import filled
from geodata.metrics.grids.candidates import ACTIONS

if TYPE_CHECKING:
    from dashboard.screens.overview.phrases import Part
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.grids import Candidate, Reason


def place(scene: Scene, found: Candidate) -> str:
    """The unit, or the two that would be one."""
    name = scene.name(found.unit)
    if found.other < 0:
        return name
    return scene.t("grids.with", a=name, b=scene.inner(found.other))


def reasons(scene: Scene, found: Candidate) -> str:
    """Every reason of a candidate in one line."""
    return scene.t("grids.semicolon").join(_reason(scene, each) for each in found.reasons)


def _reason(scene: Scene, each: Reason) -> str:
    value, limit = count(each.value, scene.language), count(each.limit, scene.language)
    n = count(each.n, scene.language)
    return scene.t(f"grids.reason_{each.key}", value=value, limit=limit, n=n)


def sentence(scene: Scene) -> list[Part]:
    """How many units were judged, what is proposed for how many, and where to look first."""
    evaluated = scene.evaluated
    if evaluated is None or not len(evaluated.here):
        return []
    found = evaluated.found
    counts = Counter(each.action for each in found)
    said = [scene.t(f"grids.said_{action}", n=counts[action]) for action in ACTIONS
            if counts[action]]  # fmt: skip
    head = scene.t(
        "grids.sentence", period=scene.period_word("in_"),
        all=count(len(evaluated.here), scene.language),
        level=scene.level_plural(evaluated.level),
    )  # fmt: skip
    told = scene.t("grids.between").join(said) or scene.t("grids.sentence_none")
    parts = [(head + told, "")]
    if found:
        codes = scene.city.tree.codes
        link = (scene.name(found[0].unit), scene.href(at=codes[found[0].unit], level=""))
        parts += filled(scene, "grids.sentence_first", [link])
    return parts
