"""The sentence, the three exceptions and the three questions: templates over measured facts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.brief import figures, names, words
from geodata.brief.facts import MOST_NAMED
from geodata.brief.words import word
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.registry import sample
from geodata.model.address import DESK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.brief.facts import Facts
    from geodata.metrics.deviation import Change

THREE: Final = 3


@dataclass(frozen=True)
class Notable:
    """One of the three: what is said, what stands behind it; level 0 = nothing out of the way."""

    title: str
    note: str
    level: int = 0


@dataclass(frozen=True)
class Query:
    """A question for today and the address of its cases."""

    text: str
    href: str


def sentence(facts: Facts) -> str:
    """The one sentence."""
    asked = facts.asked
    city, lang = asked.city, asked.lang
    if not facts.has_cases:
        return word("no_cases", lang, place=names.unit(city, asked.unit, lang))
    period = words.spoken(asked.named_period, asked.window, asked.zone, lang, "in_")
    reported = int(facts.numbers.total["reported"])
    if not reported:
        return word("quiet", lang, period=period)
    said = word("volume", lang, period=period, n=words.count(reported))
    said += figures.norm(facts, "") + _cause(facts) + _most(facts)
    return said + word("stop", lang)


def _cause(facts: Facts) -> str:
    found = facts.contributor
    if found is None:
        return ""
    whole = deviation.total(facts.numbers)
    rising = whole.share > 0 and not deviation.is_usual(facts.numbers)
    name = names.entry(facts.asked.city.categories, found.row, facts.asked.lang)
    key = "cause" if rising and found.extra <= whole.extra else "rising"
    return word(key, facts.asked.lang, name=name, change=words.change(found.share))


def _most(facts: Facts) -> str:
    """The two places with most cases, where they are told apart from the rest."""
    shown, lang = facts.children, facts.asked.lang
    if len(shown) <= MOST_NAMED or not shown.iloc[MOST_NAMED - 1] > shown.iloc[MOST_NAMED]:
        return ""
    if shown.iloc[MOST_NAMED - 1] < LEAST_CASES:
        return ""
    said = [names.unit(facts.asked.city, int(unit), lang) for unit in shown.index[:MOST_NAMED]]
    return word("most", lang, places=word("comma", lang).join(said))


def exceptions(facts: Facts) -> list[Notable]:
    """The department, the place and the course of things; what is in order is said as well."""
    if not facts.numbers.total["reported"]:
        return []
    return [_department(facts), _place(facts), _trend(facts)]


def _department(facts: Facts) -> Notable:
    lang, city, slowest = facts.asked.lang, facts.asked.city, facts.slowest
    if not len(slowest):
        return Notable(
            word("no_departments", lang), word("no_departments_note", lang, n=LEAST_CASES)
        )
    row = int(slowest.index[0])
    median = float(slowest[f"{facts.measured}_median_min"].iloc[0])
    said = {
        "name": names.entry(city.departments, row, lang),
        "what": word(facts.measured, lang),
        "time": words.minutes(median, lang),
        "target": words.minutes(facts.target, lang),
        "p90": words.minutes(float(slowest[f"{facts.measured}_p90_min"].iloc[0]), lang),
        "n": words.count(sample(f"{facts.measured}_median_min", slowest.iloc[0])),
        "many": word("late_many", lang, n=len(facts.late)) if len(facts.late) > 1 else "",
    }
    if facts.late:
        over = words.minutes(round(median) - round(facts.target), lang)
        return Notable(word("late", lang, over=over, **said), word("late_note", lang, **said), 2)
    key = "slow" if math.isnan(facts.target) else "in_time"
    return Notable(word(key, lang, **said), word(f"{key}_note", lang, **said))


def _place(facts: Facts) -> Notable:
    lang, found = facts.asked.lang, facts.outlier
    if found is None and not facts.are_several:
        return Notable(word("place_none", lang), "")
    if found is None:
        level = names.level(facts.asked.city, facts.level, lang, plural=True)
        n = words.count(float((facts.numbers.cells.index >= 0).sum()))
        return Notable(word("place_none", lang), word("place_none_note", lang, n=n, level=level))
    norm, z = words.rate(found.norm), words.rate(found.z)
    note = word("place_above_note", lang, norm=norm, z=z)
    return Notable(word("place_above", lang, **_above(facts, found)), note, 3)


def _above(facts: Facts, found: Change) -> dict[str, str]:
    asked = facts.asked
    return {
        "place": names.full(asked.city, found.row, asked.lang, asked.unit),
        "n": words.count(found.reported),
        "times": words.rate(found.reported / found.norm),
    }


def _trend(facts: Facts) -> Notable:
    lang, found, whole = facts.asked.lang, facts.contributor, deviation.total(facts.numbers)
    if found is not None:
        name = names.entry(facts.asked.city.categories, found.row, lang)
        title = word(
            "trend_up", lang, name=name, percent=round(found.share * 100),
            n=words.count(found.reported),
        )  # fmt: skip
        extra = words.count(found.extra)
        note = word("trend_up_note", lang, norm=words.count(found.norm), extra=extra)
        return Notable(title, note, 3)
    if not whole.norm > 0:
        return Notable(word("trend_unknown", lang), word("trend_unknown_note", lang))
    low, high = (words.count(edge) for edge in (facts.numbers.norm_low, facts.numbers.norm_high))
    n, norm = words.count(whole.reported), words.count(whole.norm)
    note = word("trend_total_note", lang, n=n, norm=norm, low=low, high=high)
    return Notable(word("trend_total", lang, side=figures.norm(facts, "kpi_")), note)


def questions(facts: Facts) -> list[Query]:
    """The first three things worth asking, each with the way to its cases."""
    if not facts.numbers.total["reported"]:
        return []
    return [query for _, query in zip(range(THREE), _questions(facts), strict=False)]


def _questions(facts: Facts) -> Iterator[Query]:
    asked = facts.asked
    lang, city = asked.lang, asked.city
    yield from _of_slowest(facts)
    if facts.outlier is not None:
        extra = words.count(facts.outlier.extra)
        text = word("ask_place", lang, extra=extra, **_above(facts, facts.outlier))
        yield Query(text, asked.link(at=city.tree.codes[facts.outlier.row]))
    found = facts.contributor
    if found is not None:
        name = names.entry(city.categories, found.row, lang)
        text = word("ask_category", lang, name=name, extra=words.count(found.extra))
        yield Query(text, asked.link(categories=(str(city.categories["key"].iloc[found.row]),)))
    if facts.overdue is not None:
        row, n = facts.overdue
        name = names.entry(city.departments, row, lang)
        yield Query(word("ask_overdue", lang, name=name, n=words.count(n)), _desk(facts, row))
    yield from _of_largest(facts)


def _of_slowest(facts: Facts) -> Iterator[Query]:
    if not len(facts.slowest):
        return
    asked, row = facts.asked, int(facts.slowest.index[0])
    median = float(facts.slowest[f"{facts.measured}_median_min"].iloc[0])
    said = {
        "name": names.entry(asked.city.departments, row, asked.lang),
        "what": word(facts.measured, asked.lang),
    }
    if facts.late:
        said["over"] = words.minutes(round(median) - round(facts.target), asked.lang)
        yield Query(word("ask_late", asked.lang, **said), _desk(facts, row))
    elif math.isnan(facts.target):
        said["time"] = words.minutes(median, asked.lang)
        yield Query(word("ask_slow", asked.lang, **said), _desk(facts, row))


def _of_largest(facts: Facts) -> Iterator[Query]:
    """What is asked where little stands out: the worst alert, what there is most of, and where."""
    asked, table = facts.asked, facts.numbers.categories["reported"]
    city, lang = asked.city, asked.lang
    for alert in facts.alerts[:1]:
        what = names.alert(city.alerts.iloc[alert.row], lang)
        where = names.full(city, alert.unit, lang, asked.unit)
        text = word("ask_alert", lang, where=where, what=what)
        yield Query(text, asked.link(at=city.tree.codes[alert.unit]))
    known = table[table.index >= 0]
    for kind in known.sort_values(ascending=False, kind="stable").index[:2]:
        n = int(known[kind])
        percent = round(100 * n / facts.numbers.total["reported"])
        name = names.entry(city.categories, int(kind), lang)
        text = word("ask_most", lang, name=name, percent=percent, n=words.count(n))
        yield Query(text, asked.link(categories=(str(city.categories["key"].iloc[kind]),)))
    for unit in facts.children.index[:2]:
        said = words.count(float(facts.children[unit]))
        text = word("ask_busiest", lang, place=names.unit(city, int(unit), lang), n=said)
        yield Query(text, asked.link(at=city.tree.codes[int(unit)]))


def _desk(facts: Facts, row: int) -> str:
    key = str(facts.asked.city.departments["key"].iloc[row])
    return facts.asked.link(arrangement=DESK, departments=(key,))
