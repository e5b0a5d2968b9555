"""What places, levels and entries are called in the language of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dashboard.i18n import named, t, thin
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from geodata.store.snapshots import City


class Called:
    """Names, for whoever has a city and a language."""

    city: City
    language: str

    def t(self, key: str, /, **values: object) -> str:
        """The text of a key in the language."""
        return t(key, self.language, **values)

    def name(self, unit: int) -> str:
        """The name of a unit."""
        first, second = self.city.once(f"names {self.language} {self.city.id}", self._names)
        return thin(first[unit] or second[unit], self.language)

    def _names(self) -> tuple[list[str], list[str]]:
        """The names of every unit in the scene's language, and in the other one."""
        places = self.city.places
        zh, en = (places[name].fillna("").astype(str).tolist() for name in ("name_zh", "name_en"))
        return (zh, en) if self.language == "zh" else (en, zh)

    def short(self, unit: int) -> str:
        """The name of a unit without the word for its level: 鹤湾 for 鹤湾街道."""
        full = self.name(unit)
        own = re.split(r"[（(]", self.level_name(self.city.tree.level(unit)))[0].strip()
        for ending in (own[:1].upper() + own[1:], *self.t("place.endings").split(" ")):
            rest = full.removesuffix(ending).strip()
            # What is left of a number is no name: 第2 of 第2网格.
            if ending and full.endswith(ending) and len(rest) > 1 and not rest[-1].isdigit():
                return rest
        return full

    def inner(self, unit: int) -> str:
        """The name of a unit without its parent's, as it stands behind that in a path."""
        above = self.city.tree.parent(unit)
        full = self.name(unit)
        if above <= 0:
            return full
        rest = full.removeprefix(self.name(above)).lstrip(" -·,")
        if rest.isdigit():
            level = self.level_name(self.city.tree.level(unit))
            return f"{level[:1].upper()}{level[1:]} {rest}"  # as a name of its own
        return rest or full

    def brief(self, unit: int) -> str:
        """A unit's name without its level, or, where it has none, without its parent's name."""
        short = self.short(unit)
        return short if short != self.name(unit) else self.inner(unit)

    def entry(self, frame: pd.DataFrame, row: int) -> str:
        """The name of a row of a code list; rows below 0 are "none yet"."""
        return named(frame.iloc[row], self.language) if row >= 0 else self.t("place.nobody")

    def entries(self, field: str) -> list[tuple[str, str]]:
        """Key and name of every row of a code list, which its field names: departments."""
        city, language = self.city, self.language
        return city.once(
            f"entries {field} {language} {city.id}",
            lambda: [
                (str(row.key), named(row, language)) for row in getattr(city, field).itertuples()
            ],
        )

    def level_name(self, key: str) -> str:
        """The name of a level key."""
        if key == BUILDING:
            return self.t("place.building")
        return named(next(x for x in self.city.profile.levels if x.key == key), self.language)

    def level_plural(self, key: str) -> str:
        """The name of a level key after a number."""
        if key == BUILDING:
            return self.t("place.buildings")
        level = next(x for x in self.city.profile.levels if x.key == key)
        plural = level.plural_en or level.name_en
        return plural.lower() if self.language == "en" else level.name_zh
