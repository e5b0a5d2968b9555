"""Files that were handed in and went into nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.report.words import word

if TYPE_CHECKING:
    from geodata.ingest.reasons import Lang


@dataclass(frozen=True)
class Unused:
    """One such file: whether it could be read, why it went into nothing, and what to do."""

    name: str
    unreadable: bool
    zh: str
    en: str
    cure_zh: str = ""
    cure_en: str = ""

    @property
    def outcome(self) -> str:
        """Key of the word for what became of it."""
        return "unreadable" if self.unreadable else "unused"

    def words(self, lang: Lang) -> str:
        """Say why."""
        return self.zh if lang == "zh" else self.en

    def cure(self, lang: Lang) -> str:
        """Say what to do about it."""
        return (self.cure_zh if lang == "zh" else self.cure_en) or word("use_it", lang)


def headline(count: int, lang: Lang) -> str:
    """Say how many there are; "" where every file was used."""
    if not count:
        return ""
    return word("unused_one" if count == 1 else "unused_files", lang, n=count)
