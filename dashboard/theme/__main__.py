"""`python -m dashboard.theme` writes assets/theme/tokens.css from the tokens."""

from __future__ import annotations

from pathlib import Path

from dashboard.theme.tokens import stylesheet

TARGET = Path(__file__).parents[2] / "assets" / "theme" / "tokens.css"

if __name__ == "__main__":
    TARGET.write_text(stylesheet(), encoding="utf-8")
