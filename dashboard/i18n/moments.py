"""Moments and spans in the city's own time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.i18n import t

MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400


def local(epoch_s: float, zone: str) -> datetime:
    """The moment in the city's zone."""
    return datetime.fromtimestamp(epoch_s, ZoneInfo(zone))


def clock(epoch_s: float, zone: str, *, seconds: bool = False) -> str:
    """14:31 or 14:31:40."""
    return local(epoch_s, zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def _written(key: str, moment: datetime, language: str) -> str:
    """A day as a reader of that language writes it; every date of the screens comes from here."""
    names = t("time.months", language).split(" ")
    number = f"{moment:%d}" if language == "zh" else str(moment.day)
    return t(f"time.{key}", language, year=moment.year, month=names[moment.month - 1], day=number)


def date(epoch_s: float, zone: str, language: str) -> str:
    """11-21, 21 Nov."""
    return _written("date", local(epoch_s, zone), language)


def full_date(epoch_s: float, zone: str, language: str) -> str:
    """2026-11-21, 21 Nov 2026."""
    return _written("date_year", local(epoch_s, zone), language)


def day_of(iso: str, language: str) -> str:
    """The day that the URL writes as 2026-11-21."""
    return _written("date_year", datetime.fromisoformat(iso), language)


def month(epoch_s: float, zone: str, language: str) -> str:
    """2026-11, Nov 2026."""
    return _written("month_year", local(epoch_s, zone), language)


def day(epoch_s: float, zone: str, language: str) -> str:
    """An axis day with its weekday: 11-21 六, Sat 21 Nov."""
    weekday = t("time.weekdays", language).split(" ")[local(epoch_s, zone).weekday()]
    return t("time.weekday", language, date=date(epoch_s, zone, language), weekday=weekday)


def date_of(epoch_s: float, now: float, zone: str, language: str) -> str:
    """The date, with its year where that is not this one."""
    this = local(epoch_s, zone).year == local(now, zone).year
    return (date if this else full_date)(epoch_s, zone, language)


def when(epoch_s: float, now: float, zone: str, language: str) -> str:
    """The clock for today, the date for days before."""
    same = local(epoch_s, zone).date() == local(now, zone).date()
    return clock(epoch_s, zone) if same else date(epoch_s, zone, language)


def hour(epoch_s: float, now: float, zone: str, language: str) -> str:
    """The clock for today, with the word for it of yesterday, else the date alone."""
    days = (local(now, zone).date() - local(epoch_s, zone).date()).days
    if not days:
        return clock(epoch_s, zone)
    if days == 1:
        return t("time.day_before", language, time=clock(epoch_s, zone))
    return date(epoch_s, zone, language)


def stamp(epoch_s: float, zone: str, language: str) -> str:
    """11-18 18:00, 18 Nov 18:00."""
    return f"{date(epoch_s, zone, language)} {clock(epoch_s, zone)}"


def full_stamp(epoch_s: float, zone: str, language: str) -> str:
    """2026-11-18 18:00, 18 Nov 2026 18:00."""
    return f"{full_date(epoch_s, zone, language)} {clock(epoch_s, zone)}"


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


def span_ends(
    span: tuple[int, int], now: int, zone: str, language: str, *, clocks: bool = True
) -> dict[str, str]:
    """The ends of a stretch as they are said: whole days without a clock, one day once.

    Without `clocks` only a stretch within one day tells them.
    """
    start, end = span
    ends = (local(start, zone), local(end - 1, zone))
    one_day = ends[0].date() == ends[1].date()
    if {each.year for each in ends} != {local(now, zone).year}:
        said = [full_date(at, zone, language) for at in (start, end - 1)]
    elif clock(start, zone) == clock(end, zone) == "00:00" or not (clocks or one_day):
        said = [date(at, zone, language) for at in (start, end - 1)]
    elif local(start, zone).date() == local(end, zone).date():
        said = [stamp(start, zone, language), clock(end, zone)]
    else:
        said = [stamp(at, zone, language) for at in (start, end)]
    return dict(zip("ab", said, strict=True))
