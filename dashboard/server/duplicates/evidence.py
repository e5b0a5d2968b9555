"""What speaks for a pair and what against, in plain words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboard.i18n import t
from dashboard.i18n.amounts import minutes
from geodata.duplicates import evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dashboard.server.duplicates.shown import Shown

STRONG: Final = 3.0  # bits: eight times as frequent among duplicates as among chance meetings
SOME: Final = 1.0
MINUTE: Final = 60
RARE: Final = ("below_0.75_a_month", "below_1.5_a_month")
BUSY: Final = ("below_12_a_month", "below_24_a_month", "busier")


def reasons(shown: Shown, pair: pd.Series, words: Sequence[str]) -> str:
    """A list: what agrees and how much it tells, the weightiest first; words: in both texts."""
    found = evidence(pair)
    rows = "".join(
        f'<li class="{_kind(bits)}" title="{escape(_weight(shown, bits))}">'
        f"{escape(_words(shown, pair, name, level))}</li>"
        for name, (level, bits) in found.items()
    )
    if words:
        said = escape(t("duplicates.words", shown.language, words=" · ".join(words)))
        rows += f'<li class="words">{said}</li>'
    return f'<ul class="reasons">{rows}</ul>'


def words_of(pair: pd.Series, language: str) -> str:
    """The same in one line, for a table."""
    told = [_said(pair, name, level, language) for name, (level, _) in evidence(pair).items()]
    return t("duplicates.between", language).join(told)


def _words(shown: Shown, pair: pd.Series, name: str, level: str) -> str:
    return _said(pair, name, level, shown.language)


def _said(pair: pd.Series, name: str, level: str, language: str) -> str:
    """One level in words; distances and times with their own figures."""
    if name == "lag":
        return t("duplicates.lag", language, n=minutes(float(pair["lag_s"]) / MINUTE, language))
    if name == "metres" and level != "unlocated":
        return t("duplicates.metres", language, m=round(float(pair["distance_m"])))
    if name == "occurred" and level.startswith("to_"):
        return t("duplicates.occurred", language, m=level.split("_")[1])
    if name == "busy":
        level = "rare" if level in RARE else "often" if level in BUSY else "now_and_then"
    return t(f"duplicates.{name}_{level}", language)


def _kind(bits: float) -> str:
    if bits <= -SOME:
        return "against"
    return "strong" if bits >= STRONG else "for" if bits >= SOME else "little"


def _weight(shown: Shown, bits: float) -> str:
    times = 2 ** abs(bits)
    key = "weight_for" if bits >= 0 else "weight_against"
    written = f"{times:.0f}" if times >= 10 else f"{times:.1f}"  # noqa: PLR2004
    return t(f"duplicates.{key}", shown.language, times=written)
