"""Words and numbers of the brief in both languages, from `words.toml`."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from geodata.model.periods import ROLLING, local
from geodata.paper.lines import LONGEST, cut

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from geodata.model.periods import Window

Lang = Literal["zh", "en"]
UNKNOWN: Final = "—"
HOUR_MIN, DAY_MIN = 60, 1_440
MINUTES_UP_TO, HOURS_UP_TO = 180, 4_320  # minutes stay readable up to three hours, then three days


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)


def word(key: str, lang: Lang, /, **values: object) -> str:
    """Say one thing, with values put in; {plural}: s unless {n} is one."""
    ending = "" if str(values.get("n")) == "1" else "s"
    return _catalogue()[key][lang].format(**{"plural": ending} | values)


def named(row: object, lang: Lang, longest: int = LONGEST) -> str:
    """The name of a table's row or of an entry of the profile, whichever is known."""
    first, second = ("name_zh", "name_en") if lang == "zh" else ("name_en", "name_zh")
    return cut(first_known(getattr(row, first, ""), getattr(row, second, "")), longest)


def first_known(*texts: object) -> str:
    """The first of some texts of the data that is there and not empty."""
    return next((text for text in texts if isinstance(text, str) and text), "")


def count(number: float) -> str:
    """A count: 18,964."""
    return UNKNOWN if math.isnan(number) else f"{round(number):,}".replace("-", "−")


def rate(number: float, decimals: int = 1) -> str:
    """A plain figure with fixed decimals: 17.4."""
    return UNKNOWN if math.isnan(number) else f"{number:,.{decimals}f}".replace("-", "−")


def change(share: float) -> str:
    """A relative change with its sign: +21%."""
    points = round(share * 100)
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points)}%"


def minutes(number: float, lang: Lang) -> str:
    """A duration in the unit that suits it: 47 min."""
    figure, unit = duration(number, lang)
    return f"{figure}\u00a0{unit}" if lang == "en" else f"{figure}{unit}"


def duration(number: float, lang: Lang) -> tuple[str, str]:
    """A duration as figure and unit."""
    if math.isnan(number):
        return UNKNOWN, ""
    if number < MINUTES_UP_TO:
        return f"{round(number)}", word("minute", lang)
    if number < HOURS_UP_TO:
        return f"{number / HOUR_MIN:.1f}", word("hour", lang)
    return f"{number / DAY_MIN:.1f}", word("day", lang)


def moment(at: int, zone: ZoneInfo, lang: Lang) -> str:
    """A moment with its weekday, as the head of a page says it."""
    then = local(at, zone)
    weekday = word("weekdays", lang).split(" ")[then.weekday()]
    return word(
        "moment", lang, y=then.year, m=then.month, d=then.day, weekday=weekday,
        month=word("months", lang).split(" ")[then.month - 1], clock=f"{then:%H:%M}",
    )  # fmt: skip


def spoken(period: str, window: Window, zone: ZoneInfo, lang: Lang, kind: str = "") -> str:
    """The period as a label; kind "in_" = inside of a sentence."""
    if period in ROLLING or period == "today":
        return word(f"{kind or 'period_'}{period}", lang)
    first, last = local(window.start, zone), local(window.end - 1, zone)
    if first.date() == last.date():
        return word(f"{kind}one_day", lang, a=f"{first:%Y-%m-%d}")
    return word(f"{kind}range", lang, a=f"{first:%Y-%m-%d}", b=f"{last:%Y-%m-%d}")
