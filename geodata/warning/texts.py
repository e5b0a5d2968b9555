"""What an alert says in both languages: what, how much more than usual, where and since when."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.model.periods import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.warning.folding import Alert, Hit

FILE: Final = Path(__file__).with_name("texts.toml")
LANGUAGES: Final = ("zh", "en")
SAME_PLACE_M: Final = 30.0  # what lies nearer is one place
TEN: Final = 10.0
MOST_YEARS: Final = 100
YEAR: Final = 365


@dataclass(frozen=True)
class Names:
    """Names by row, zh and en: of matters, categories, units and syndromes."""

    matters: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    syndromes: Sequence[tuple[str, str]] = ()

    def what(self, hit: Hit, language: int) -> str:
        """What an alert is about."""
        if hit.matter >= 0:
            return self.matters[hit.matter][language]
        if hit.syndrome >= 0:
            return self.syndromes[hit.syndrome][language]
        if hit.category >= 0:
            return self.categories[hit.category][language]
        return str(_texts()["words"]["all"][LANGUAGES[language]])


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def is_repeat(hit: Hit) -> bool:
    """Whether the same matter came again at the same place."""
    same = hit.zone < 0 and 0 < hit.distance <= SAME_PLACE_M
    return same and hit.matter >= 0 and hit.window >= DAY


def kind(alert: Alert) -> str:
    """Which detector an alert comes from: scan, repeat, band, or flood where many became one."""
    if alert.flood > 1:
        return "flood"
    return "repeat" if is_repeat(alert.hit) else alert.hit.detector


def told(alert: Alert, names: Names) -> dict[str, str]:
    """Title and reason, zh and en."""
    found = {}
    for number, language in enumerate(LANGUAGES):
        found[f"title_{language}"] = _title(alert, names, number)
        found[f"reason_{language}"] = _reason(alert, names, number)
    return found


def _title(alert: Alert, names: Names, number: int) -> str:
    hit = alert.hit
    times = f"{min(hit.count / max(hit.expected, 1.0), 99.0):.1f}"
    form = str(_texts()["title"][kind(alert)][LANGUAGES[number]])
    return form.format(what=names.what(hit, number), n=hit.count, times=times, flood=alert.flood)


def _reason(alert: Alert, names: Names, number: int) -> str:
    hit, language = alert.hit, LANGUAGES[number]
    key = kind(alert)
    if key in {"scan", "band"}:
        key = "unit" if hit.zone >= 0 else "circle"
    where = names.units[hit.zone if hit.zone >= 0 else hit.path[-1]][number]
    form = str(_texts()["reason"][key][language])
    said = form.format(
        cases=_cases(hit, names, number), n=hit.count, x=_usual(hit.expected, language),
        where=where, flood=alert.flood, span=_span(hit.window, language),
        radius=f"{hit.distance:.0f}",
    )  # fmt: skip
    words = _texts()["words"]
    if hit.recurrence < 0:
        times = round(10.0**-hit.recurrence)
        return said + str(words["often" if times > 1 else "daily"][language]).format(n=times)
    return said + str(words["chance"][language]).format(days=_chance(hit.recurrence, language))


def _cases(hit: Hit, names: Names, number: int) -> str:
    """How many cases of what; a surge of everything has no kind to be quoted."""
    every = max(hit.matter, hit.syndrome, hit.category) < 0
    form = str(_texts()["words"]["cases_all" if every else "cases"][LANGUAGES[number]])
    return form.format(what=names.what(hit, number), n=hit.count)


def _usual(expected: float, language: str) -> str:
    """How many are usual; a part of a case says nothing to a reader."""
    words = _texts()["words"]
    if expected < 1:
        return str(words["few"][language])
    shown = f"{expected:.1f}" if expected < TEN else f"{expected:.0f}"
    return str(words["usual"][language]).format(n=shown)


def _span(window: int, language: str) -> str:
    words = _texts()["words"]
    if window <= HOUR:
        return str(words["hour"][language])
    if window <= 2 * DAY:
        return str(words["hours"][language]).format(n=round(window / HOUR))
    return str(words["days"][language]).format(n=round(window / DAY))


def _chance(recurrence: float, language: str) -> str:
    """A recurrence interval; beyond a century nobody can know."""
    words = _texts()["words"]
    days = 10.0 ** min(recurrence, 9.0)
    if days >= YEAR:
        years = int(days // YEAR)
        key = "century" if years >= MOST_YEARS else "years" if years > 1 else "year"
        return str(words[key][language]).format(n=years)
    n = max(round(days), 1)
    return str(words["once" if n > 1 else "day"][language]).format(n=n)
