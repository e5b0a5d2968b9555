"""A city of code lists only, with a few published cases, for tests of the fold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geodata.journal.cases import Cases
from geodata.model.calendar import Clock
from geodata.model.profile import Level, Profile
from geodata.model.schemas import INCIDENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.journal.codes import Codes
    from geodata.journal.places import Spot

UNTIL = 1_000_000
PUBLISHED = (  # source, key and what differs from nothing
    (0, "P1", {"id": 11, "reported": 900_000, "site": 5, "category": 1, "returned": 2, "due": 7}),
    (1, "P1", {"id": 12, "reported": 910_000, "closed": 920_000, "by_day": 128, "lon": 104.0}),
)


PROFILE = Profile(
    key="stub",
    name_zh="stub",
    name_en="Stub",
    levels=(Level(key="city", name_zh="city", name_en="city"),),
    clock=Clock(calendar="china", reopened="starts_anew"),
)


@dataclass
class StubCity:
    categories: pd.DataFrame = field(default_factory=lambda: _list("abc"))
    departments: pd.DataFrame = field(default_factory=lambda: _list("xyz"))
    sources: pd.DataFrame = field(default_factory=lambda: _list("st"))
    matters: pd.DataFrame = field(
        default_factory=lambda: _list("mn").assign(
            category=[2, -1], limit=[1.0, 0.0], limit_kind="urgent_hours"
        )
    )
    profile: Profile = PROFILE
    places: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"code": ["1", "2"]}))

    def building(self, code: str) -> int | None:
        return 0 if code == "h" else None


def _list(keys: str) -> pd.DataFrame:
    return pd.DataFrame({"key": list(keys), "name_zh": list(keys), "name_en": list(keys)})


class StubBase:
    """The published cases, and how often anybody asked for one."""

    def __init__(self, published: Sequence[tuple[int, str, dict[str, Any]]] = PUBLISHED) -> None:
        self.published = published
        self.asked: list[tuple[int, str]] = []

    def find(
        self, sources: Sequence[int], keys: Sequence[str]
    ) -> tuple[list[int], dict[str, npt.NDArray[Any]]]:
        wanted = list(zip(sources, keys, strict=True))
        self.asked += wanted
        found = [
            (wanted.index((source, key)), {"source": source, "key": key, **more})
            for source, key, more in self.published
            if (source, key) in wanted
        ]
        rows = [row for _, row in found]
        return [n for n, _ in found], {
            name: np.array([row.get(name, "" if kind == "string" else 0) for row in rows])
            for name, kind in INCIDENTS.items()
        }


class StubPlaces:
    """Sites that tell which spot they were made of."""

    def sites(self, spots: Sequence[Spot], sources: Sequence[str]) -> npt.NDArray[np.int64]:
        assert len(spots) == len(sources)
        return np.array([site_of(spot.building, spot.lon) for spot in spots], dtype=np.int64)


def site_of(building: str, lon: float | None) -> int:
    if building:
        return 100
    return 1 if lon is None or lon != lon else 1 + int(lon)  # noqa: PLR0124 (NaN)


def fold(codes: Codes, base: StubBase | None = None) -> Cases:
    return Cases("stub", codes, base or StubBase(), StubPlaces(), UNTIL)
