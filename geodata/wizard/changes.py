"""A person's choices applied to a draft; what cannot be is refused with file and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import available_timezones

from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata.crs import known as shifted
from geodata.model.errors import ImportRefusedError
from geodata.wizard.city import FIELDS
from geodata.wizard.draft import COLUMNS, ROLES, Choice, Draft
from geodata.wizard.encodings import canonical
from geodata.wizard.guess import COLUMN, guess
from geodata.wizard.lists import LISTS, NAMES
from geodata.wizard.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.wizard.looks import Look

_OF_FILES: Final = ("role", "crs", "encoding", "level", "place_level", "place_by", "time_formats")
_PLACE_BY: Final = ("name", "code", "polygon")


class ChoiceError(ImportRefusedError):
    """A choice that cannot be applied: names the file and the column, in both languages."""

    def __init__(self, file: str, what: str, zh: str, en: str) -> None:
        """Keep the parts, so that a screen can show the fault where it was made."""
        self.file, self.what, self.zh, self.en = file, what, zh, en
        super().__init__(en)


def changed(draft: Draft, choices: Sequence[Choice]) -> Draft:
    """Make the draft again with further choices; a later choice of the same thing wins.

    An empty value takes an earlier choice back; `column:<ours>` with "" leaves a column unmapped.
    An encoding is only recorded: give `guess` a look at the file under it.

    Raises:
        ChoiceError: naming file and column.
    """
    for choice in choices:
        _check(draft, choice)
    merged = {(choice.file, choice.what): choice for choice in (*draft.choices, *choices)}
    kept = tuple(c for c in merged.values() if c.value or c.what.startswith(COLUMN))
    made = guess(draft.looks, kept, draft.folder)
    for choice in kept:
        if choice.what.startswith(COLUMN):
            _check_role(made, choice)
    return made


def _check(draft: Draft, choice: Choice) -> None:
    if not choice.file:
        _check_city(choice)
        return
    look = next((look for look in draft.looks if look.name == choice.file), None)
    if look is None:
        raise _wrong(choice, "wrong_file", files=_names(draft))
    if choice.what.startswith(COLUMN):
        _check_column(choice, look)
    elif choice.what not in _OF_FILES:
        raise _wrong(choice, "wrong_what", what=choice.what, known=", ".join(_OF_FILES))
    elif choice.value:
        _check_value(draft, choice)


def _check_city(choice: Choice) -> None:
    if _names_entry(choice.what):
        return
    if choice.what not in FIELDS:
        raise _wrong(choice, "wrong_what", what=choice.what, known=", ".join(FIELDS))
    if choice.what == "time_zone" and choice.value and choice.value not in available_timezones():
        raise _wrong(choice, "wrong_zone", value=choice.value)
    if choice.what == "crs" and choice.value:
        _check_crs(choice)
    allowed = {"language": ("zh", "en"), "as_of": ("now", "data")}.get(choice.what)
    if allowed and choice.value and choice.value not in allowed:
        raise _wrong(choice, "wrong_value", value=choice.value, known=", ".join(allowed))


def _names_entry(what: str) -> bool:
    """Whether it names an entry or a level: what the files write may be anything, even gone."""
    name, field, found = [*what.split(":", 2), "", ""][:3]
    return name in {*LISTS, "levels"} and field in NAMES and bool(found)


def _check_value(draft: Draft, choice: Choice) -> None:
    known: Sequence[str] = ()
    if choice.what == "crs":
        _check_crs(choice)
    elif choice.what == "role":
        known = ROLES
    elif choice.what == "place_by":
        known = _PLACE_BY
    elif choice.what == "place_level":
        known = [level.key for level in draft.levels if not level.division]
    elif choice.what == "encoding" and canonical(choice.value) != choice.value:
        known = [canonical(choice.value)]
    if known and choice.value not in known:
        raise _wrong(choice, "wrong_value", value=choice.value, known=", ".join(known))


def _check_crs(choice: Choice) -> None:
    if shifted(choice.value):
        return
    try:
        CRS.from_user_input(choice.value)
    except CRSError as error:
        raise _wrong(choice, "wrong_crs", value=choice.value) from error


def _check_column(choice: Choice, look: Look) -> None:
    ours = choice.what.removeprefix(COLUMN)
    if all(ours not in columns for columns in COLUMNS.values()):
        every = sorted({column for columns in COLUMNS.values() for column in columns})
        raise _wrong(choice, "wrong_what", what=ours, known=", ".join(every))
    if choice.value and look.column(choice.value) is None:
        there = ", ".join(column.name for column in look.columns)
        raise _wrong(choice, "wrong_column", column=choice.value, known=there)


def _check_role(draft: Draft, choice: Choice) -> None:
    role = draft.file(choice.file).role.value
    ours = choice.what.removeprefix(COLUMN)
    if choice.value and role != "unused" and ours not in COLUMNS[role]:
        known = ", ".join(COLUMNS[role])
        raise _wrong(choice, "wrong_for_role", column=ours, role=role, known=known)


def _wrong(choice: Choice, key: str, **values: object) -> ChoiceError:
    zh, en = say(key, **{"file": choice.file} | values)
    return ChoiceError(choice.file, choice.what, zh, en)


def _names(draft: Draft) -> str:
    return ", ".join(look.name for look in draft.looks)
