"""From what is asked to the bytes of the sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.brief import content, facts
from geodata.paper.typeset import Sheet, pdf

if TYPE_CHECKING:
    from geodata.brief.asked import Asked

LAYOUT: Final = Path(__file__).with_name("page.typ")


def make(asked: Asked, own_fonts: Path | None = None) -> bytes:
    """The brief as a PDF of one page; the same data and moment make the same bytes."""
    found = facts.read(asked)
    return pdf(Sheet(LAYOUT, content.content(found), found.asked.now), own_fonts)
