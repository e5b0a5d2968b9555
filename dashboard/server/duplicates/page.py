"""The page of duplicates: what is proposed, where, how sources overlap, what was decided."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from dashboard.i18n import LANGUAGES, TAGS, named, t, titled
from dashboard.i18n.amounts import count
from dashboard.place import THEMES
from dashboard.server.duplicates import matrix
from dashboard.server.duplicates.cards import card, decision
from dashboard.server.duplicates.listed import (
    by_child,
    groups,
    open_pairs,
    ranked,
    with_told,
)
from geodata.store.decisions import CONFIRMED, UNDONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from dashboard.server.duplicates.shown import Shown
    from geodata.proposed import Proposed
    from geodata.store.decisions import Decision

    Tabs = Callable[[Shown], Sequence[tuple[str, str, bool]]]

PERIODS: Final = ("24h", "7d", "30d", "90d")
ON_A_PAGE: Final = 12
MOST_PLACES: Final = 8
MOST_DECIDED: Final = 8
AGAIN_S: Final = 2  # a page that waits for a search asks again


def page(shown: Shown, style: str, tabs: Sequence[tuple[str, str, bool]]) -> str:
    """The whole page; tabs: name, address, is this one."""
    found = shown.sought.found
    waits = found is None and shown.sought.busy
    again = f'<meta http-equiv="refresh" content="{AGAIN_S}">' if waits else ""
    city = titled(shown.asked.city.profile, shown.language)
    body = _waiting(shown) if found is None else _found(shown, found)
    return (
        f'<!doctype html><html lang="{TAGS[shown.language]}" data-theme="{shown.theme}">'
        f'<head><meta charset="utf-8">{again}'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{shown.t('title')} · {escape(city)}</title>{style}</head><body>"
        f'<div class="twins-page">{_header(shown, city, tabs)}{_path(shown)}'
        f'<main id="main">{_notice(shown)}{body}</main></div></body></html>'
    )


def _header(shown: Shown, city: str, tabs: Sequence[tuple[str, str, bool]]) -> str:
    links = "".join(
        f'<a href="{escape(href)}"{" aria-current=page" if here else ""}>{escape(name)}</a>'
        for name, href, here in tabs
    )
    switch = "".join(
        f'<a href="{shown.href(language=each)}" lang="{TAGS[each]}"'
        f"{' aria-current=true' if each == shown.language else ''}>"
        f"{escape(t('shell.own_name', each))}</a>"
        for each in LANGUAGES
    )
    other = THEMES[1 - THEMES.index(shown.theme)]
    word = escape(t(f"shell.to_{other}", shown.language))
    sign = "sun" if other == "light" else "moon"
    name = escape(t("screens.nav", shown.language))
    return (
        f'<header class="header"><a class="brand" href="/{escape(shown.query())}">{escape(city)}'
        f'</a><nav class="tabs" aria-label="{name}">{links}</nav><div class="header-end">'
        f'<span class="switch">{switch}</span><a class="look" href="{shown.href(theme=other)}" '
        f'aria-label="{word}"><span class="icon icon-{sign}"></span>'
        f'<span class="look-word">{word}</span></a></div></header>'
    )


def _path(shown: Shown) -> str:
    """Where we are, from the top down, and the periods to choose from."""
    asked = shown.asked
    units = asked.city.tree.path(asked.unit)
    last = asked.unit if asked.building is None else -1
    steps = [_step(shown, unit, here=unit == last) for unit in units]
    if asked.building is not None:
        house = shown.entry(asked.city.buildings, asked.building)
        steps.append(f"<li class=here>{house}</li>")
    chosen = asked.place.period or asked.city.profile.default_period
    periods = "".join(
        f'<a class="chip{" set" if period == chosen else ""}" href="{shown.href(period=period)}">'
        f"{shown.t(f'period_{period}')}</a>"
        for period in PERIODS
    )
    own = "" if chosen in PERIODS else f'<span class="chip set">{_span(shown)}</span>'
    return (
        f'<div class="path-row"><ol class="path">{"".join(steps)}</ol>'
        f'<div class="chips">{periods}{own}</div></div>'
    )


def _step(shown: Shown, unit: int, *, here: bool) -> str:
    way = shown.href(at=shown.asked.city.tree.codes[unit] if unit else "")
    return f'<li{" class=here" if here else ""}><a href="{way}">{shown.name(unit)}</a></li>'


def _span(shown: Shown) -> str:
    span = shown.asked.span
    return f"{shown.at(span.start, year=True)} – {shown.at(span.end - 1)}"


def _notice(shown: Shown) -> str:
    """What was just decided, or what of the address made no sense."""
    name = named(shown.asked.city.profile, shown.language)
    told = [t(f"notice.{each}", shown.language, city=name) for each in shown.asked.notices]
    said = escape(t("notice.between", shown.language).join(told))
    if shown.done:
        said = shown.t(f"done_{shown.done}")
    return f'<p class="twins-told" role="status">{said}</p>' if said else ""


def _waiting(shown: Shown) -> str:
    """Nothing was found yet: a search is under way, or broke off."""
    key = "searching" if shown.sought.busy else "failed"
    return (
        f'<h1>{shown.t(key)}</h1><p class="lead" role="status">{shown.t(f"{key}_why")}</p>'
        f'<a class="button" href="{shown.href()}">{shown.t("again")}</a>'
    )


def _found(shown: Shown, found: Proposed) -> str:
    pairs = open_pairs(shown.asked, found, shown.decided)
    listed = ranked(pairs, found.cases)
    last = max(1, -(-len(listed) // ON_A_PAGE))
    start = (min(shown.page, last) - 1) * ON_A_PAGE
    some = groups(listed[start : start + ON_A_PAGE], pairs)
    cases = with_told(shown.asked.city, some, found.cases)
    cards = [card(shown, each, cases) for each in some]
    side = [_places(shown, pairs, found), matrix.panel(shown, found), _decided(shown)]
    headline = _headline(shown, len(listed), len(pairs))
    return (
        f'<h1>{headline}</h1><p class="lead">{_basis(shown, found)}'
        f"{_refused(shown)}</p>"
        f'<div class="twins-grid"><div class="twins-list">{"".join(cards) or _none(shown)}'
        f'{_pages(shown, len(listed))}</div><aside class="twins-side">{"".join(side)}</aside></div>'
    )


def _headline(shown: Shown, groups_of: int, pairs: int) -> str:
    where = shown.name(shown.asked.unit)
    if shown.asked.building is not None:
        where = shown.entry(shown.asked.city.buildings, shown.asked.building)
    if not pairs:
        return shown.t("headline_none", where=where)
    return shown.t(
        "headline" if pairs == groups_of else "headline_more",
        where=where,
        groups=count(groups_of, shown.language),
        n=count(pairs, shown.language),
    )


def _basis(shown: Shown, found: Proposed) -> str:
    """What the search rests on, as of when, and what it had to leave out."""
    parts = [
        shown.t(
            "basis",
            n=count(found.compared, shown.language),
            since=shown.at(found.since),
            until=shown.at(found.until),
        )
    ]
    if found.cut:
        parts.append(shown.t("cut"))
    if shown.sought.busy:
        parts.append(shown.t("renewing"))
    elif shown.sought.failed:
        parts.append(shown.t("failed"))
    file = f'<a href="/duplicates/pairs.csv{shown.query()}" download>CSV</a>'
    return " ".join((*parts, file))


def _refused(shown: Shown) -> str:
    """Whoever may not decide is told how to come by the right."""
    return "" if shown.may_decide else f'<br><span class="note">{shown.t("may_not")}</span>'


def _none(shown: Shown) -> str:
    return f'<section class="panel"><p>{shown.t("none")}</p></section>'


def _pages(shown: Shown, count_of: int) -> str:
    last = -(-count_of // ON_A_PAGE)
    if last <= 1:
        return ""
    near = sorted({1, last, *range(max(1, shown.page - 2), min(last, shown.page + 2) + 1)})
    gaps = {later for earlier, later in pairwise(near) if later > earlier + 1}
    join = "&amp;" if shown.query() else "?"
    links = "".join(
        f"{'<span>…</span>' if number in gaps else ''}"
        f'<a class="chip{" set" if number == shown.page else ""}" '
        f'href="{shown.href()}{join}page={number}">{number}</a>'
        for number in near
    )
    return f'<nav class="chips pages" aria-label="{shown.t("pages")}">{links}</nav>'


def _places(shown: Shown, pairs: pd.DataFrame, found: Proposed) -> str:
    """Which places below this one have the most of them."""
    below = by_child(shown.asked, pairs, found.cases)
    if not below:
        return ""
    codes, most = shown.asked.city.tree.codes, below[0][1]
    rows = "".join(
        f'<li class="bar-row"><a class="name" href="{shown.href(at=codes[unit])}">'
        f'{shown.name(unit)}</a><span class="track"><span class="bar" style="--w:{n / most:.0%}">'
        f'</span></span><span class="value"><b>{n:,}</b></span></li>'
        for unit, n in below[:MOST_PLACES]
    )
    rest = len(below) - MOST_PLACES
    more = f'<p class="note">{shown.t("more_places", n=rest)}</p>' if rest > 0 else ""
    return (
        f'<section class="panel"><div class="panel-head"><h2>{shown.t("places")}</h2></div>'
        f'<ul class="bars">{rows}</ul>{more}</section>'
    )


def _decided(shown: Shown) -> str:
    """The newest decisions of the whole city, each of which can be taken back."""
    standing = sorted(shown.decided.standing.values(), key=lambda each: -each.at)
    confirmed = sum(each.said == CONFIRMED for each in standing)
    rows = "".join(_decision(shown, each) for each in standing[:MOST_DECIDED])
    told = shown.t(
        "decided_n",
        confirmed=count(confirmed, shown.language),
        declined=count(len(standing) - confirmed, shown.language),
    )
    empty = f'<p class="note">{shown.t("decided_none")}</p>'
    return (
        f'<section class="panel decided"><div class="panel-head"><h2>{shown.t("decided")}</h2>'
        f"<small>{told if standing else ''}</small></div>"
        f"<ul>{rows}</ul>{'' if standing else empty}</section>"
    )


def _decision(shown: Shown, each: Decision) -> str:
    undo = decision(shown, UNDONE, each.case, each.first) if shown.may_decide else ""
    said = shown.t(f"was_{each.said}", case=each.case[1], first=each.first[1])
    who = shown.t("by", actor=each.actor, at=shown.at(each.at))
    return f"<li><div>{said}<small>{who}</small></div>{undo}</li>"
