"""A group of reports side by side, what speaks for it, and the buttons that decide."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboard.server.duplicates.evidence import reasons
from dashboard.server.duplicates.listed import case_of, names_of, row_of
from dashboard.server.duplicates.shown import DECIDE_PATH
from geodata.duplicates import in_common

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from dashboard.server.duplicates.listed import Group
    from dashboard.server.duplicates.shown import Shown
    from geodata.store.decisions import Case

MOST: Final = 3  # later reports beside the first; further ones follow when these are decided
SURE: Final = 0.95
LIKELY: Final = 0.85


def card(shown: Shown, group: Group, cases: pd.DataFrame) -> str:
    """One group."""
    pairs = [pair for _, pair in group.pairs.head(MOST).iterrows()]
    first = row_of(cases, group.first)
    columns = [first, *(row_of(cases, int(pair["id"])) for pair in pairs)]
    heads = [f"<th scope=col>{shown.t('first_report')}</th>"]
    heads += [
        f"<th scope=col>{shown.t('later_report')} <b>{_percent(pair)}</b> "
        f'<span class="sure">{shown.t(_sure(pair))}</span></th>'
        for pair in pairs
    ]
    rows = "".join(_row(shown, key, columns) for key in FACTS)
    title = f"{_matter(shown, first)} · {_where(shown, first)}"
    feet = "".join(_foot(shown, pair, first, cases) for pair in pairs)
    left = len(group.pairs) - MOST
    more = f'<p class="note">{shown.t("more_reports", n=left)}</p>' if left > 0 else ""
    return (
        f'<article class="panel twins"><h2>{title}</h2><div class="twins-table"><table>'
        f"<thead><tr><td></td>{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{feet}{more}</article>"
    )


def decision(shown: Shown, said: str, case: Case, first: Case, look: str = "") -> str:
    """A form with one button."""
    back = shown.query()
    names = ("source", "number", "first_source", "first_number")
    hidden = dict(zip(names, (*case, *first), strict=True)) | {"do": said, "back": back}
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    return (
        f'<form method="post" action="{DECIDE_PATH}">{fields}'
        f'<button class="button {look}">{shown.t(f"do_{said}")}</button></form>'
    )


def _foot(shown: Shown, pair: pd.Series, first: pd.Series, cases: pd.DataFrame) -> str:
    """What speaks for one later report, and the buttons."""
    later = row_of(cases, int(pair["id"]))
    known = " ".join(names_of(shown.asked.city, row) for row in (first, later))
    told = reasons(shown, pair, in_common(str(first["text"]), str(later["text"]), known))
    return f'<div class="twins-foot">{told}{_buttons(shown, pair, cases)}</div>'


def _row(shown: Shown, key: str, columns: Sequence[pd.Series]) -> str:
    """One fact of every report; what is said alike is faint but in the first column."""
    told = [FACTS[key](shown, row) for row in columns]
    if set(told) == {"—"}:
        return ""
    cells = "".join(
        f"<td{' class=same' if number and text == told[0] else ''}>{text}</td>"
        for number, text in enumerate(told)
    )
    return f"<tr><th scope=row>{shown.t(f'fact_{key}')}</th>{cells}</tr>"


def _matter(shown: Shown, row: pd.Series) -> str:
    city = shown.asked.city
    if int(row["matter"]) >= 0:
        return shown.entry(city.matters, int(row["matter"]))
    return shown.entry(city.categories, int(row["category"]))


def _where(shown: Shown, row: pd.Series) -> str:
    city = shown.asked.city
    site = city.sites.iloc[int(row["site"])]
    unit = shown.name(int(site["unit"]))
    if int(site["building"]) < 0:
        return unit
    return f"{unit} · {shown.entry(city.buildings, int(site['building']))}"


def _room(shown: Shown, row: pd.Series) -> str:
    floor, room = int(row["floor"]), int(row["room"])
    return shown.t("room", floor=floor, room=room) if floor and room else "—"


def _state(shown: Shown, row: pd.Series) -> str:
    closed = 0 < int(row["closed"]) <= shown.asked.request.now
    return shown.t("closed", at=shown.at(int(row["closed"]))) if closed else shown.t("open")


def _reporter(shown: Shown, row: pd.Series) -> str:
    """Who reported it, masked, with the way to more for those who may see more."""
    said = " ".join(str(row[name]) for name in ("reporter", "phone") if row[name])
    if not said:
        return "—"
    where = f"/personal{shown.query(case=str(row.name))}"
    return f'<a href="{escape(where)}">{escape(said)}</a>'


FACTS: Final[dict[str, Callable[[Shown, pd.Series], str]]] = {
    "source": lambda shown, row: shown.entry(shown.asked.city.sources, int(row["source"])),
    "key": lambda _, row: f"<code>{escape(str(row['key']))}</code>",
    "reported": lambda shown, row: shown.at(int(row["reported"])),
    "occurred": lambda shown, row: shown.at(int(row["occurred"])),
    "matter": _matter,
    "where": _where,
    "room": _room,
    "department": lambda shown, row: shown.entry(
        shown.asked.city.departments, int(row["department"])
    ),
    "state": _state,
    "reporter": _reporter,
    "text": lambda _, row: escape(str(row["text"])) or "—",
}


def _buttons(shown: Shown, pair: pd.Series, cases: pd.DataFrame) -> str:
    if not shown.may_decide:
        return ""
    city = shown.asked.city
    case, first = (case_of(city, row_of(cases, int(pair[name]))) for name in ("id", "first"))
    both = decision(shown, "confirmed", case, first, "primary")
    return f'<div class="decide">{both}{decision(shown, "declined", case, first)}</div>'


def _percent(pair: pd.Series) -> str:
    """Never 100: nothing here is certain."""
    return f"{min(int(float(pair['probability']) * 100), 99)}%"


def _sure(pair: pd.Series) -> str:
    chance = float(pair["probability"])
    return "sure" if chance >= SURE else "likely" if chance >= LIKELY else "perhaps"
