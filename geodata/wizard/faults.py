"""Why a file could not be looked at, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.ingest.reasons import cure, text
from geodata.wizard.words import say

if TYPE_CHECKING:
    from geodata.ingest.reasons import Lang


@dataclass(frozen=True)
class Fault:
    """A reason of `reasons.toml`, and the particulars as the reader of the file put them."""

    reason: str
    detail: str = ""

    def said(self, lang: Lang) -> str:
        """Say what is wrong and what to do."""
        zh, en = say("fault_said", what=text(self.reason, lang), cure=cure(self.reason, lang))
        return zh if lang == "zh" else en

    def of(self, file: str, lang: Lang) -> str:
        """Say it with the name of the file."""
        zh, en = say("fault_of", file=file, said=self.said(lang))
        return zh if lang == "zh" else en
