"""What to do about a finding for somebody who imports by browser and sees no profile."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.ingest import reasons

if TYPE_CHECKING:
    from geodata.ingest.reasons import Lang


def cure(reason: str, lang: Lang) -> str:
    """Say what to do, as it can be done on the import page."""
    known = catalogue()
    if reason in known:
        return known[reason][lang]
    for stage, named in reasons.stages().items():
        family = reasons.FAMILY + reason.removeprefix(stage)
        if reason not in reasons.catalogue() and family in known:
            return known[family][lang].replace("{stage}", named[lang])
    return reasons.cure(reason, lang)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every cure that differs there: reason → zh, en."""
    path = Path(__file__).with_name("onpage.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
