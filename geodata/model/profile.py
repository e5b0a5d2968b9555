"""A city as data: names, levels, files, code lists, clocks and targets, read from one TOML file."""

from __future__ import annotations

import re
import tomllib
from datetime import date  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from geodata.model.calendar import Clock, Kind
from geodata.model.errors import ProfileError
from geodata.model.parts import Named, Part
from geodata.model.schemes import Scheme  # noqa: TC001 - pydantic reads it
from geodata.model.tuning import Evaluation, Wall, WarningRules

if TYPE_CHECKING:
    from pathlib import Path

Columns = dict[str, str]
DIVISION_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")  # it stands in addresses beside days


# What systems write where there is no moment: the first days of their calendars, and the last.
NO_DATES: Final = (
    "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "9999-12-31",
)  # fmt: skip
# Grids for a works, a market, a park or a new town that stand by themselves.
SPECIAL_KINDS: Final = ("special", "专属", "专属网格")
UNSPECIFIED: Final = ("unspecified", "0 unspecified", "未指明", "不详")


class Layer(Part):
    """One file and how its columns map to ours (`columns`: our name → theirs)."""

    path: str
    layer: str = ""  # of a file that holds several; "" = the only one
    encoding: str = ""  # of its text; "" = as the file declares, else as found
    crs: str = ""  # "" = as the file declares
    swapped: bool = False  # it writes latitude first: the two are turned round
    columns: Columns = Field(default_factory=dict)
    versions: tuple[Columns, ...] = ()  # of `columns`, for files of another make; tried in order
    where: Columns = Field(default_factory=dict)  # their column → value; other rows are not ours
    constants: Columns = Field(default_factory=dict)  # our column → fixed value
    code_digits: dict[str, int] = Field(default_factory=dict)  # keep this many leading digits
    # Their value → ours, by our column; rows with another value belong elsewhere.
    words: dict[str, Columns] = Field(default_factory=dict)
    written: Columns = Field(default_factory=dict)  # our column → text with {} for the file's
    # Rows of one code, as tiles cut them, become one; "apart": each part of a row becomes one.
    pieces: Literal["", "union", "largest", "apart"] = ""


class Level(Named):
    """One rung of the hierarchy; `sources` is empty for the root of a demo city."""

    plural_en: str = ""
    drill: bool = True  # False = exists, but the drill path passes over it
    geometry: bool = True  # False = drills as a list that says so
    max_households: int = 0  # a unit above it is worth a second look; 0 = no rule
    special: tuple[str, ...] = SPECIAL_KINDS  # kinds of units that limits of size do not apply to
    repair: Literal["", "snap"] = ""  # "snap": overlaps and slivers of its borders are closed
    repair_gap_m: float = Field(default=5.0, ge=0)  # a gap wider than this stays
    sources: tuple[Layer, ...] = ()


class Division(Named):
    """Another hierarchy over the lowest units: each belongs to what it shares most ground with."""

    plural_en: str = ""
    sources: tuple[Layer, ...] = ()


class EarlierLevel(Part):
    """A level of earlier boundaries, from files of its own."""

    key: str  # of a level of today
    sources: tuple[Layer, ...] = Field(min_length=1)


class Earlier(Part):
    """Boundaries that were in force before; levels that are not named were as they are today."""

    until: date  # the first day of the boundaries that followed
    levels: tuple[EarlierLevel, ...] = Field(min_length=1)


class Source(Named):
    """A channel through which incidents arrive, and how often it should."""

    interval_s: int = 3600


class Matter(Named):
    """A kind of incident with its category, the department that handles it and its limit."""

    category: str
    department: str = ""
    limit: float = Field(default=0.0, ge=0)  # of its kind; 0 = none
    limit_kind: Kind = "urgent_hours"
    weight: float = 1.0  # how common, for the demo

    @model_validator(mode="before")
    @classmethod
    def _of_hours(cls, given: object) -> object:
        """Profiles of earlier versions have `limit_h`: hours that run on day and night."""
        if not isinstance(given, dict) or "limit_h" not in given:
            return given
        if "limit" in given or "limit_kind" in given:
            message = "limit_h says the same as limit and limit_kind; leave limit_h out"
            raise ValueError(message)
        rest = {name: value for name, value in given.items() if name != "limit_h"}
        return rest | {"limit": given["limit_h"], "limit_kind": "urgent_hours"}


class IncidentFeed(Part):
    """One incident file: mapping, how times are written, and how a place is found.

    Times of day that are mostly 00:00:00 are dates: see `moments`.
    """

    layer: Layer
    paths: tuple[str, ...] = ()  # further files, newer ones later; a pattern stands for its files
    layers: tuple[str, ...] = ()  # further layers of each, as sheets of a book; newer ones later
    source: str = ""  # key of a source; "" = take it from the mapped column `source`
    time_formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S",)
    missing_moments: tuple[str, ...] = NO_DATES  # days that only stand for "none"
    missing_coordinates: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    whole_degrees_missing: bool = True
    place_level: str = ""  # the mapped column `place` holds a name or code of this level
    place_by: Literal["name", "code", "polygon"] = "polygon"
    place_first: Literal["place", "point"] = "place"  # which of the two decides; then the other
    place_rules: tuple[tuple[str, str], ...] = ()  # pattern of a whole `place` → what it means
    unspecified: tuple[str, ...] = UNSPECIFIED  # how a place begins that is none, in lower case
    nearest_m: float = Field(default=0.0, ge=0)  # a case this near to a building belongs to it
    status_open: tuple[str, ...] = ()
    status_void: tuple[str, ...] = ()
    category_by_prefix: Columns = Field(default_factory=dict)  # start of a matter → category key
    prefix_ends: str = "-"  # what ends that start; the rest is the matter's name


class Demo(Part):
    """Which made-up city this profile describes."""

    scale: Literal["district", "nested", "city"]


class Profile(Named):
    """Everything that differs from city to city."""

    title_zh: str = ""  # of the screen; "" = made from the name
    title_en: str = ""
    language: Literal["zh", "en"] = "zh"
    time_zone: str = "Asia/Shanghai"
    root: str = ""  # folder of the files, from this profile's; ${NAME:-fallback} is environment
    crs: str = "EPSG:4490"  # of sources that declare none and of planning exports
    code_scheme: str = ""  # a sentence for people; codes are opaque
    as_of: Literal["now", "data"] = "now"  # "data": the clock stands where the reports end
    deadline: Literal["closed", "resolved"] = "closed"  # the stage that `due` judges
    clock: Clock = Clock()
    default_period: str = "7d"
    whistle_min: float = 30.0
    heat_factor: float = Field(default=1.0, gt=0)  # of the heat's breaks: below 1 for few cases
    building_nearest_m: float = Field(default=30.0, ge=0)  # outside every unit: the nearest one's
    levels: tuple[Level, ...]
    divisions: tuple[Division, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    departments: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    matters: tuple[Matter, ...] = ()
    sources: tuple[Source, ...] = ()
    targets: dict[str, float] = Field(default_factory=dict)  # metric key → target
    schemes: tuple[Scheme, ...] = ()  # of evaluation, besides the shipped ones
    buildings: tuple[Layer, ...] = ()
    basemap: dict[str, tuple[Layer, ...]] = Field(default_factory=dict)
    incidents: tuple[IncidentFeed, ...] = ()
    alerts: tuple[Layer, ...] = ()
    ratings: tuple[Layer, ...] = ()  # that streets give departments: columns of RATINGS
    wall: Wall = Wall()
    warning: WarningRules = WarningRules()
    evaluation: Evaluation = Evaluation()
    plan_rules: str = ""  # key of the rules by which grids are redrawn; see docs/planner.md
    demo: Demo | None = None

    @field_validator("divisions")
    @classmethod
    def _told_apart(cls, given: tuple[Division, ...], info: ValidationInfo) -> tuple[Division, ...]:
        taken = [level.key for level in info.data.get("levels", ())]
        for division in given:
            if division.key in taken:
                message = f"key {division.key!r} is taken; give the division a key of its own"
                raise ValueError(message)
            if not DIVISION_KEY.fullmatch(division.key):
                message = (
                    f"key {division.key!r}: use small letters, digits, _ and -, a letter first"
                )
                raise ValueError(message)
            taken.append(division.key)
        return given

    @field_validator("earlier")
    @classmethod
    def _known_levels(cls, given: tuple[Earlier, ...], info: ValidationInfo) -> tuple[Earlier, ...]:
        known = [level.key for level in info.data.get("levels", ())]
        days = [each.until for each in given]
        for each in given:
            if lost := [level.key for level in each.levels if level.key not in known]:
                message = f"until {each.until}: level {lost[0]!r} is none of {', '.join(known)}"
                raise ValueError(message)
            if days.count(each.until) > 1:
                message = f"until {each.until}: stands twice; put its levels together"
                raise ValueError(message)
        return given

    @property
    def drill_levels(self) -> tuple[Level, ...]:
        """The levels a user passes on the way to a building, top first."""
        return tuple(level for level in self.levels if level.drill)


def read_profile(path: Path) -> Profile:
    """Read and check one profile.

    Raises:
        ProfileError: naming the file and every wrong key.
    """
    given = _table(path)
    match given.get("clock"):
        case {"calendar": str(name)} if name.endswith(".toml"):  # a file beside the profile
            given["clock"]["calendar"] = _table(path.parent / name) | {"file": name}
    try:
        return Profile.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        message = f"{path}: {faults}"
        raise ProfileError(message) from error


def _table(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); check the path"
        raise ProfileError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path}: is not valid TOML: {error}"
        raise ProfileError(message) from error
