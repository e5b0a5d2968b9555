"""A city as data: names, levels, files, code lists, clocks and targets, read from one TOML file."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geodata.model.errors import ProfileError

if TYPE_CHECKING:
    from pathlib import Path

Columns = dict[str, str]


class Part(BaseModel):
    """A frozen table of the profile in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """Something with a stable key and a name in both languages."""

    key: str
    name_zh: str
    name_en: str


class Layer(Part):
    """One file and how its columns map to ours (`columns`: our name → theirs)."""

    path: str
    crs: str = ""  # "" = as the file declares
    columns: Columns = Field(default_factory=dict)
    where: Columns = Field(default_factory=dict)  # their column → value; other rows are not ours
    constants: Columns = Field(default_factory=dict)  # our column → fixed value
    code_digits: dict[str, int] = Field(default_factory=dict)  # keep this many leading digits


class Level(Named):
    """One rung of the hierarchy; `sources` is empty for the root of a demo city."""

    plural_en: str = ""
    drill: bool = True  # False = exists, but the drill path passes over it
    geometry: bool = True  # False = drills as a list that says so
    max_households: int = 0  # a unit above it is worth a second look; 0 = no rule
    sources: tuple[Layer, ...] = ()


class Source(Named):
    """A channel through which incidents arrive, and how often it should."""

    interval_s: int = 3600


class Matter(Named):
    """A kind of incident with its category, the department that handles it and its limit."""

    category: str
    department: str = ""
    limit_h: float = 0.0  # 0 = no limit
    weight: float = 1.0  # how common, for the demo


class IncidentFeed(Part):
    """One incident file: mapping, how times are written, and how a place is found."""

    layer: Layer
    source: str = ""  # key of a source; "" = take it from the mapped column `source`
    time_formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S",)
    missing_coordinates: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    whole_degrees_missing: bool = True
    place_level: str = ""  # the mapped column `place` holds a name or code of this level
    place_by: Literal["name", "code", "polygon"] = "polygon"
    status_open: tuple[str, ...] = ()
    status_void: tuple[str, ...] = ()
    category_by_prefix: Columns = Field(default_factory=dict)  # start of a matter → category key
    prefix_ends: str = "-"  # what ends that start; the rest is the matter's name


class Wall(Part):
    """How the command centre's wall is calibrated (visual-spec 2.2)."""

    pitch_mm: float = 1.5
    distance_m: float = 8.0
    arcmin: float = 20.0
    columns: int = 3840
    seams: tuple[int, ...] = ()


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
    as_of: Literal["now", "data"] = "now"  # "data": the clock stands at the newest record
    deadline: Literal["closed", "resolved"] = "closed"  # the stage that `due` judges
    default_period: str = "7d"
    whistle_min: float = 30.0
    heat_factor: float = Field(default=1.0, gt=0)  # of the heat's breaks: below 1 for few cases
    levels: tuple[Level, ...]
    departments: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    matters: tuple[Matter, ...] = ()
    sources: tuple[Source, ...] = ()
    targets: dict[str, float] = Field(default_factory=dict)  # metric key → target
    buildings: tuple[Layer, ...] = ()
    basemap: dict[str, tuple[Layer, ...]] = Field(default_factory=dict)
    incidents: tuple[IncidentFeed, ...] = ()
    alerts: tuple[Layer, ...] = ()
    wall: Wall = Wall()
    demo: Demo | None = None

    @property
    def drill_levels(self) -> tuple[Level, ...]:
        """The levels a user passes on the way to a building, top first."""
        return tuple(level for level in self.levels if level.drill)


def read_profile(path: Path) -> Profile:
    """Read and check one profile.

    Raises:
        ProfileError: naming the file and every wrong key.
    """
    try:
        with path.open("rb") as file:
            return Profile.model_validate(tomllib.load(file))
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); check the path"
        raise ProfileError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: is not valid TOML: {error}"
        raise ProfileError(message) from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        message = f"{path}: {faults}"
        raise ProfileError(message) from error
