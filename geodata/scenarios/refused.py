"""Why a file cannot be taken over, or a plan not be published: said in both languages."""

from __future__ import annotations

from typing import NoReturn

from geodata.model.errors import ImportRefusedError


class DrawingError(ImportRefusedError):
    """A sentence in English and one in Chinese, each with what is wrong and what to do."""

    def __init__(self, en: str, zh: str) -> None:
        """Take both."""
        self.en, self.zh = en, zh
        super().__init__(en)


def refuse(en: str, zh: str) -> NoReturn:
    """Raise the error that says both."""
    raise DrawingError(en, zh)
