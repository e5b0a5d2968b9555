"""The one sentence: a template over measured facts, each of its nouns a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, link
from dashboard.i18n.amounts import count, known, minutes, rate
from dashboard.screens.overview import against, causes, facts, measures, spent, spots
from dashboard.screens.overview.phrases import filled
from dashboard.screens.overview.registered import behind, is_small
from geodata.metrics import deviation
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.phrases import Part
    from dashboard.screens.overview.scene import Scene

NAMED: Final = 2  # places


def headline(scene: Scene) -> Node:
    """The sentence as the page's heading."""
    parts = sentence(scene)
    said = [link(words, href) if href else words for words, href in parts]
    plain = "".join(words for words, _ in parts)
    heading = html.H1(html.Span(said), className="headline", title=plain)
    name = {"aria-label": scene.t("headline.name")}
    return html.Section(heading, className="finding", **attributes(name))


def sentence(scene: Scene) -> list[Part]:
    """The sentence in parts."""
    if not scene.has_cases:
        return [(scene.t(f"headline.{_explored(scene)}", place=scene.name(scene.unit)), "")]
    if not scene.numbers.total["reported"]:
        return [(_capital(scene, scene.t("headline.quiet", period=scene.period_word("in_"))), "")]
    if scene.department is not None:
        return [*_scope(scene), *_department(scene, scene.department)]
    cluster = _cluster(scene)
    if cluster:
        return [*_volume(scene), *cluster]
    cause = causes.caused(scene) or _lagging(scene)
    # Two categories leave no room on the line in English; the map's title names the places too.
    if scene.language == "en" and sum(bool(href) for _, href in cause) > 1:
        return [*_volume(scene), *cause]
    return [
        *_volume(scene),
        *cause,
        *_where(scene, apart=bool(cause) and not causes.ends(scene)),
    ]


def _explored(scene: Scene) -> str:
    """What there is to look at in a city without cases."""
    if not scene.has_buildings:
        return "no_cases"
    return "no_cases_built" if scene.city.tree.next_level(0) == BUILDING else "no_cases_buildings"


def _volume(scene: Scene) -> list[Part]:
    total = deviation.total(scene.numbers)
    here = _asked(scene)
    values = {
        "n": count(total.reported, scene.language),
        "period": scene.period_word("in_"),
        "place": here,
    }
    first = scene.t("headline.volume_at" if here else "headline.volume", **values)
    return [(_capital(scene, first), ""), (_against(scene, total.norm), "")]


def _capital(scene: Scene, words: str) -> str:
    """The words as a sentence begins; Chinese has no capitals."""
    return words[:1].upper() + words[1:] if scene.language == "en" else words


def _asked(scene: Scene) -> str:
    """The place, if it is not the whole, and what of its cases was asked for."""
    request, city = scene.numbers.request, scene.city
    chosen = [] if scene.unit == 0 else [scene.short(scene.unit)]
    for table, rows in (
        (city.sources, request.sources),
        (city.departments, request.departments if scene.department is None else ()),
        (city.categories, request.categories),
    ):
        names = [scene.entry(table, row) for row in rows]
        chosen += [scene.t("headline.and").join(names)] if names else []
    return scene.t("headline.comma").join(chosen)


def _scope(scene: Scene) -> list[Part]:
    """What is said of a department only holds within: place, kind of case and period."""
    what = _asked(scene)
    if not what and not scene.place.period:
        return []
    key = "headline.scope" if what else "headline.scope_period"
    period = scene.period_word("short_").strip()
    return [(_capital(scene, scene.t(key, period=period, what=what)), "")]


def _against(scene: Scene, norm: float) -> str:
    side = against.side(scene)
    if side == "few":
        return scene.t("headline.small_norm", n=against.written(norm))
    if side in {"unknown", "usual"}:
        return scene.t("headline.no_norm" if side == "unknown" else "headline.as_norm")
    return scene.t(f"headline.{side}", percent=abs(round(against.share(scene) * 100)))


def _cluster(scene: Scene) -> list[Part]:
    """Where the heat shows a hot spot: the clearest one, beside what is usual there."""
    found = spots.hot(scene) if scene.mode == "heat" and scene.level != BUILDING else ()
    if not found:
        return []
    unit = found[0].row
    link_ = (scene.inner(unit), scene.href(at=scene.city.tree.codes[unit], level="", play="",
                                           heat=False))  # fmt: skip
    n, norm = count(found[0].reported, scene.language), against.written(found[0].norm)
    return filled(scene, "headline.cluster", [link_], n=n, norm=norm)


def _lagging(scene: Scene) -> list[Part]:
    """A place where help arrives far later than elsewhere, where no category stands out."""
    found = facts.lagging(scene)
    if found is None:
        return []
    unit, median = found
    link_ = (scene.brief(unit), scene.href(at=scene.city.tree.codes[unit], level=""))
    return filled(scene, "headline.lagging", [link_], time=minutes(median, scene.language))


def _where(scene: Scene, *, apart: bool) -> list[Part]:
    """Where most cases or the highest rates are; places hardly above the whole are not named.

    apart: what stands before it is not what would be found there.
    """
    if scene.mode == "heat":
        return _most(scene)
    measure = measures.usable(scene, measures.MEASURES["density"])
    peaks = facts.concentrated(scene, measure)
    if len(peaks) > 1:
        return _places(scene, peaks, _where_key(scene, peaks, apart=apart))
    if not peaks or measure.kind == "count":
        return []
    unit = peaks[0]
    link_ = (_outer(scene, unit), scene.href(at=scene.city.tree.codes[unit], level=""))
    return filled(scene, f"headline.where_one_{measure.kind}", [link_])


def _where_key(scene: Scene, peaks: list[int], *, apart: bool) -> str:
    """To concentrate is said of counts: of rates only where the same places have most cases."""
    measure = measures.usable(scene, measures.MEASURES["density"])
    if measure.kind == "count":
        return "headline.most"
    if set(peaks) != set(facts.peaks(scene, measures.MEASURES["count"])):
        return f"headline.where_{measure.kind}"
    # Right behind a category, a time or a want it would read as where that one is found.
    apart = apart or not known(deviation.total(scene.numbers).share)
    return "headline.where_all" if apart else "headline.where"


def _most(scene: Scene) -> list[Part]:
    """In the heat the first two places of the list beside it, where they lead it clearly."""
    shown = spots.most(scene) if scene.level != BUILDING else []
    first, after = shown[:NAMED], shown[NAMED : NAMED + 1]
    if len(first) < NAMED or first[-1].reported < spots.LEAST:
        return []
    if any(row.reported == first[-1].reported for row in after):
        return []
    return _places(scene, [row.row for row in first], "headline.most")


def _slowest(scene: Scene) -> list[Part]:
    measure = measures.usable(scene, measures.MEASURES["arrival"])
    return _places(scene, facts.peaks(scene, measure), "headline.slowest")


def _places(scene: Scene, peaks: list[int], key: str) -> list[Part]:
    if not peaks:
        return []
    words = [scene.brief(unit) for unit in peaks]
    level = _shared_level(scene, peaks, words)
    nouns = [
        (word, scene.href(at=scene.city.tree.codes[unit], level=""))
        for word, unit in zip(words, peaks, strict=True)
    ]
    return filled(scene, key, nouns, level=level)


def _outer(scene: Scene, unit: int) -> str:
    """A unit's name; without its parent's where that is the place itself."""
    return scene.inner(unit) if scene.city.tree.parent(unit) == scene.unit else scene.name(unit)


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
    bare = level in {*scene.t("place.bare").split(" "), scene.t("headline.level_mixed")}
    return scene.t("headline.level", count=scene.t(f"headline.{'two' if bare else 'two_of'}"),
                   level=level)  # fmt: skip


def _department(scene: Scene, row: int) -> list[Part]:
    total, target = scene.numbers.total, scene.city.profile.targets.get("arrival_median_min")
    name = scene.entry(scene.city.departments, row)
    if not scene.keeps("arrival_median_min"):
        return _resolution(scene, name)
    if few := _few(scene, name, "arrival"):
        return few
    median = float(total["arrival_median_min"])
    values = {"name": name, "n": rate(median, 0)}
    if target is None:
        parts = [(scene.t("headline.department", **values), "")]
    else:
        over = round(median) - round(target)
        key = "headline.department_over" if over > 0 else "headline.department_within"
        parts = [(scene.t(key, **values, over=abs(over), target=round(target)), "")]
    # English with filters before it has no room on the line; the panel of steps says it too.
    long = scene.language == "en" and bool(_scope(scene))
    return [*parts, *_slowest(scene), *([] if long else _step(scene))]


def _resolution(scene: Scene, name: str) -> list[Part]:
    if few := _few(scene, name, "resolution"):
        return few
    shown, unit = spent.written(scene, float(scene.numbers.total["resolution_median_min"]))
    time = scene.t("unit.figure", figure=shown, unit=unit)
    said = scene.t("headline.department_resolution", name=name, time=time)
    return [(said, ""), *_slowest(scene)]


def _few(scene: Scene, name: str, kind: str) -> list[Part]:
    """How many cases there are where a median of them would say nothing, as in the figures."""
    metric, total = f"{kind}_median_min", scene.numbers.total
    if not is_small(metric, total):
        return []
    n = behind(metric, total)
    key = f"headline.few_{kind}" if n else f"headline.none_{kind}"
    return [(scene.t(key, name=name, n=count(n, scene.language)), "")]


def _step(scene: Scene) -> list[Part]:
    slow = facts.slow_step(scene)
    if slow is None:
        return []
    words = scene.t(
        "headline.step", a=scene.t(f"stage.{slow.first}"), b=scene.t(f"stage.{slow.last}")
    )
    return [(words, "")]
