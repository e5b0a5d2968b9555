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
from geodata.wizard.faults import Fault
from geodata.wizard.guess import guess
from geodata.wizard.leftover import unused_columns
from geodata.wizard.looks import Look, Shapes, look
from geodata.wizard.mapping import lost_columns
from geodata.wizard.places import offered
from geodata.wizard.purse import Budget
from geodata.wizard.reading import LIMITS
from geodata.wizard.rounds import look_folder
from geodata.wizard.spots import Spot
from geodata.wizard.write import toml

__all__ = [
    "COLUMNS",
    "LIMITS",
    "ROLES",
    "Budget",
    "Choice",
    "ChoiceError",
    "City",
    "Column",
    "Decoded",
    "Draft",
    "Entry",
    "Fault",
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
    "lost_columns",
    "offered",
    "toml",
    "unused_columns",
]
