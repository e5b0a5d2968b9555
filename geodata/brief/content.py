"""Everything that the page says, as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from geodata.brief import figures, names, ranking, sheet_map, telling, words
from geodata.brief.words import word
from geodata.metrics.schemes import version_of
from geodata.model.periods import local
from geodata.paper.lines import cut
from geodata.paper.palette import palette

if TYPE_CHECKING:
    from geodata.brief.facts import Facts

MOST_ALERTS: Final = 4
TITLES: Final = ("24h", "today", "7d", "30d")


def content(facts: Facts) -> dict[str, Any]:
    """The page as data: every text of it is a text and never markup."""
    asked = facts.asked
    lang, then = asked.lang, local(asked.now, asked.zone)
    known = facts.has_cases and bool(facts.numbers.total["reported"])
    return {
        "lang": lang,
        "colours": palette(),
        "date": [then.year, then.month, then.day, then.hour, then.minute, then.second],
        "title": _title(facts),
        "moment": word("as_of", lang, moment=words.moment(asked.now, asked.zone, lang)),
        "period": words.spoken(asked.named_period, asked.window, asked.zone, lang),
        "sentence": telling.sentence(facts),
        "figures": [asdict(each) for each in figures.six(facts)] if known else [],
        "exceptions_title": word("exceptions", lang),
        "exceptions": [asdict(each) for each in telling.exceptions(facts)],
        "map": sheet_map.drawn(facts),
        "departments": ranking.table(facts) if known else {},
        "alerts": _alerts(facts),
        "questions_title": word("questions", lang),
        "questions": [asdict(each) for each in telling.questions(facts)],
        "questions_none": word("questions_none", lang),
        "see": word("see", lang),
        "home": asked.link(),
        "counted": word("counted", lang, hash=version_of(asked.city.profile.schemes)),
        "made": word("made", lang, moment=f"{then:%Y-%m-%d %H:%M:%S}", snapshot=cut(asked.city.id)),
        "page": word("page", lang),
    }


def _title(facts: Facts) -> str:
    asked = facts.asked
    key = f"title_{asked.named_period}" if asked.named_period in TITLES else "title"
    return word(key, asked.lang, place=names.unit(asked.city, asked.unit, asked.lang))


def _alerts(facts: Facts) -> dict[str, Any]:
    asked, found = facts.asked, facts.alerts
    lang, city = asked.lang, asked.city
    rows = []
    for each in found[:MOST_ALERTS]:
        row = city.alerts.iloc[each.row]
        what = names.alert(row, lang)
        rows.append(
            {
                "level": each.level,
                "said": word("alert_said", lang, where=_where(facts, each.unit), what=what),
                "at": f"{local(int(row['raised']), asked.zone):%m-%d %H:%M}",
                "href": asked.link(at=city.tree.codes[each.unit]),
            }
        )
    left = len(found) - len(rows)
    return {
        "title": word("alerts" if found else "alerts_none", lang, n=len(found)),
        "rows": rows,
        "rest": word("alerts_rest", lang, n=left) if left else "",
    }


def _where(facts: Facts, unit: int) -> str:
    """A place in a narrow column: in English its own name alone."""
    asked = facts.asked
    if asked.lang == "en":
        return names.unit(asked.city, unit, asked.lang)
    return names.full(asked.city, unit, asked.lang, asked.unit)
