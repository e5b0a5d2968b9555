"""A draft of a city profile: every guess with how sure it is and why, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from geodata.model.schemas import MOMENTS, TOLD
from geodata.wizard.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.wizard.looks import Look

Role = Literal[
    "level",
    "division",
    "buildings",
    "roads",
    "water",
    "green",
    "blocks",
    "details",
    "incidents",
    "departments",
    "alerts",
    "unused",
]
ROLES: Final[tuple[str, ...]] = get_args(Role)
BASEMAP: Final = ("water", "roads", "green", "blocks", "details")
SURE: Final = 0.75  # a guess below it is marked for a person
_LEVEL_COLUMNS: Final = ("code", "name_zh", "name_en", "parent", "kind", "people", "households")
_MOMENTS: Final = (*MOMENTS, "status_at")
_CASE: Final = ("key", "matter", "category", "department", "source", "status")
_BASE: Final = ("name_zh", "name_en", "kind", "cls", "width_m")
COLUMNS: Final[dict[str, tuple[str, ...]]] = {  # what a file of each role may give
    "level": (*_LEVEL_COLUMNS, "geometry"),
    "division": (*_LEVEL_COLUMNS, "geometry"),
    "buildings": (
        "code",
        "name_zh",
        "name_en",
        "kind",
        "floors",
        "rooms_per_floor",
        "households",
        "people",
        "key_people",
        "organisations",
        "year",
        "estate",
        "unit",
        "geometry",
    ),
    **dict.fromkeys(BASEMAP, (*_BASE, "geometry")),
    "incidents": (*_CASE, *_MOMENTS, "place", "building", "lon", "lat", "geometry", *TOLD),
    "departments": ("code", "name_zh", "name_en"),
    "alerts": (
        "title_zh",
        "title_en",
        "reason_zh",
        "reason_en",
        "level",
        "category",
        "cases",
        "raised",
        "cleared",
        "unit",
        "building",
        "lon",
        "lat",
    ),
    "unused": (),
}
TIMES: Final = frozenset((*_MOMENTS, "raised", "cleared"))
NEEDED: Final[dict[str, tuple[str, ...]]] = {"incidents": ("reported",), "alerts": ("raised",)}


@dataclass(frozen=True)
class Guess:
    """One guessed value, how sure it is from 0 to 1, and why in both languages."""

    value: str
    confidence: float
    zh: str
    en: str

    @property
    def sure(self) -> bool:
        """Whether it may stand without a person's look."""
        return self.confidence >= SURE


def guessed(value: str, confidence: float, key: str, **values: object) -> Guess:
    """Make a guess whose reason is a key of the catalogue."""
    zh, en = say(key, **values)
    return Guess(value, confidence, zh, en)


@dataclass(frozen=True)
class Question:
    """What a person must decide (`must`) or look at; file and column are "" for the city."""

    file: str
    column: str
    must: bool
    zh: str
    en: str


def asked(
    file: str,
    column: str,
    key: str,
    values: Mapping[str, object] | None = None,
    *,
    must: bool = False,
) -> Question:
    """Make a question whose text is a key of the catalogue."""
    zh, en = say(key, **(values or {}))
    return Question(file, column, must, zh, en)


@dataclass(frozen=True)
class FilePlan:
    """What one file is taken for, and which of its columns are which of ours."""

    name: str  # of its look
    role: Guess
    columns: tuple[tuple[str, Guess], ...] = ()  # ours → theirs
    crs: Guess = field(default_factory=lambda: guessed("", 1.0, "crs_none"))
    encoding: Guess = field(default_factory=lambda: guessed("", 1.0, "encoding_declared"))
    where: tuple[tuple[str, str], ...] = ()
    code_digits: tuple[tuple[str, int], ...] = ()
    pieces: str = ""  # rows that are parts of one building, or parts that are buildings
    place_level: str = ""
    place_by: str = "polygon"
    coarse: str = ""  # a column that only names units of a higher level; coordinates say more
    time_formats: tuple[str, ...] = ()
    status_open: tuple[str, ...] = ()
    status_void: tuple[str, ...] = ()
    category_by_prefix: tuple[tuple[str, str], ...] = ()

    def column(self, ours: str) -> str:
        """Their name of one of our columns; "" if it is not mapped."""
        return next((guess.value for column, guess in self.columns if column == ours), "")


@dataclass(frozen=True)
class Feed:
    """Files of one feed, the newest last, and as what all of them are read.

    plan: what is said of all, with the columns of the first mapping; versions: further mappings.
    """

    plan: FilePlan
    files: tuple[str, ...]  # names of their looks
    versions: tuple[FilePlan, ...] = ()


@dataclass(frozen=True)
class LevelPlan:
    """One rung: its names, its files (none = made of the level below) and how parents are found."""

    key: str
    name_zh: str
    name_en: str
    plural_en: str
    files: tuple[str, ...]
    units: int
    geometry: bool
    parents: Guess
    division: bool = False
    named: bool = True  # its name is known from the files, not made up


@dataclass(frozen=True)
class Entry:
    """One entry of a code list, and how many rows have it.

    found: how the files write it; translated: one of the names was only spelt out or copied, so
    that a person must look; listed: it stands in a list of its own, which says its key.
    """

    key: str
    name_zh: str
    name_en: str
    rows: int
    translated: bool
    found: str = ""
    listed: bool = False


@dataclass(frozen=True)
class City:
    """What is said of the city as a whole."""

    key: Guess
    name_zh: Guess
    name_en: Guess
    language: Guess
    time_zone: Guess
    crs: Guess
    code_scheme: Guess
    as_of: Guess


@dataclass(frozen=True)
class Choice:
    """What a person has decided: `what` of a file, or of the city where file is "".

    what: role, crs, encoding, level, place_level, place_by, time_formats, column:<ours>; of the
    city: key, name_zh, name_en, language, time_zone, crs, code_scheme, as_of, and the name of an
    entry of a code list, as departments:name_en:<how the files write it>, or of a level, as
    levels:name_zh:<its key>.
    """

    file: str
    what: str
    value: str


@dataclass(frozen=True)
class Draft:
    """A whole draft; it can be made again from its looks and choices."""

    city: City
    levels: tuple[LevelPlan, ...]
    files: tuple[FilePlan, ...]
    categories: tuple[Entry, ...]
    departments: tuple[Entry, ...]
    sources: tuple[Entry, ...]
    questions: tuple[Question, ...]
    looks: tuple[Look, ...]
    choices: tuple[Choice, ...] = ()
    folder: str = ""  # name of the folder the files are in
    feeds: tuple[Feed, ...] = ()  # the files of cases, as they belong together

    @property
    def ready(self) -> bool:
        """Whether it can be imported without a further decision."""
        return not any(question.must for question in self.questions)

    def file(self, name: str) -> FilePlan:
        """Find the plan of a file.

        Raises:
            KeyError: no look has that name.
        """
        return next(plan for plan in self.files if plan.name == name)

    def look(self, name: str) -> Look:
        """Find the look of a file."""
        return next(look for look in self.looks if look.name == name)
