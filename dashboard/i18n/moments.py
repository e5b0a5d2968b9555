"""Moments and spans in the city's own time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.i18n import t

MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400
LAST_NIGHT_S = 43_200  # within it no clock time can be mistaken for one of today


def local(epoch_s: float, zone: str) -> datetime:
    """The moment in the city's zone."""
    return datetime.fromtimestamp(epoch_s, ZoneInfo(zone))


def clock(epoch_s: float, zone: str, *, seconds: bool = False) -> str:
    """14:31 or 14:31:40."""
    return local(epoch_s, zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(epoch_s: float, zone: str, language: str) -> str:
    """An axis day with its weekday: 11-21 六, 11-21 Sa."""
    moment = local(epoch_s, zone)
    weekday = t("time.weekdays", language).split(" ")[moment.weekday()]
    return f"{moment:%m-%d} {weekday}"


def date(epoch_s: float, zone: str) -> str:
    """11-21."""
    return f"{local(epoch_s, zone):%m-%d}"


def date_of(epoch_s: float, now: float, zone: str) -> str:
    """11-21, with its year where that is not this one."""
    moment = local(epoch_s, zone)
    return f"{moment:%m-%d}" if moment.year == local(now, zone).year else f"{moment:%Y-%m-%d}"


def when(epoch_s: float, now: float, zone: str) -> str:
    """The clock for today, the date for days before."""
    same = local(epoch_s, zone).date() == local(now, zone).date()
    return clock(epoch_s, zone) if same else date(epoch_s, zone)


def hour(epoch_s: float, now: float, zone: str, language: str) -> str:
    """The clock for today or last night, else the word for yesterday or the date beside it."""
    days = (local(now, zone).date() - local(epoch_s, zone).date()).days
    if not days or 0 <= now - epoch_s < LAST_NIGHT_S:
        return clock(epoch_s, zone)
    if days == 1:
        return t("time.day_before", language, time=clock(epoch_s, zone))
    return stamp(epoch_s, zone)


def stamp(epoch_s: float, zone: str) -> str:
    """11-18 18:00."""
    return f"{local(epoch_s, zone):%m-%d %H:%M}"


def minute(epoch_s: float, zone: str) -> str:
    """The minute as the URL writes it: 2026-11-21T14:30."""
    return f"{local(epoch_s, zone):%Y-%m-%dT%H:%M}"


def age(seconds: float, language: str) -> str:
    """How long ago: 40 秒, 4 分 20 秒, 3 小时, 2 天."""
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return t("time.age_s", language, s=whole)
    if whole < HOUR_S:
        return t("time.age_min", language, m=whole // MINUTE_S, s=whole % MINUTE_S)
    if whole < DAY_S:
        return t("time.age_h", language, h=whole // HOUR_S)
    return t("time.age_d", language, d=whole // DAY_S)


def span_ends(start: int, end: int, now: int, zone: str) -> dict[str, str]:
    """The ends of a stretch as they are said: whole days without a clock, one day once."""
    ends = (local(start, zone), local(end - 1, zone))
    if {each.year for each in ends} != {local(now, zone).year}:
        return {"a": f"{ends[0]:%Y-%m-%d}", "b": f"{ends[1]:%Y-%m-%d}"}
    first, last = stamp(start, zone), stamp(end, zone)
    if first.endswith("00:00") and last.endswith("00:00"):
        first, last = first[:5], stamp(end - 1, zone)[:5]
    elif first[:5] == last[:5]:
        last = last[6:]
    return {"a": first, "b": last}
