"""Measurements beside findings in words: areas and distances in units that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geodata.ingest import measures, numbering
from geodata.report.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geodata.ingest.reasons import Lang

NAMES: Final = "{names}"  # in a cure, where what is lacking is named
HECTARE_M2: Final = 10_000.0
KM2_M2: Final = 1_000_000.0
KM_M: Final = 1_000.0
EXACT: Final = 10.0  # below it a tenth is worth reading
TIDY: Final = 0.999  # of an area: a largest piece that is as good as all


def told(detail: str, lang: Lang) -> str:
    """Put a detail into words; what is no measurement in it stands as it is."""
    return "; ".join(_told(part, lang) for part in measures.parts(measures.brief(detail)))


def _told(part: str, lang: Lang) -> str:
    found = measures.read(part)
    if found is None or found[0] not in _KINDS:
        return part
    return _KINDS[found[0]](found[1], lang)


def area(m2: float, lang: Lang) -> str:
    """Write an area: square metres, then hectares, then square kilometres."""
    if m2 < 1:
        return word("under_a_metre2", lang)
    if m2 < HECTARE_M2:
        return word("metres2", lang, n=f"{m2:,.0f}")
    if m2 < KM2_M2:
        return word("hectares", lang, n=_short(m2 / HECTARE_M2))
    return word("kilometres2", lang, n=_short(m2 / KM2_M2))


def distance(metres: float, lang: Lang) -> str:
    """Write a distance: metres, then kilometres."""
    if metres < 1:
        return word("under_a_metre", lang)
    if metres < KM_M:
        return word("metres", lang, n=f"{metres:,.0f}")
    return word("kilometres", lang, n=_short(metres / KM_M))


def _short(number: float) -> str:
    return f"{number:,.1f}" if number < EXACT * EXACT else f"{number:,.0f}"


def _areas(numbers: dict[str, Any], lang: Lang) -> str:
    total, largest = float(numbers["total"]), float(numbers["largest"])
    where = word("of_unit", lang, code=numbers["at"]) if numbers["at"] else ""
    if largest >= TIDY * total:
        return area(total, lang) + where
    return word("areas", lang, total=area(total, lang), largest=area(largest, lang) + where)


def _between(key: str, low: str, high: str) -> Callable[[dict[str, Any], Lang], str]:
    def say(numbers: dict[str, Any], lang: Lang) -> str:
        first, last = (distance(float(numbers[name]), lang) for name in (low, high))
        return word(key, lang, low=first, high=last) if first != last else first

    return say


def _farther(numbers: dict[str, Any], lang: Lang) -> str:
    return word("farther", lang, limit=distance(float(numbers["limit"]), lang))


def _shares(key: str) -> Callable[[dict[str, Any], Lang], str]:
    def say(numbers: dict[str, Any], lang: Lang) -> str:
        before, after = (f"{float(numbers[name]):.1%}" for name in ("before", "after"))
        offset = distance(float(numbers["offset"]), lang)
        return word(key, lang, offset=offset, before=before, after=after)

    return say


def _numbered(numbers: dict[str, Any], lang: Lang) -> str:
    return numbering.explained(str(numbers["of"]), lang)


def _codes(numbers: dict[str, Any], lang: Lang) -> str:
    named = (word("coded", lang, name=name, n=f"{rows:,}") for name, rows in numbers["codes"])
    said = word("comma", lang).join(named) + _more(numbers, lang)
    return word(f"codes_{numbers['list']}", lang, codes=said)


def _parents(numbers: dict[str, Any], lang: Lang) -> str:
    said = word("comma", lang).join(numbers["codes"]) + _more(numbers, lang)
    return word("parents", lang, codes=said)


def _more(numbers: dict[str, Any], lang: Lang) -> str:
    return word("more_codes", lang, n=f"{numbers['more']:,}") if numbers["more"] else ""


def cured(cure: str, details: Iterable[str], lang: Lang) -> str:
    """Put the names of what is lacking into a cure that has a place for them."""
    if NAMES not in cure:
        return cure
    known = (measures.read(part) for detail in details for part in measures.parts(detail))
    lists = [found[1] for found in known if found and found[0] == "codes"]
    said = (
        f"{each['list']} = "
        + word("comma", lang).join(name for name, _ in each["codes"])
        + _more(each, lang)
        for each in lists
    )
    return cure.replace(NAMES, "; ".join(said))


_KINDS: Final = {
    "areas": _areas,
    "nearest": _between("nearest", "middle", "largest"),
    "beyond": _between("beyond", "smallest", "largest"),
    "farther": _farther,
    "fits": _shares("fits"),
    "crosses": _shares("crosses"),
    "account": _numbered,
    "codes": _codes,
    "parents": _parents,
}
