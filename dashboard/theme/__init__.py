"""Colours, sizes and fonts, each named once."""

from dashboard.theme.tokens import FONT, THEMES, TOKENS, token

__all__ = ["FONT", "THEMES", "TOKENS", "token"]
