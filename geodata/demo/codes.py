"""The demo's code lists: departments, categories, matters and sources, and how each behaves."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.clocks import Limits
from geodata.model.calendar import KINDS, Kind
from geodata.model.parts import Named
from geodata.model.profile import Matter, Profile, Source, read_profile
from geodata.model.schemas import CODE_LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# In which something is done for whose limit one of the kind stands, by and large.
HOURS: Final[dict[Kind, float]] = {
    "urgent_hours": 1.0,
    "working_hours": 3.0,
    "working_days": 24.0,
    "calendar_days": 24.0,
}
NO_LIMIT_H: Final = 48.0
FILE: Final = Path(__file__).with_name("codes.toml")
PROFILES: Final = Path(__file__).parent.parent / "profiles"
PROFILE_OF: Final = {"district": "lanting", "nested": "longyu", "city": "lanjiang"}
PLACES: Final = ("home", "tower", "old", "shop", "road", "works", "civic")
CHANNELS: Final = ("street", "home", "safety", "office")


@dataclass(frozen=True, eq=False)
class Codes:
    """Code lists as tables and, by row number, the properties that drive the simulation.

    tables: the four tables of `schemas.CODE_LISTS`; weight: share of all cases, adding up to 1;
    limits: of the matters; pace: how long they take, 1 = those of a day; place, channel: index
    into PLACES, CHANNELS.
    """

    tables: Mapping[str, pd.DataFrame]
    departments: pd.DataFrame
    matters: pd.DataFrame
    weight: Floats
    category: Ints
    department: Ints
    limits: Limits
    pace: Floats
    place: Ints
    channel: Ints
    rhythm: tuple[str, ...]
    season: tuple[str, ...]
    rows: Mapping[str, int] = field(repr=False)  # of matters, by key


@cache
def read_codes() -> Codes:
    """Read `codes.toml`."""
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    matters = pd.DataFrame(content["matters"])
    matters["season"] = matters["season"].fillna("")
    matters["limit_kind"] = matters["limit_kind"].fillna(KINDS[0])
    category = _rows(matters["category"], content["categories"])
    department = _rows(matters["department"], content["departments"])
    numbered = matters.assign(category=category, department=department)
    lists = {**content, "matters": numbered.to_dict("records")}
    return Codes(
        tables={name: _table(name, lists[name]) for name in CODE_LISTS},
        departments=pd.DataFrame(content["departments"]),
        matters=matters,
        weight=(matters["weight"] / matters["weight"].sum()).to_numpy(np.float64),
        category=category,
        department=department,
        limits=Limits.of(matters["limit"], matters["limit_kind"]),
        pace=_pace(matters),
        place=np.array([PLACES.index(place) for place in matters["place"]]),
        channel=np.array([CHANNELS.index(channel) for channel in matters["channel"]]),
        rhythm=tuple(matters["rhythm"]),
        season=tuple(matters["season"]),
        rows={key: row for row, key in enumerate(matters["key"])},
    )


def demo_profile(scale: str) -> Profile:
    """Read the profile of a demo city and add the code lists to it."""
    profile = read_profile(PROFILES / f"{PROFILE_OF[scale]}.toml")
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    return profile.model_copy(
        update={
            "departments": tuple(_known(Named, row) for row in content["departments"]),
            "categories": tuple(_known(Named, row) for row in content["categories"]),
            "matters": tuple(_known(Matter, row) for row in content["matters"]),
            "sources": tuple(_known(Source, row) for row in content["sources"]),
        }
    )


def _pace(matters: pd.DataFrame) -> Floats:
    """Nobody works faster for a weekend to come, but faster where the limit is short."""
    hours = matters["limit"] * matters["limit_kind"].map(HOURS)
    days = hours.where(hours > 0, NO_LIMIT_H).to_numpy(np.float64) / HOURS["calendar_days"]
    return np.asarray(days**0.65)


def _known(model: type[Named], row: Mapping[str, Any]) -> Named:
    return model.model_validate({key: row[key] for key in model.model_fields if key in row})


def _rows(keys: pd.Series, rows: list[dict[str, Any]]) -> Ints:
    index = {row["key"]: number for number, row in enumerate(rows)}
    return np.array([index[key] for key in keys], dtype=np.int64)


def _table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    schema = CODE_LISTS[name]
    return pd.DataFrame(rows)[list(schema)].astype(schema)
