"""A folder of files into a draft of a city profile: `look`, `guess`, `changed`, `toml`.

Everything but `look` is pure: looks and choices in, a draft with its reasons out.
"""

from geodata.wizard.changes import ChoiceError, changed
from geodata.wizard.draft import (
    COLUMNS,
    ROLES,
    Choice,
    City,
    Draft,
    Entry,
    FilePlan,
    Guess,
    LevelPlan,
    Question,
)
from geodata.wizard.encodings import Decoded
from geodata.wizard.facts import Column
from geodata.wizard.guess import guess
from geodata.wizard.looks import Look, Shapes, look, look_folder
from geodata.wizard.places import offered
from geodata.wizard.reading import LIMITS
from geodata.wizard.spots import Spot
from geodata.wizard.write import toml

__all__ = [
    "COLUMNS",
    "LIMITS",
    "ROLES",
    "Choice",
    "ChoiceError",
    "City",
    "Column",
    "Decoded",
    "Draft",
    "Entry",
    "FilePlan",
    "Guess",
    "LevelPlan",
    "Look",
    "Question",
    "Shapes",
    "Spot",
    "changed",
    "guess",
    "look",
    "look_folder",
    "offered",
    "toml",
]
