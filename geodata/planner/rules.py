"""Rules by which grids are drawn, as files: each value with the source it comes from."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from geodata.model.errors import ProfileError
from geodata.model.parts import Part
from geodata.planner.ground import Barrier

if TYPE_CHECKING:
    from geodata.model.profile import Profile

FOLDER: Final = Path(__file__).with_name("rules")
USUAL: Final = "shuangliu"  # where neither scenario nor city names any
GRID: Final = "grid"  # the level whose limit of households a city may set
CHECKS: Final = (
    "gaps_overlaps", "inside_connected", "buildings_covered", "barriers", "households_over",
    "households_under", "professional", "radius", "party_branch", "locked_kept", "balance",
    "streets", "nested", "community_over",
)  # fmt: skip


class Cited(Part):
    """One value and where it comes from; published: whether that source gives it as it is."""

    value: float = Field(ge=0)
    cited_zh: str = Field(min_length=1)
    cited_en: str = Field(min_length=1)
    published: bool = True


class Weights(Part):
    """The four aims of planning (四个统筹), each 0 to 1; `load.loads` says what they do."""

    territory: float = Field(default=0.0, ge=0, le=1)
    radius: float = Field(default=0.5, ge=0, le=1)
    industries: float = Field(default=0.3, ge=0, le=1)
    density: float = Field(default=0.7, ge=0, le=1)
    cited_zh: str = ""
    cited_en: str = ""


class Principle(Part):
    """A principle of a city and the checks that show it."""

    key: str
    name_zh: str
    name_en: str
    checks: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if lost := [each for each in self.checks if each not in CHECKS]:
            message = f"{self.key}: no check is called {lost[0]!r}; there are {', '.join(CHECKS)}"
            raise ValueError(message)
        return self


class OneNet(Part):
    """Kinds of grids that become one net, and what came of it where it was done."""

    kinds: Cited
    grids: Cited


class Nested(Part):
    """Grids inside grids, from the largest; counts: of each level where they were drawn."""

    levels: tuple[str, ...] = Field(min_length=2)
    counts: tuple[int, ...]
    special_zh: str = ""
    special_en: str = ""
    cited_zh: str
    cited_en: str


class Rules(Part):
    """One set of rules.

    households_most, _least: of a grid; community_most: households of a community, above which it is
    to be divided; tolerance: how far a load may be from the mean of its community, as a share.
    service_radius_m: from a grid's station to its last household; reach_min: on foot, at
    walk_m_per_min; detour: how much longer a way is than a straight line, where no roads are known.
    hard: what no grid may cross; street_share: of the borders between grids that lie in streets.
    professional: 1:1 = a professional grid is one grid, 1:N = it is one or several whole ones.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name_zh: str
    name_en: str
    place_zh: str
    place_en: str
    households_most: Cited
    households_least: Cited
    tolerance: Cited
    service_radius_m: Cited
    reach_min: Cited
    walk_m_per_min: Cited
    detour: Cited
    community_most: Cited | None = None
    street_share: Cited | None = None
    hard: tuple[Literal["arterial", "river"], ...] = ("arterial", "river")
    professional: Literal["", "1:1", "1:N"] = ""
    professional_zh: str = ""
    professional_en: str = ""
    weights: Weights = Weights()
    principles: tuple[Principle, ...] = ()
    one_net: OneNet | None = None
    nested: Nested | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.households_least.value >= self.households_most.value:
            message = "households_least: is not below households_most; a grid could hold neither"
            raise ValueError(message)
        if not 0 < self.tolerance.value < 1:
            message = "tolerance: is a share between 0 and 1, such as 0.1"
            raise ValueError(message)
        return self

    @property
    def most(self) -> int:
        """Households that a grid may have."""
        return int(self.households_most.value)

    @property
    def least(self) -> int:
        """Households that a grid should have."""
        return int(self.households_least.value)

    @property
    def reach_m(self) -> float:
        """How far one gets on foot in the time that counts."""
        return self.reach_min.value * self.walk_m_per_min.value

    @property
    def crossed(self) -> tuple[Barrier, ...]:
        """The barriers that no grid may cross."""
        return tuple(Barrier[each.upper()] for each in self.hard)

    @property
    def walls(self) -> Barrier:
        """The least of the barriers between which grids are drawn apart, as `regions` takes it."""
        return min((*self.crossed, Barrier.NARROW))


def all_rules() -> tuple[Rules, ...]:
    """The rules that come along, by key, the usual ones first.

    Raises:
        ProfileError: a file is not as it must be.
    """
    keys = sorted(
        (path.stem for path in FOLDER.glob("*.toml")), key=lambda key: (key != USUAL, key)
    )
    return tuple(_shipped(key) for key in keys)


def rules_of(key: str = "", profile: Profile | None = None) -> Rules:
    """The rules a scenario names, else those of the city's profile, else the usual ones.

    Where no scenario names any, the profile's own limit of households of a grid goes before.

    Raises:
        ProfileError: there are none of this key, or their file is not as it must be.
    """
    if key or profile is None:
        return _shipped(key or USUAL)
    rules = _shipped(profile.plan_rules or USUAL)
    own = next((level.max_households for level in profile.levels if level.key == GRID), 0)
    return _limited(rules, own) if own else rules


def read_rules(path: Path) -> Rules:
    """Read and check one file.

    Raises:
        ProfileError: naming the file and every wrong key.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); check the path"
        raise ProfileError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path}: is not valid TOML: {error}"
        raise ProfileError(message) from error
    try:
        return Rules.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(
            ": ".join(filter(None, (".".join(map(str, fault["loc"])), fault["msg"])))
            for fault in error.errors()
        )
        message = f"{path}: {faults}"
        raise ProfileError(message) from error


def _limited(rules: Rules, most: int) -> Rules:
    """The same rules with the limit of a city's own profile."""
    own = Cited(
        value=most, cited_zh="本市城市档案设定的网格户数上限",
        cited_en="the limit of households that this city's profile sets for its grids",
    )  # fmt: skip
    least = rules.households_least
    if least.value >= most:
        half = {
            "value": most // 2, "published": False, "cited_zh": "未见公布，取上限之半",
            "cited_en": "not published; half of the upper limit",
        }  # fmt: skip
        least = least.model_copy(update=half)
    return rules.model_copy(update={"households_most": own, "households_least": least})


@cache
def _shipped(key: str) -> Rules:
    path = FOLDER / f"{key}.toml"
    if not path.exists():
        known = ", ".join(sorted(each.stem for each in FOLDER.glob("*.toml")))
        message = f"no rules are called {key!r}; there are {known}"
        raise ProfileError(message)
    return read_rules(path)
