"""What the page of duplicates is made of, and how it writes names, moments and links."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from dashboard.i18n import named, t
from dashboard.i18n.moments import full_stamp, stamp
from dashboard.place import THEMES

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access import Live
    from dashboard.question import Question
    from dashboard.server.duplicates.searches import Sought
    from geodata.store.decisions import Decided

PATH: Final = "/duplicates"
DECIDE_PATH: Final = f"{PATH}/decide"
DECIDE: Final = "decide"  # the right


@dataclass(frozen=True, eq=False)
class Shown:
    """One view of the page.

    page: which part of the list, from 1; done: what was just decided, "" = nothing.
    """

    asked: Question
    live: Live
    sought: Sought
    decided: Decided
    language: str
    page: int = 1
    done: str = ""

    @property
    def theme(self) -> str:
        """Of the page."""
        return self.asked.place.theme or THEMES[0]

    @property
    def may_decide(self) -> bool:
        """Whether the actor may confirm and decline."""
        return DECIDE in self.live.actor.rights

    def t(self, key: str, /, **values: object) -> str:
        """A text of the page, safe to stand in HTML."""
        return escape(t(f"duplicates.{key}", self.language, **values))

    def href(self, **changes: object) -> str:
        """A link to this page with some of its place changed, safe to stand in HTML."""
        return escape(PATH + self.query(**changes))

    def query(self, **changes: object) -> str:
        """The place as a query, with some of it changed; "" = all at its default."""
        found = self.asked.place.href(**changes)
        return "" if found == "?" else found

    def name(self, unit: int) -> str:
        """A unit, as it is called."""
        return escape(named(self.asked.city.places.iloc[unit], self.language))

    def entry(self, table: pd.DataFrame, row: int) -> str:
        """An entry of a code list; a dash where there is none."""
        return escape(named(table.iloc[row], self.language)) if row >= 0 else "—"

    def at(self, moment: int, *, year: bool = False) -> str:
        """A moment on the clock of the city; a dash where it is not known."""
        write = full_stamp if year else stamp
        zone = self.asked.city.profile.time_zone
        return escape(write(moment, zone, self.language)) if moment > 0 else "—"
