"""Alerts that nobody has dealt with yet: the worst first, each a link to its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.marks import attributes, level_mark, link
from dashboard.i18n import thin
from dashboard.i18n.moments import hour, stamp
from geodata.model.periods import MINUTE

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

    Row = Mapping[Hashable, Any]

    Floats = npt.NDArray[np.float64]

SHOWN: Final = 3
ALARM: Final = 2  # the milder of the two levels that call for somebody; yellow and blue inform
WINDOW: Final = ("since", "until")
MARKED: Final = 8  # at most on the map at once


@dataclass(frozen=True)
class Alert:
    """One open alert in the reader's language.

    key: names it in every language and after the next publication; unit: row of its place;
    topic: what was counted, alike for alerts of one kind; since, until, radius_m: when and how far
    round its place its cases were reported, 0 = not known, or in the whole unit.
    """

    level: int
    where: str
    what: str
    reason: str
    raised: int
    lon: float
    lat: float
    code: str
    period: str = ""
    categories: tuple[str, ...] = ()
    key: str = ""
    unit: int = 0
    topic: str = ""
    since: int = 0
    until: int = 0
    radius_m: float = 0.0

    @property
    def plain(self) -> str:
        """What happened, without the place if the title begins with it."""
        return self.what.removeprefix(self.where).strip()

    def href(self, scene: Scene) -> str:
        """A link to its place, and to the cases it rests on where they are known."""
        where = {"at": self.code, "level": "", "table": "", "heat": False}
        if not self.period:
            return scene.href(**where)
        return scene.href(**where, period=self.period, play="", categories=self.categories)


def open_alerts(scene: Scene, place: int | None = None) -> list[Alert]:
    """Alerts open at the end of what is shown, in the scene's place or another, the worst first.

    That is now, but for a period or a chosen moment that lies in the past: a played window that
    nobody chose ends with the last whole quarter of an hour, and what came since is open all the
    same.
    """
    unit = scene.unit if place is None else place
    return scene.once(("alerts", unit), lambda: _open(scene, unit))


def are_open(scene: Scene) -> bool:
    """Whether there are any, for who need not know which: to put them into words takes a while."""
    return len(_rows_of(scene, scene.city.alerts, scene.unit)) > 0


def _open(scene: Scene, place: int) -> list[Alert]:
    table = scene.city.alerts
    rows = _rows_of(scene, table, place)
    return [_alert(scene, row) for row in table.iloc[rows].to_dict("records")]


def _rows_of(scene: Scene, table: pd.DataFrame, place: int) -> npt.NDArray[np.intp]:
    """Rows of what is open, the worst first."""
    if not len(table):
        return np.empty(0, np.intp)
    end = scene.window.end if scene.place.play else scene.span.end
    at = min(scene.now, end)
    raised, cleared, unit, level = _columns(scene, table)
    units = scene.city.tree.subtree(place)
    inside = (unit >= units.start) & (unit < units.stop)
    rows = np.flatnonzero((raised <= at) & (cleared > at) & inside)
    return rows[np.lexsort((-raised[rows], level[rows]))]


def opened(scene: Scene) -> list[Alert]:
    """The alerts that lead to the very place that is looked at, of whose cases it then tells.

    A building's are few, whatever the address says besides; a unit's are those whose cases the
    address asks for. A window moves on with each further case, so that it need not be the same.
    """
    here = scene.place.at
    mine = [alert for alert in open_alerts(scene) if here and alert.code == here]
    if scene.building is not None:
        return sorted(mine, key=lambda alert: not _is_asked(scene, alert))
    return [alert for alert in mine if _is_asked(scene, alert)]


def _is_asked(scene: Scene, alert: Alert) -> bool:
    """Whether the address asks for the cases of an alert, or it names none."""
    if not alert.period:
        return True
    meets = scene.span.start <= alert.until and alert.since < scene.span.end
    chosen = ".." in scene.place.period and scene.place.categories == alert.categories
    return chosen and meets


def _columns(scene: Scene, table: pd.DataFrame) -> tuple[Floats, ...]:
    """Raised, cleared (never: inf), unit and level of every alert, read once until some come."""
    kept: dict[str, tuple[pd.DataFrame, tuple[Floats, ...]]]
    kept = scene.city.once(f"alert columns {scene.city.id}", dict)
    known = kept.get("newest")
    if known is None or known[0] is not table:
        names = ("raised", "cleared", "unit", "level")
        read = tuple(table[name].to_numpy(dtype=np.float64, na_value=np.inf) for name in names)
        known = kept["newest"] = (table, read)
    return known[1]


def _alert(scene: Scene, row: Row) -> Alert:
    zh = scene.language == "zh"
    unit, site = int(row["unit"]), int(row["site"])
    building = int(scene.city.sites["building"].iloc[site]) if site >= 0 else -1
    code = scene.city.building_codes[building] if building >= 0 else scene.city.tree.codes[unit]
    title, reason = (
        (row["title_zh"], row["reason_zh"]) if zh else (row["title_en"], row["reason_en"])
    )
    period = _period(scene, row)
    known = {name: row[name] for name in WINDOW} if period else {}
    if period:
        since = stamp(int(row["since"]), scene.zone, scene.language)
        reason = scene.t("alert.since", reason=reason, at=since)
    return Alert(
        level=int(row["level"]), where=_where(scene, unit), what=thin(str(title), scene.language),
        reason=thin(str(reason), scene.language), raised=int(row["raised"]), lon=float(row["lon"]),
        lat=float(row["lat"]), code=code, period=period,
        categories=_categories(scene, row),
        key=key_of(row, scene.city.tree.codes[unit]), unit=unit, topic=_text(row.get("topic")),
        **{name: int(value) for name, value in known.items()},
        radius_m=float(row["radius_m"]) if known and row.get("radius_m", 0) > 0 else 0.0,
    )  # fmt: skip


def key_of(row: Row, code: str) -> str:
    """A name for an alert that does not change with the rows of a publication."""
    names = (_text(row.get("kind")), _text(row.get("topic")), code, str(int(row["raised"])))
    said = "\0".join((*names, str(row["title_zh"])))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _period(scene: Scene, row: Row) -> str:
    """The window its cases were reported in, by whole minutes of the local clock; "" unknown."""
    since, until = row.get("since"), row.get("until")
    if pd.isna(since) or pd.isna(until) or not 0 < int(since) < int(until):
        return ""
    first, after = int(since) // MINUTE * MINUTE, (int(until) // MINUTE + 1) * MINUTE
    ends = (datetime.fromtimestamp(at, ZoneInfo(scene.zone)) for at in (first, after))
    return "..".join(f"{end:%Y-%m-%dT%H:%M}" for end in ends)


def _categories(scene: Scene, row: Row) -> tuple[str, ...]:
    """The category of all its cases, none where they may be of several."""
    category = int(row.get("category", -1))
    return (str(scene.city.categories["key"].iloc[category]),) if category >= 0 else ()


def _where(scene: Scene, unit: int) -> str:
    named = named_unit(scene, unit)
    return scene.name(named) if scene.language == "zh" else scene.short(named)


def named_unit(scene: Scene, unit: int) -> int:
    """The second level under the root, which is how people name a place in a city."""
    path = scene.city.tree.path(unit)
    return int(path[min(2, len(path) - 1)])


def alert_list(scene: Scene) -> Node:
    """The corner of the map: how many, and the first three."""
    if scene.arranged != "cells" or scene.department is not None:
        return None
    found = open_alerts(scene)
    if not found:
        return None
    whole = scene.place.table == "alerts"
    more = None
    if len(found) > 1:  # a phone shows the worst one alone
        words = scene.t("alert.fewer" if whole else "alert.all", n=len(found))
        all_shown = "on-phone" if len(found) <= SHOWN and not whole else ""
        more = link(words, scene.href(table="" if whole else "alerts"), all_shown)
    counted = scene.t("alert.every", n=len(found)) if whole else _counted(scene, found)
    head = [html.H3(counted), more]
    alarms = sum(alert.level <= ALARM for alert in found)
    first = found[: min(SHOWN, alarms or SHOWN)]  # rows of what the heading counts
    asked = [] if whole else opened(scene)[:1]
    rows = [_row(scene, alert, alert.reason) for alert in asked]
    rows += [_row(scene, alert) for alert in (found if whole else first) if alert not in asked]
    return html.Section(
        [html.Div(head, className="alerts-head"), html.Ul(rows)],
        className="alerts card open" if whole else "alerts",
        **attributes({"aria-label": scene.t("panel.alerts")}),
    )


def _counted(scene: Scene, found: list[Alert]) -> str:
    """How many call for somebody; where none does, how many inform."""
    alarms = sum(alert.level <= ALARM for alert in found)
    if alarms:
        return scene.t("alert.alarms", n=alarms)
    levels = {alert.level for alert in found}
    key = f"alert.only_{levels.pop()}" if len(levels) == 1 else "alert.open"
    return scene.t(key, n=len(found))


def marked(scene: Scene) -> list[Alert]:
    """The alerts that stand on the map: the worst; of a building's the whole city's."""
    if scene.arranged == "compare":
        return []
    return open_alerts(scene, 0 if scene.building is not None else None)[:MARKED]


def _row(scene: Scene, alert: Alert, reason: str = "") -> Node:
    """An alert that leads to its place; with its reason where that is looked at."""
    what = alert.plain
    at = hour(alert.raised, scene.now, scene.zone, scene.language)
    level = scene.t(f"alert.level_{alert.level}")
    way = link(
        [
            level_mark(alert.level, level),
            # Screen readers meet the word in the mark; on a phone it is seen as well.
            html.Span(level, className="level-word", **attributes({"aria-hidden": "true"})),
            html.Span(alert.where, className="where"),
            html.Span(what, className="what"),
            html.Time(at),
        ],
        alert.href(scene),
        title=f"{alert.where} · {what}\n{alert.reason}",
    )
    return html.Li([way, html.P(reason) if reason else None], className="asked" if reason else "")
