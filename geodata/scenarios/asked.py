"""What a planner may ask for, as it comes from a browser: one operation, checked key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from geodata.model.errors import RequestError
from geodata.planner.plan import Plan  # noqa: TC001 - pydantic reads it
from geodata.scenarios.drawn import Drawn  # noqa: TC001 - likewise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_ATOMS = 400_000  # of a whole city
MOST_POINTS = 5_000  # of a drawing
MOST_SEED = 2**31 - 1
MOST_NUMBER = 2**31 - 1  # of an atom: larger ones no array of a plan can hold
Code = Annotated[str, Field(min_length=1, max_length=80)]
# As every address takes a code: what this gives must be found again.
New = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"\A[\w.:\- ]{1,64}\z")]
Atom = Annotated[int, Field(ge=0, le=MOST_NUMBER)]
Atoms = Annotated[list[Atom], Field(min_length=1, max_length=MOST_ATOMS)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Points = list[tuple[Lon, Lat]]


class AskedError(RequestError):
    """An operation cannot be read; keys: of it that make no sense."""

    def __init__(self, keys: Iterable[str], faults: str) -> None:
        """Take the keys, and what is wrong with them."""
        self.keys = tuple(keys)
        super().__init__(f"the operation cannot be read: {faults}")


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reassign(_Asked):
    """Give atoms to a grid."""

    do: Literal["reassign"]
    atoms: Atoms
    to: Code
    with_cut_off: bool = False


class Carve(_Asked):
    """Give everything inside an area to a grid, atoms cut along its border."""

    do: Literal["carve"]
    polygon: Annotated[Points, Field(min_length=3, max_length=MOST_POINTS)]
    to: Code
    with_cut_off: bool = False


class SplitLine(_Asked):
    """Make two grids of one along a line."""

    do: Literal["split_line"]
    grid: Code
    line: Annotated[Points, Field(min_length=2, max_length=MOST_POINTS)]


class SplitAtoms(_Asked):
    """Make some atoms of a grid one of its own."""

    do: Literal["split_atoms"]
    grid: Code
    atoms: Atoms


class SplitK(_Asked):
    """Make several even grids of one."""

    do: Literal["split_k"]
    grid: Code
    k: Annotated[int, Field(ge=2, le=50)]
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 1


class Merge(_Asked):
    """Put two grids together under the code of the first."""

    do: Literal["merge"]
    survivor: Code
    other: Code


class Exchange(_Asked):
    """Let two grids give each other atoms."""

    do: Literal["exchange"]
    first: Atoms
    second: Atoms


class Transfer(_Asked):
    """Give buildings, with the land about them, to a grid."""

    do: Literal["transfer"]
    buildings: Annotated[list[Code], Field(min_length=1, max_length=2_000)]
    to: Code
    with_cut_off: bool = False


class Lock(_Asked):
    """Keep grids as they are, or let them be changed again."""

    do: Literal["lock", "unlock"]
    grids: Annotated[list[Code], Field(min_length=1, max_length=20_000)]


class Renumber(_Asked):
    """Give a grid another code."""

    do: Literal["renumber"]
    grid: Code
    code: New


class Adopt(_Asked):
    """Take over a plan that was made beside: an alternative or an import; never from a browser."""

    do: Literal["adopt"]
    plan: InstanceOf[Plan]


class Import(_Asked):
    """Take over grids that were drawn elsewhere, perhaps cutting atoms; never from a browser."""

    do: Literal["import"]
    drawn: InstanceOf[Drawn]
    cut: bool = False


Operation = (
    Reassign | Carve | SplitLine | SplitAtoms | SplitK | Merge | Exchange | Transfer | Lock
    | Renumber | Adopt | Import
)  # fmt: skip
_READER: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="do")])


def read(asked: Mapping[str, Any]) -> Operation:
    """Read one operation.

    Raises:
        AskedError: it is none, or a key of it makes no sense; the message names the keys.
    """
    try:
        return _READER.validate_python(dict(asked))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)[:3]
        keys = [".".join(map(str, fault["loc"])) or "do" for fault in found]
        said = (f"{key}: {fault['msg']}" for key, fault in zip(keys, found, strict=True))
        raise AskedError(keys, "; ".join(said)) from error
