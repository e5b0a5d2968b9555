"""What a request of the planner's desk may say, field by field; everything else is refused."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from dashboard.server.checks import Check, code, day, either, one_of, text, whole, within, words

if TYPE_CHECKING:
    from collections.abc import Mapping

STEP: Final = re.compile(r"[0-9a-f]{0,64}")  # key of a step; "" before the first
LONGEST_NAME: Final = 60
LONGEST_REASON: Final = 500
LONGEST_COMMENT: Final = 1_000
STATES: Final = ("draft", "community", "street", "district", "published", "withdrawn")
KINDS: Final = ("alternatives", "redraw", "rebalance")
WEIGHTS: Final = ("territory", "radius", "industries", "density")


class Fault(StrEnum):
    """What a body may be refused for; its value is what stands in a log."""

    NO_JSON = "no JSON"
    NOT_SENT_AS = "application/json is expected"
    MISSING = "missing"
    STRANGE = "not known here"
    VALUE = "not a value it can have"
    NO_RULES = "there are none of this name"
    UNSIZED = "a rebalance keeps the number of grids"


class BodyError(ValueError):
    """A body is not as expected; its text names the fields."""

    def __init__(self, fault: Fault, *fields: str) -> None:
        """Take what is wrong, and with which fields."""
        self.fault, self.fields = fault, fields
        super().__init__(": ".join(filter(None, (", ".join(fields), str(fault)))))


def named(fields: Mapping[str, Check]) -> Check:
    """An object with exactly these fields."""
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == fields.keys()
        and all(check(value[name]) for name, check in fields.items())
    )


def place(value: object) -> bool:
    """A code that names something."""
    return bool(value) and code(value)


def operation(value: object) -> bool:
    """Something that says what it does; `scenarios.asked` reads the rest of it, key by key.

    Alternatives and imports are taken by addresses of their own.
    """
    what = value.get("do") if isinstance(value, dict) else None
    return isinstance(what, str) and what not in {"adopt", "import"}


def flag(value: object) -> bool:
    """Yes or no."""
    return isinstance(value, bool)


SEEN: Final[dict[str, Check]] = {"seen": text(STEP), "at": code}
REASON: Final[dict[str, Check]] = {"reason": words(LONGEST_REASON)}
GROUND: Final[dict[str, Check]] = {"ground": text(STEP)}  # on which an operation names atoms
WEIGHED: Final = named(dict.fromkeys(WEIGHTS, within(0, 1)))
# How large grids are to be: households of each, or how many there are in the place; never both.
SIZED: Final = either(
    named({"households": whole(1, 100_000)}), named({"grids": whole(1, 1_000_000)})
)
# Each address: what its body must name, and what it may.
BODIES: Final[Mapping[str, tuple[Mapping[str, Check], Mapping[str, Check]]]] = {
    "create": (
        {"name": words(LONGEST_NAME), "scope": code},
        {"parent": place, "rules": text(re.compile(r"[a-z0-9_\-]{0,64}"))},
    ),
    "do": (SEEN | {"op": operation}, REASON | GROUND),
    "try": (SEEN | {"op": operation}, GROUND),
    "undo": (SEEN, {}),
    "redo": (SEEN, {}),
    "branch": (SEEN | {"name": words(LONGEST_NAME)}, {}),
    "carry": ({}, {"name": words(LONGEST_NAME), "partly": flag, "again": flag}),
    "merge": (SEEN | {"other": place}, REASON),
    "comment": (SEEN | {"grid": code, "text": words(LONGEST_COMMENT)}, {}),
    "move": (SEEN | {"to": one_of(STATES)}, REASON | {"effective": day}),
    "jobs": (
        {"at": code, "kind": one_of(KINDS)},
        {
            "weights": WEIGHED,
            "tolerance": within(0.01, 0.5),
            "seed": whole(0, 2**31 - 1),
            "size": SIZED,
        },
    ),
    "stop": ({}, {}),
    "take": ({"seen": text(STEP), "key": text(re.compile(r"[a-z0-9_\-]{1,64}"))}, {"at": code}),
}


def read(name: str, data: bytes) -> dict[str, Any]:
    """The body of an address, checked.

    Raises:
        BodyError: it is no JSON, or a field is missing, unknown or not as it may be.
    """
    try:
        given = json.loads(data or b"{}")
    except (ValueError, RecursionError) as error:
        raise BodyError(Fault.NO_JSON) from error
    must, may = BODIES[name]
    if not isinstance(given, dict):
        raise BodyError(Fault.MISSING, *sorted(must))
    if missing := must.keys() - given.keys():
        raise BodyError(Fault.MISSING, *sorted(missing))
    known = {**must, **may}
    if given.keys() - known.keys():  # whose names are anybody's text
        raise BodyError(Fault.STRANGE)
    for field, value in given.items():
        if not known[field](value):
            raise BodyError(Fault.VALUE, field)
    return given
