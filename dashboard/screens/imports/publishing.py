"""What publishing would do, in words, before anybody agrees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.i18n import t

if TYPE_CHECKING:
    from dashboard.screens.imports.state import State


def asking(state: State, language: str) -> str:
    """Name the city that would be shown, the one it replaces, and the files that are not in it."""
    made = state.outcome.get("counts", {}).get("incidents", 0)
    told = _cases(*state.names, made, language)
    now = state.standing
    if now:
        before = _cases(now.name_zh, now.name_en, now.cases, language)
        told = t("imports.confirm_change", language, before=before, after=told)
    if left := unused_words(len(state.unused), language):
        told = t("imports.confirm_more", language, told=told, more=left)
    replaced = [t("imports.confirm_replaced", language)] if now else []
    return "\n".join([told, *replaced, t("imports.confirm_ask", language)])


def unused_words(count: int, language: str) -> str:
    """How many files are not used; "" where every file is."""
    return t("imports.unused_files", language, n=count) if count else ""


def _cases(name_zh: str, name_en: str, cases: int, language: str) -> str:
    own, other = (name_zh, name_en) if language == "zh" else (name_en, name_zh)
    return t("imports.city_cases", language, name=own or other, n=f"{cases:,}")
