"""Counts, shares and durations as people read them; what is unknown is a dash, never a zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from dashboard.i18n import t

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN: Final = "—"
_PLAIN_BELOW: Final = 1_000_000  # up to here a screen shows every digit, large beside small
_HUNDRED_MILLION: Final = 100_000_000
_TEN_THOUSAND: Final = 10_000
_MILLION: Final = 1_000_000
_THOUSAND: Final = 1_000


def known(value: float | None) -> bool:
    """Whether there is a number at all."""
    return value is not None and not math.isnan(value)


def count(value: float | None, language: str) -> str:
    """A count: 18,964; from a million on 123 万 or 1.23M."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if abs(value) < _PLAIN_BELOW:
        return f"{round(value):,}".replace("-", "−")
    steps = {
        "zh": ((_HUNDRED_MILLION, "unit.hundred_million"), (_TEN_THOUSAND, "unit.ten_thousand")),
        "en": ((_MILLION, "unit.million"), (_THOUSAND, "unit.thousand")),
    }[language]
    size, key = next(step for step in steps if abs(value) >= step[0])
    return t(key, language, n=_three_digits(value / size))


def rough(value: float, language: str) -> str:
    """A count in three digits from ten thousand on: 16.5 万, 165k."""
    if abs(value) < _TEN_THOUSAND or abs(value) >= _PLAIN_BELOW:
        return count(value, language)
    size, key = {
        "zh": (_TEN_THOUSAND, "unit.ten_thousand"), "en": (_THOUSAND, "unit.thousand")
    }[language]  # fmt: skip
    return t(key, language, n=_three_digits(value / size))


def _three_digits(value: float) -> str:
    decimals = max(0, 2 - int(math.log10(abs(value)))) if value else 0
    return f"{value:,.{decimals}f}"


def rate(value: float | None, decimals: int = 1) -> str:
    """A plain figure with fixed decimals: 17.4."""
    if value is None or math.isnan(value):
        return UNKNOWN
    return f"{value:,.{decimals}f}".replace("-", "−")


def percent(share: float | None, decimals: int = 1) -> str:
    """A share 0–1 as 96.4 (the unit % is written beside it)."""
    return rate(None if share is None else share * 100, decimals)


def change(share: float | None) -> str:
    """A relative change with its sign: +21%, −4%, 0%."""
    if share is None or not math.isfinite(share):
        return UNKNOWN
    points = round(share * 100)
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points)}%"


def arrow(share: float | None) -> str:
    """The direction of a change: ↑ ↓ or a dash."""
    if share is None or not math.isfinite(share) or round(share * 100) == 0:
        return UNKNOWN
    return "↑" if share > 0 else "↓"


def minutes(value: float | None, language: str) -> str:
    """A duration given in minutes: 47 分, 3.4 小时, 2.1 天."""
    figure, unit = duration(value, language)
    return t("unit.figure", language, figure=figure, unit=unit) if unit else figure


def duration(value: float | None, language: str) -> tuple[str, str]:
    """A duration given in minutes as (figure, unit)."""
    if value is None or math.isnan(value):
        return UNKNOWN, ""
    hours = value / 60
    if hours < 3:  # noqa: PLR2004  minutes stay readable up to three hours
        return f"{round(value)}", t("unit.min", language)
    if hours < 72:  # noqa: PLR2004  and hours up to three days
        return f"{hours:.1f}", t("unit.hour", language)
    return f"{hours / 24:.1f}", t("unit.day", language)


def together(values: Sequence[float], language: str) -> tuple[list[str], str]:
    """Durations given in minutes in one unit, the one that suits the first: figures and unit."""
    unit = duration(values[0], language)[1]
    size = {t("unit.hour", language): 60, t("unit.day", language): 1440}.get(unit, 1)
    return [rate(value / size, 0 if size == 1 else 1) for value in values], unit


def few(value: int, language: str) -> str:
    """A number of people or organisations; below five it is not given away."""
    if value < 0:
        return UNKNOWN
    return "<5" if value < 5 else count(value, language)  # noqa: PLR2004  0–4 look alike
