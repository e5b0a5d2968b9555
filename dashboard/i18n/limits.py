"""Limits of matters in words: "4 working hours"."""

from __future__ import annotations

from dashboard.i18n import t


def limit_text(amount: float, kind: str, language: str) -> str:
    """A limit as a person says it; "" where there is none."""
    return t(f"limit.{kind}", language, n=f"{amount:g}") if amount > 0 else ""
