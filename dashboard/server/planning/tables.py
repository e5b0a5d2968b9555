"""Ledger and register of a plan in the language of the page, with what must stand beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dashboard.i18n import named, t
from geodata.scenarios.exports import Moved, officers_of
from geodata.scenarios.exports import ledger as ledger_of
from geodata.scenarios.exports import register as register_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import pandas as pd

    from dashboard.server.planning.scope import Scope
    from geodata.store.snapshots import City

EVEN: Final = 100.0  # the load of a grid as heavy as the mean
SQUARE_M_PER_KM2: Final = 1e6
LEDGER: Final = (
    "code", "name", "street", "community", "households", "people", "buildings", "cases",
    "area_km2", "load", "compactness", "state", "before", "officer",
)  # fmt: skip
REGISTER: Final = (
    "building", "name", "estate", "street", "community", "households", "people",
    "grid_before", "grid_name_before", "officer_before", "grid_after", "grid_name_after",
    "officer_after",
)  # fmt: skip
DEFINED: Final = frozenset((
    "households", "cases", "area_km2", "load", "compactness", "state", "before", "officer",
    "grid_before", "officer_after",
))  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A plan as somebody takes it away: from which place, of which city, as of which change."""

    scope: Scope
    city: City
    made: datetime

    @property
    def spoken(self) -> str:
        """The language of the file."""
        return self.scope.language

    @cached_property
    def moved(self) -> Moved:
        """The plan beside today's."""
        return Moved(self.scope.there, self.scope.plan, self.scope.communities)

    @property
    def mark(self) -> str:
        """Which state of which plan it is."""
        return f"{self.scope.scenario.id}@{self.scope.scenario.head or '0'}"

    @cached_property
    def officers(self) -> dict[str, str]:
        """Who looks after each of today's units."""
        return officers_of(self.city)


def ledger(taken: Taken) -> pd.DataFrame:
    """The ledger of grids, a row each, under the heads of the page's language."""
    load = taken.scope.there.ground.load()
    frame = ledger_of(taken.moved, taken.officers, load)
    mean = float(frame["load"].mean()) or 1.0
    frame = frame.assign(
        name=_own(frame, "name", taken),
        street=_own(frame, "street", taken),
        community=_own(frame, "comm", taken),
        area_km2=(frame["area_m2"] / SQUARE_M_PER_KM2).round(4),
        load=(EVEN * frame["load"] / mean).round(0).astype(int),
        state=[t(f"planfile.state_{each}", taken.spoken) for each in frame["state"]],
    )
    return _headed(frame, LEDGER, taken)


def register(taken: Taken) -> pd.DataFrame:
    """Every building that changes its grid, under the heads of the page's language."""
    frame = register_of(taken.moved, taken.officers, taken.city)
    nobody, name = t("planfile.nobody", taken.spoken), taken.scope.grid_name
    frame = frame.assign(
        grid_name_before=[name(code) for code in frame["grid_before"]],
        grid_name_after=[name(code) for code in frame["grid_after"]],
        name=_own(frame, "name", taken),
        street=_own(frame, "street", taken),
        community=_own(frame, "comm", taken),
        officer_after=[each or nobody for each in frame["officer_after"]],
    )
    return _headed(frame, REGISTER, taken)


def _own(frame: pd.DataFrame, name: str, taken: Taken) -> pd.Series:
    """Names in the page's language, those in Chinese where there are no others."""
    zh, en = frame[f"{name}_zh"], frame[f"{name}_en"]
    return zh if taken.spoken == "zh" else en.where(en != "", zh)


def _headed(frame: pd.DataFrame, columns: tuple[str, ...], taken: Taken) -> pd.DataFrame:
    heads = {each: t(f"planfile.column_{each}", taken.spoken) for each in columns}
    found = frame[list(columns)].rename(columns=heads)
    found.attrs["columns"] = columns
    return found


def notes(taken: Taken, columns: Iterable[str]) -> list[tuple[str, str]]:
    """What a file says of itself: plan, place, state, snapshot, and how its columns are counted."""
    spoken, scope = taken.spoken, taken.scope
    it = scope.scenario
    said = {
        "plan": f"{scope.name} ({it.id})",
        "place": f"{scope.unit_name(scope.at)} {scope.at}".strip(),
        "city": named(taken.city.profile, spoken),
        "stage": t(f"planner.state_{it.state}", spoken),
        "version": it.head or t("planfile.untouched", spoken),
        "base": it.base,
        "crs": scope.there.crs,
        "changed": f"{taken.made:%Y-%m-%d %H:%M}",
    }
    found = [(t(f"planfile.note_{name}", spoken), text) for name, text in said.items()]
    label = t("server.export_definitions", spoken)
    found += [
        (label, f"{t(f'planfile.column_{each}', spoken)}: {t(f'planfile.about_{each}', spoken)}")
        for each in columns if each in DEFINED
    ]  # fmt: skip
    return found
