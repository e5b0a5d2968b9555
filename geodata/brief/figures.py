"""The six numbers: each with what it is compared with, and which definition counts it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from geodata.brief import words
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    from geodata.brief.facts import Facts
    from geodata.brief.words import Lang

SIX: Final = 6
NEAR: Final = 5.0  # a miss of up to five points (or per cent) is yellow, beyond it orange
HARDLY: Final = 0.02  # of what was before: so little more is none
Kind = Literal["count", "share", "minutes"]
CITY: Final[
    tuple[tuple[str, str, Kind], ...]
] = (  # in the order of preference: what a city does not keep steps back
    ("reported", "norm", "count"),
    ("on_time_rate", "target", "share"),
    ("whistle_rate", "target", "share"),
    ("backlog_overdue", "before", "count"),
    ("local_rate", "target", "share"),
    ("satisfaction", "before", "share"),
    ("arrival_median_min", "target", "minutes"),
    ("resolution_median_min", "target", "minutes"),
    ("resolution_p90_min", "target", "minutes"),
    ("backlog_open", "before", "count"),
    ("closed_rate", "target", "share"),
)


@dataclass(frozen=True)
class Figure:
    """One of the six; level: of an alert that the comparison deserves, 0 = none."""

    key: str
    name: str
    figure: str
    unit: str
    against: str
    level: int
    version: str


def six(facts: Facts) -> list[Figure]:
    """The six that the city keeps, or as many as there are; what is unknown comes last."""
    kept = sorted(CITY, key=lambda each: not _is_kept(facts, each[0]))
    return [_figure(facts, *each) for each in kept[:SIX]]


def _is_kept(facts: Facts, key: str) -> bool:
    if key == "backlog_overdue":
        return bool(facts.numbers.total["due"] > 0)
    kind = METRICS[key].form.value
    return (kind == "count" and not key.endswith("_min")) or sample(key, facts.numbers.total) > 0


def _figure(facts: Facts, key: str, against: str, kind: Kind) -> Figure:
    lang, total = facts.asked.lang, facts.numbers.total
    kept = facts.has_cases and _is_kept(facts, key)
    number = float(value(key, total)) if kept else math.nan
    small = kind != "count" and facts.is_small(key, total)
    shown, unit = _written(number, kind, lang) if not small else (words.UNKNOWN, "")
    said, level = _compared(facts, key, against, kind, number, small=small)
    return Figure(
        key=key,
        name=words.word(f"name_{key}", lang),
        figure=shown,
        unit=unit,
        against=said,
        level=level,
        version=words.word("kpi_version", lang, version=METRICS[key].version),
    )


def _written(number: float, kind: str, lang: Lang) -> tuple[str, str]:
    if math.isnan(number):
        return words.UNKNOWN, ""
    if kind == "share":
        return words.rate(number), words.word("percent", lang)
    if kind == "minutes":
        return words.duration(number, lang)
    return words.count(number), words.word("cases", lang)


def _compared(  # noqa: PLR0913 (one call)
    facts: Facts, key: str, against: str, kind: str, number: float, *, small: bool
) -> tuple[str, int]:
    """What is said beside a number, and the level of an alert it deserves."""
    lang = facts.asked.lang
    if math.isnan(number):
        return words.word("kpi_none", lang), 0
    if small:
        return words.word("kpi_few", lang, n=int(sample(key, facts.numbers.total))), 0
    if against == "norm":
        return norm(facts, "kpi_"), 0
    target = facts.asked.city.profile.targets.get(key)
    if target is not None and against == "target":
        return _target(number, target, kind, lang)
    return _before(facts, key, kind, number)


def _target(number: float, target: float, kind: str, lang: Lang) -> tuple[str, int]:
    if kind == "minutes":
        over = round(number) - round(target)
        if over <= 0:
            return words.word("kpi_within", lang, target=words.minutes(target, lang)), 0
        said = words.word("kpi_over", lang, over=words.minutes(over, lang))
        return said, 3 if over <= target * NEAR / 100 else 2
    aim = f"{words.rate(target, 0)}%"
    if number >= target:
        return words.word("kpi_met", lang, target=aim), 0
    return words.word("kpi_missed", lang, target=aim), 3 if target - number <= NEAR else 2


def norm(facts: Facts, prefix: str) -> str:
    """How the cases of the place lie against their norm, in words."""
    lang, found = facts.asked.lang, deviation.total(facts.numbers)
    if not found.norm > 0:
        return words.word(f"{prefix}no_norm", lang)
    if found.norm < LEAST_CASES:
        return words.word(f"{prefix}small_norm", lang, n=words.rate(found.norm))
    percent = round(abs(found.reported / round(found.norm) - 1) * 100)
    if deviation.is_usual(facts.numbers) or not percent:
        return words.word(f"{prefix}as_norm", lang)
    side = "above" if found.share > 0 else "below"
    key = f"{prefix}norm_{side}" if prefix else side
    return words.word(key, lang, percent=percent)


def _before(facts: Facts, key: str, kind: str, number: float) -> tuple[str, int]:
    lang, previous = facts.asked.lang, facts.numbers.previous
    backlog = key.startswith("backlog")
    if backlog and facts.asked.window.end < facts.asked.now:
        return words.word("kpi_now", lang), 0  # open now, whenever the period was
    few = previous is None or (kind != "count" and facts.is_small(key, previous))
    before = math.nan if few or previous is None else float(value(key, previous))
    if math.isnan(before):
        return words.word("kpi_alone", lang), 0
    moved = number - before
    if kind == "count":
        level = 2 if moved > HARDLY * before and "overdue" in key else 0
        said = "kpi_more" if moved > 0 else "kpi_less" if moved < 0 else "kpi_same"
        return words.word(said, lang, n=words.count(abs(moved))), level
    if kind == "minutes":
        said = "kpi_more" if moved > 0 else "kpi_less"
        return words.word(said, lang, n=words.minutes(abs(moved), lang)), 0
    if words.rate(abs(moved)) == words.rate(0):
        return words.word("kpi_same", lang), 0
    said = "kpi_points_up" if moved > 0 else "kpi_points_down"
    return words.word(said, lang, n=words.rate(abs(moved))), 0
