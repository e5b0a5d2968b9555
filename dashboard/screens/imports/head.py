"""The header of the import screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components.shell import Header, header, help_text
from dashboard.i18n import LANGUAGES, t, titled
from dashboard.place import THEMES
from dashboard.screens import tabs
from dashboard.screens.imports.where import PATH

if TYPE_CHECKING:
    from dashboard.access import House
    from dashboard.components.marks import Node
    from dashboard.screens.imports.where import Where


def head(where: Where, here: House, language: str) -> list[Node]:
    """Title, tabs, language and theme; the age of the data is the overview's matter."""
    theme = where.theme or THEMES[0]
    other = THEMES[1 - THEMES.index(theme)]
    kept = {"language": where.language, "theme": where.theme}
    shown = Header(
        title=titled(here.profile, language),
        home="/" + type(where)(**kept).href(),
        tabs=[
            (t(f"screens.{screen.key}", language), path, screen.key == "imports")
            for screen, path in tabs(here.actor.rights, type(where)(**kept).href())
        ],
        age=None,
        sources=(),
        languages={each: PATH + where.href(language=each) for each in LANGUAGES},
        language=language,
        other_theme=PATH + where.href(theme=other),
        theme=theme,
    )
    return [header(shown), help_text(language)]
