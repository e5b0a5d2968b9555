"""Names of places on the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.brief.words import Lang, first_known, named, word
from geodata.paper.lines import cut

if TYPE_CHECKING:
    import pandas as pd

    from geodata.store.snapshots import City

SHORT: Final = 24
WITHOUT: Final = (" Town", " Subdistrict")  # of a name on a map, besides the word for its level


def unit(city: City, row: int, lang: Lang) -> str:
    """The name of a unit."""
    return named(city.places.iloc[row], lang, SHORT)


def full(city: City, row: int, lang: Lang, root: int = 0) -> str:
    """The name of a unit behind the one above it, unless that is the place itself."""
    inner, above = unit(city, row, lang), city.tree.parent(row)
    if above <= root:
        return inner
    outer = unit(city, above, lang)
    # Some names begin with those of what holds them.
    inner = inner.removeprefix(outer).lstrip(" -·,") or inner
    return word("place_in", lang, outer=outer, inner=inner)


def brief(city: City, row: int, lang: Lang) -> str:
    """The name of a unit as it stands on a map, in English without the word for its kind."""
    whole = named(city.places.iloc[row], lang)
    if lang == "en":
        kind = " " + level(city, city.tree.level(row), lang).title()
        for each in (kind, *WITHOUT):
            whole = whole.removesuffix(each) or whole
    return cut(whole, SHORT)


def level(city: City, key: str, lang: Lang, *, plural: bool = False) -> str:
    """The name of a level."""
    found = next(each for each in city.profile.levels if each.key == key)
    if plural and lang == "en" and found.plural_en:
        return named(found.model_copy(update={"name_en": found.plural_en}), lang, SHORT)
    return named(found, lang, SHORT)


def entry(table: pd.DataFrame, row: int, lang: Lang) -> str:
    """The name of a row of a code list."""
    return named(table.iloc[row], lang, SHORT)


def alert(row: pd.Series, lang: Lang) -> str:
    """What an alert is about."""
    texts = row["title_zh"], row["title_en"]
    return cut(first_known(*(texts if lang == "zh" else texts[::-1])))
