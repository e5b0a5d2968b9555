"""The code lists and places of one published city, as far as an event may name them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geodata.locate.footprints import Footprints
    from geodata.model.code_index import CodeIndex
    from geodata.model.profile import Profile

LISTS = ("category", "department", "first_department", "matter", "source")


class CityLike(Protocol):
    """What the journal needs of a published city; `store.snapshots.City` fits."""

    @property
    def profile(self) -> Profile:
        """How this city differs from others."""

    @property
    def places(self) -> gpd.GeoDataFrame:
        """PLACES."""

    @property
    def sites(self) -> pd.DataFrame:
        """SITES."""

    @property
    def buildings(self) -> pd.DataFrame:
        """BUILDINGS without their shapes."""

    @property
    def footprints(self) -> Footprints:
        """The shapes of the buildings."""

    @property
    def building_codes(self) -> CodeIndex:
        """Codes of the buildings by row."""

    @property
    def departments(self) -> pd.DataFrame:
        """Departments by row."""

    @property
    def categories(self) -> pd.DataFrame:
        """Categories by row."""

    @property
    def matters(self) -> pd.DataFrame:
        """Matters by row."""

    @property
    def sources(self) -> pd.DataFrame:
        """Sources by row."""

    def building(self, code: str) -> int | None:
        """Row of the building with this code."""


@dataclass(frozen=True, eq=False)
class Codes:
    """Rows of the lists by key; a person's writing of a key or of a name is understood too."""

    city: CityLike

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, int]]:
        """List (category, department, first_department, matter, source) → key → row."""
        return {
            name: {str(key): row for row, key in enumerate(table["key"])}
            for name, table in self._tables.items()
        }

    @cached_property
    def _spoken(self) -> Mapping[str, Mapping[str, str]]:
        """List → key or either name in lower case → key; the first of two equal names counts."""
        spoken: dict[str, dict[str, str]] = {}
        for name, table in self._tables.items():
            words: dict[str, str] = {}
            for column in ("key", "name_zh", "name_en"):
                for word, key in zip(table[column], table["key"], strict=True):
                    words.setdefault(str(word).strip().casefold(), str(key))
            spoken[name] = words
        return spoken

    @cached_property
    def _tables(self) -> Mapping[str, pd.DataFrame]:
        city = self.city
        departments = city.departments
        tables = (city.categories, departments, departments, city.matters, city.sources)
        return dict(zip(LISTS, tables, strict=True))

    @cached_property
    def units(self) -> Mapping[str, int]:
        """Rows of units by code in lower case."""
        return {str(code).casefold(): row for row, code in enumerate(self.city.places["code"])}

    def key(self, name: str, word: str) -> str | None:
        """The key in a list that a word means; None = the list has none."""
        return self._spoken[name].get(word.strip().casefold())

    def matter_category(self, key: str) -> int:
        """Row of the category of a matter; −1 = it has none."""
        return int(self.city.matters["category"].iloc[self.rows["matter"][key]])
