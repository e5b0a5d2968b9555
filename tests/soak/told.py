"""Figures of a long run, printed and kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def tell(found: dict[str, float], path: Path | None) -> None:
    """Print flat JSON, and write it where somebody wants it."""
    told = json.dumps(found, indent=1)
    print(told)  # noqa: T201
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{told}\n", encoding="utf-8")
