"""The one sentence: a template over measured facts, each of its nouns a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, link
from dashboard.i18n.amounts import count, known, minutes, rate
from dashboard.screens.overview import against, causes, facts, measures, spots
from dashboard.screens.overview.department import standing
from dashboard.screens.overview.department_sentence import department
from dashboard.screens.overview.grids import words as grids
from dashboard.screens.overview.phrases import asked, capital, filled, places, scope
from dashboard.screens.overview.registered import metric_name
from geodata.metrics import deviation
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.phrases import Part
    from dashboard.screens.overview.scene import Scene

NAMED: Final = 2  # places
RANKED: Final = ("on_time_rate", "local_rate")


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
    told = _nothing(scene) or _arranged(scene)
    if told:
        return told
    if scene.department is not None:
        return [*scope(scene), *department(scene, scene.department)]
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


def _nothing(scene: Scene) -> list[Part]:
    """What is said where there are no cases, at all or in the period."""
    if not scene.has_cases:
        return [(scene.t(f"headline.{_explored(scene)}", place=scene.name(scene.unit)), "")]
    if not scene.numbers.total["reported"]:
        return [(capital(scene, scene.t("headline.quiet", period=scene.period_word("in_"))), "")]
    return []


def _arranged(scene: Scene) -> list[Part]:
    """What an arrangement of its own finds; nothing where it finds none."""
    if scene.at_grids:
        return grids.sentence(scene)
    return _compared(scene) if scene.at_compare else []


def _compared(scene: Scene) -> list[Part]:
    """Who is last of the departments, and how many are slow to arrive; nothing where none is."""
    metric = measures.usable(scene).metric
    found = standing.standings(scene, metric if metric in RANKED else RANKED[0])
    if len(found.ranked) < standing.LEAST:
        return []
    parts = _ranks(scene, found)
    target = scene.city.profile.targets.get("arrival_median_min")
    slow = len(deviation.over_target(scene.numbers.departments, "arrival_median_min", target))
    if slow and target:
        said = minutes(target, scene.language)
        parts.append((scene.t("headline.slow_ones", n=slow, time=said), ""))
    return parts


def _ranks(scene: Scene, found: standing.Standings) -> list[Part]:
    """Who is last by how much, if that can be told; else how many cannot be told apart."""
    total, shared = len(found.ranked), len(found.last)
    said = {
        "period": scene.period_word("in_"),
        "metric": metric_name(found.metric, scene.language),
    }
    if found.alike:
        return [(capital(scene, scene.t("headline.alike", n=total, **said)), "")]
    if shared > 1:
        return [(capital(scene, scene.t("headline.lasts", n=shared, total=total, **said)), "")]
    last = found.last[0]
    name = scene.entry(scene.city.departments, last.row)
    key = str(scene.city.departments["key"].iloc[last.row])
    value = scene.t("headline.last_value", value=found.written(last.fair, scene.language))
    if found.misses:
        value = scene.t("headline.last_misses", n=rate(last.fair, 0))
    return [
        (capital(scene, scene.t("headline.last", n=total, **said)), ""),
        (name, scene.href(departments=(key,), measure="")),
        (value, ""),
    ]


def _explored(scene: Scene) -> str:
    """What there is to look at in a city without cases."""
    if not scene.has_buildings:
        return "no_cases"
    return "no_cases_built" if scene.city.tree.next_level(0) == BUILDING else "no_cases_buildings"


def _volume(scene: Scene) -> list[Part]:
    total = deviation.total(scene.numbers)
    here = asked(scene)
    values = {
        "n": count(total.reported, scene.language),
        "period": scene.period_word("in_"),
        "place": here,
    }
    first = scene.t("headline.volume_at" if here else "headline.volume", **values)
    return [(capital(scene, first), ""), (_against(scene, total.norm), "")]


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
        return places(scene, peaks, _where_key(scene, peaks, apart=apart))
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
    return places(scene, [row.row for row in first], "headline.most")


def _outer(scene: Scene, unit: int) -> str:
    """A unit's name; without its parent's where that is the place itself."""
    return scene.inner(unit) if scene.city.tree.parent(unit) == scene.unit else scene.name(unit)
