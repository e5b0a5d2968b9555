"""What may be asked: one rule or one callback, with the check of each of its arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dashboard.server import checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.server.checks import Check

READ: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WRITE: Final = frozenset({"POST", "OPTIONS"})
VIEW: Final = "view"
IMPORT: Final = "import"
INGEST: Final = "ingest"
DECIDE: Final = "decide"
UNMASK: Final = "unmask"
PLAN: Final = "plan"  # to draft grids
WALL: Final = "wall"  # to tell the wall what to show
SCREEN: Final = "screen"  # to see the wall, and nothing else
OPEN: Final = ""  # answered to anybody


@dataclass(frozen=True)
class Route:
    """One Flask rule that is answered.

    path, query, form: the check of each argument; one that is not named is refused, and so is a
    form where none is named.
    lenient: other query arguments are ignored instead, as a page does.
    right: what the actor must hold; on_wall: a wall's own token opens it too.
    """

    rule: str
    path: Mapping[str, Check] = field(default_factory=dict)
    query: Mapping[str, Check] = field(default_factory=dict)
    form: Mapping[str, Check] = field(default_factory=dict)
    methods: frozenset[str] = READ
    right: str = VIEW
    lenient: bool = False
    on_wall: bool = False

    def opens_to(self, rights: frozenset[str]) -> bool:
        """Whether an actor with these rights may ask it."""
        return self.right in rights or (self.on_wall and SCREEN in rights)


@dataclass(frozen=True)
class Listed:
    """One server callback that is answered.

    output: its output id as Dash writes it; inputs, state: `component.property` and the check of
    its value, in order.
    """

    output: str
    inputs: tuple[tuple[str, Check], ...]
    state: tuple[tuple[str, Check], ...] = ()
    right: str = VIEW


def fault_of_form(route: Route, given: Iterable[tuple[str, str]]) -> str:
    """What is wrong with the fields of a form, each of which comes once; or an empty string."""
    fields = list(given)
    for name, value in fields:
        if name not in route.form:
            return f"{name[:64]}: no such field here"
        if not route.form[name](value):
            return f"{name}: not a value this field can have"
    missing = sorted(set(route.form) - {name for name, _ in fields})
    if missing or len(fields) != len(route.form):
        return f"{(missing or ['form'])[0]}: is expected once"
    return ""


def fault_of_arguments(
    route: Route, path: Mapping[str, object], query: Iterable[tuple[str, str]]
) -> str:
    """What is wrong with a request's arguments, or an empty string."""
    for name, value in path.items():
        if not route.path.get(name, checks.anything if route.lenient else _nothing)(value):
            return f"{name}: not a value this address can have"
    for name, value in query:
        check = route.query.get(name)
        if check is None and not route.lenient:
            return f"{name[:64]}: no such argument here"
        if check is not None and not check(value):
            return f"{name}: not a value this argument can have"
    return ""


def _nothing(_value: object) -> bool:
    return False
