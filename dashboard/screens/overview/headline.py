"""The one sentence: a template over measured facts, each of its nouns a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, link
from dashboard.i18n.amounts import change, count, minutes, rate
from dashboard.screens.overview import facts, measures
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

SLOT: Final = "\x00"
Part = tuple[str, str]  # words and where they lead, or ""


def headline(scene: Scene) -> Node:
    """The sentence as the page's heading."""
    parts = sentence(scene)
    said = [link(words, href) if href else words for words, href in parts]
    plain = "".join(words for words, _ in parts)
    heading = html.H1(html.Span(said), className="headline", title=plain)
    return html.Section(heading, **attributes({"aria-label": scene.t("headline.name")}))


def sentence(scene: Scene) -> list[Part]:
    """The sentence in parts."""
    if not scene.has_cases:
        return [(scene.t("headline.no_cases", place=scene.name(scene.unit)), "")]
    if not scene.numbers.total["reported"]:
        return [(scene.t("headline.quiet", period=scene.period_word("in_")), "")]
    if scene.department is not None:
        return _department(scene, scene.department)
    return [*_volume(scene), *_cause(scene), *_where(scene, "headline.where")]


def _volume(scene: Scene) -> list[Part]:
    total = deviation.total(scene.numbers)
    here = "" if scene.unit == 0 else scene.short(scene.unit)
    values = {
        "n": count(total.reported, scene.language),
        "period": scene.period_word("in_"),
        "place": here,
    }
    first = scene.t("headline.volume_at" if here else "headline.volume", **values)
    if scene.language == "en":
        first = first[:1].upper() + first[1:]
    return [(first, ""), (_against(scene, total.norm, total.share), "")]


def _against(scene: Scene, norm: float, share: float) -> str:
    if norm < LEAST_CASES:
        return scene.t("headline.small_norm", n=rate(norm))
    if share != share:  # noqa: PLR0124  NaN: not enough history to speak of a norm
        return scene.t("headline.no_norm")
    percent = abs(round(share * 100))
    if percent < 1:
        return scene.t("headline.as_norm")
    return scene.t("headline.above" if share > 0 else "headline.below", percent=percent)


def _cause(scene: Scene) -> list[Part]:
    found = deviation.driver(scene.numbers)
    if found is None:
        return []
    key = str(scene.city.categories["key"].iloc[found.row])
    rising = deviation.total(scene.numbers).share > 0
    noun = scene.entry(scene.city.categories, found.row)
    if scene.language == "en":
        noun = noun[:1].lower() + noun[1:]
    return _filled(
        scene,
        "headline.cause" if rising else "headline.only",
        [(noun, scene.href(categories=(key,)))],
        change=change(found.share),
    )


def _where(scene: Scene, key: str) -> list[Part]:
    wanted = measures.MEASURES["density" if scene.department is None else "arrival"]
    measure = measures.usable(scene, wanted)
    peaks = facts.peaks(scene, measure)
    if not peaks:
        return []
    words = [_word(scene, unit) for unit in peaks]
    level = _shared_level(scene, peaks, words)
    nouns = [
        (word, scene.href(at=scene.city.tree.codes[unit], level=""))
        for word, unit in zip(words, peaks, strict=True)
    ]
    return _filled(scene, "headline.most" if measure.kind == "count" else key, nouns, level=level)


def _word(scene: Scene, unit: int) -> str:
    """A unit's name without its level, or, where it has none, without its parent's name."""
    short = scene.short(unit)
    return short if short != scene.name(unit) else scene.inner(unit)


def _shared_level(scene: Scene, units: list[int], words: list[str]) -> str:
    """The noun that both names go without: 两街道 of 鹤湾 and 丹坪; else nothing."""
    if any(word != scene.short(unit) for word, unit in zip(words, units, strict=True)):
        return ""
    if any(word == scene.name(unit) for word, unit in zip(words, units, strict=True)):
        return ""
    endings = {scene.name(unit).removeprefix(word) for word, unit in zip(words, units, strict=True)}
    if scene.language == "zh":
        level = endings.pop() if len(endings) == 1 else scene.t("headline.level_mixed")
    else:
        level = scene.level_plural(scene.city.tree.level(units[0]))
    return scene.t("headline.level", n=len(units), level=level)


def _department(scene: Scene, row: int) -> list[Part]:
    total, target = scene.numbers.total, scene.city.profile.targets.get("arrival_median_min")
    name = scene.entry(scene.city.departments, row)
    if not scene.keeps("arrival_median_min"):
        spent = minutes(float(total["resolution_median_min"]), scene.language)
        said = scene.t("headline.department_resolution", name=name, time=spent)
        return [(said, ""), *_where(scene, "headline.slowest")]
    median = float(total["arrival_median_min"])
    if median != median:  # noqa: PLR0124  NaN
        return [(scene.t("headline.department_silent", name=name), "")]
    values = {"name": name, "n": rate(median, 0)}
    if target is None:
        parts = [(scene.t("headline.department", **values), "")]
    else:
        over = round(median) - round(target)
        key = "headline.department_over" if over > 0 else "headline.department_within"
        parts = [(scene.t(key, **values, over=abs(over), target=round(target)), "")]
    return [*parts, *_where(scene, "headline.slowest"), *_step(scene)]


def _step(scene: Scene) -> list[Part]:
    slow = facts.slow_step(scene)
    if slow is None:
        return []
    words = scene.t(
        "headline.step", a=scene.t(f"stage.{slow.first}"), b=scene.t(f"stage.{slow.last}")
    )
    return [(words, "")]


def _filled(scene: Scene, key: str, nouns: list[Part], **values: object) -> list[Part]:
    """The text of a key with links in the places of {a} and {b}."""
    slots = {name: f"{SLOT}{number}{SLOT}" for number, name in enumerate("ab"[: len(nouns)])}
    pieces = scene.t(key, **slots, **values).split(SLOT)
    return [nouns[int(piece)] if place % 2 else (piece, "") for place, piece in enumerate(pieces)]
