"""What comes out of a file: text columns, shapes, and an honest list of what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Action = Literal["repaired", "kept", "rejected"]
# What the number of a row counts: rows of a sheet as a spreadsheet program shows them, header and
# titles among them (lines, of JSON by lines); features; or records of what nobody sees as a sheet.
Numbered = Literal["row", "feature", "record"]
GEOMETRY: Final = "geometry"
MIB: Final = 1 << 20
GIB: Final = 1 << 30
_UNPACKED: Final = 256 * MIB  # that any archive may hold, however small it is
_PACKED: Final = 200  # times its size: a table of blanks shrinks as far, only a bomb further
_SECONDS: Final = 18.0  # for any file, however small it is; refused within twenty
_SECONDS_PER_MIB: Final = 10.0
_MEMORY_PER_MIB: Final = 256 * MIB  # a packed table is thirty times its size as objects


@dataclass(frozen=True)
class Limits:
    """How much of a file is read before it counts as a trap rather than as a city."""

    bytes: int = 2 * GIB  # on disk
    inflated: int = 4 * GIB  # all that comes out of an archive
    entries: int = 5_000  # files in an archive
    features: int = 20_000_000
    columns: int = 2_000
    vertices: int = 100_000_000
    shape_vertices: int = 500_000  # of one shape; the coast of a country has fewer
    seconds: float = 120.0
    memory: int = 4 * GIB

    def for_size(self, size: int) -> Limits:
        """Give a file of so many bytes what an honest one of that size may need, and no more.

        What a trap takes has nothing to do with its size, and so nearly all are small; half a
        million honest rows take their time, but are many megabytes, packed or not. So a small
        file gets 18 s and 2 GiB, and each further megabyte some more, up to the limits.
        """
        more = max(0.0, size / MIB - 1)
        return replace(
            self,
            inflated=min(self.inflated, max(_UNPACKED, _PACKED * size)),
            seconds=min(self.seconds, _SECONDS + _SECONDS_PER_MIB * more),
            memory=min(self.memory, 2 * GIB + int(_MEMORY_PER_MIB * more)),
        )


LIMITS: Final = Limits()


class FileRefusedError(ImportRefusedError):
    """A file that cannot be read as a whole: a reason's key, what is wrong, and the cure."""

    def __init__(
        self,
        *,
        reason: str,
        detail: str,
        cure: str,
        file: str = "",
        choices: tuple[str, ...] = (),
    ) -> None:
        """Keep the parts, so that a screen can say them in its own language.

        choices: the layers to choose from, of a file that has several.
        """
        self.reason, self.detail, self.cure, self.file = reason, detail, cure, file
        self.choices = choices
        super().__init__(f"{file}: {detail}; {cure}" if file else f"{detail}; {cure}")

    def of(self, file: str) -> FileRefusedError:
        """Give the same refusal with the name of the file."""
        return FileRefusedError(
            reason=self.reason, detail=self.detail, cure=self.cure, file=file, choices=self.choices
        )


@dataclass(frozen=True)
class Remark:
    """What was mended in some rows, what they still lack, or why they are left out, by row.

    texts: the rejected rows as the file has them, where they can be quoted; of rows that were kept,
    examples of what is wrong.
    """

    action: Action
    reason: str
    rows: list[int]
    cure: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The rows of one file as it names them: text columns, and perhaps `geometry` in `crs`.

    rows: number of each row of the frame in the file (a rejected row leaves a hole), as a person
    who opens the file finds it; numbered: what that number counts.
    """

    frame: pd.DataFrame
    crs: str = ""  # as the file declares, "" = it does not
    encoding: str = ""  # of its text: as declared or found
    remarks: tuple[Remark, ...] = ()
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    numbered: Numbered = "record"


@dataclass
class Raw:
    """Rows on their way out of a reader: one array of text for each column."""

    columns: dict[str, pa.Array]
    shapes: np.ndarray | None = None
    crs: str = ""
    encoding: str = ""
    remarks: list[Remark] = field(default_factory=list)
    rows: np.ndarray | None = None  # None = from `first`, without a hole
    first: int = 1  # number of the first row
    of: Numbered | None = None  # what the numbers count; None = features, or records without shapes
    count: int = 0  # rows, for a file of shapes without columns

    def __len__(self) -> int:
        """Give the number of rows."""
        if self.shapes is not None:
            return len(self.shapes)
        return max([self.count, *(len(column) for column in self.columns.values())])

    def mended_shapes(self, bad: list[int], closed: list[int]) -> None:
        """Remark the rows whose shape makes no sense, and those with a ring that was closed."""
        if bad:
            cure = "mend the geometry of these rows; they are read without it"
            self.remarks.append(Remark("kept", "geometry_not_understood", bad, cure))
        if closed:
            cure = "end every ring where it begins"
            self.remarks.append(Remark("repaired", "ring_closed", closed, cure))

    def numbers(self) -> np.ndarray:
        """Give the number of each row in the file."""
        return self.first + np.arange(len(self)) if self.rows is None else self.rows

    @property
    def numbered(self) -> Numbered:
        """Say what the numbers count."""
        return self.of or ("record" if self.shapes is None else "feature")
