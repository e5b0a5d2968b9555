"""What is wrong with the data, row by row, and what to do; nothing is dropped in silence.

A reason is a key; its words and its cure, in both languages, stand in `reasons.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from geodata.ingest import reasons
from geodata.ingest.corrections import Corrections
from geodata.model.schemas import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.model.profile import Layer

Action = Literal["read", "repaired", "rejected", "set_aside"]
Finding = dict[str, object]

FEW: Final = 200  # rejected rows of one reason named one by one; the rest share a line
SHOWN_TEXT: Final = 120  # characters of a rejected row that is no row of a table
SHOWN: Final = 8  # repaired rows named in their common line


def finding(  # noqa: PLR0913 (one row of FINDINGS has that many columns)
    file: str,
    action: Action,
    reason: str,
    *,
    row: int = 0,
    key: str = "",
    detail: str = "",
    cure: str = "",
    rows: int = 1,
) -> Finding:
    """Make one row of FINDINGS; `row` counts data rows from 1, 0 = the whole file.

    Without a `cure` of its own it has that of the reason.
    """
    return {
        "file": file,
        "row": row,
        "key": key,
        "action": action,
        "reason": reason,
        "detail": detail,
        "cure": cure or reasons.cure(reason, "en"),
        "rows": rows,
    }


def table(findings: list[Finding]) -> pd.DataFrame:
    """Make the FINDINGS table."""
    return pd.DataFrame(findings, columns=list(FINDINGS)).astype(dict(FINDINGS))


@dataclass(frozen=True)
class Rejects:
    """Rows of one file that were left out for one reason, every one of them.

    texts: the rows as the file has them, where they are no rows of a table.
    """

    layer: Layer
    reason: str
    rows: tuple[int, ...]
    texts: tuple[str, ...] = ()


class Account(list[Finding]):
    """The findings of one import in order, every row behind those rejected, and corrections."""

    def __init__(self, corrections: Corrections | None = None) -> None:
        """Begin with nothing found."""
        super().__init__()
        self.rejects: list[Rejects] = []
        self.corrections = corrections or Corrections()


@dataclass
class Ledger:
    """The account of one file: every row is kept, rejected or set aside, and `close` proves it."""

    file: str
    read: int
    findings: list[Finding]
    passed_over: int = 0  # rows that the profile says belong elsewhere
    layer: Layer | None = None  # the file as the profile has it
    corrected: int = 0
    rejected: int = field(default=0, init=False)
    repaired: int = field(default=0, init=False)
    aside: int = field(default=0, init=False)

    def reject(
        self,
        reason: str,
        rows: Sequence[int],
        keys: Sequence[str],
        cure: str = "",
        texts: Sequence[str] = (),
    ) -> None:
        """Note rows that are left out, each with its number in the file and its key.

        texts: the rows as the file has them, where they are no rows of a table.
        """
        self.rejected += len(rows)
        if rows and self.layer is not None and isinstance(self.findings, Account):
            numbers = tuple(int(row) for row in rows)
            self.findings.rejects.append(Rejects(self.layer, reason, numbers, tuple(texts)))
        shown = [text[:SHOWN_TEXT] for text in texts[:FEW]] or [""] * min(FEW, len(rows))
        for row, key, text in zip(rows[:FEW], keys[:FEW], shown, strict=True):
            self._note("rejected", reason, row=int(row), key=str(key), detail=text, cure=cure)
        if (more := len(rows) - FEW) > 0:
            self._note("rejected", reason, cure=cure, rows=more, detail=_listed(rows[FEW:]))

    def repair(
        self, reason: str, rows: Sequence[int], cure: str = "", keys: Sequence[str] = ()
    ) -> None:
        """Note rows that are kept though something in them was missing or wrong."""
        self.repaired += len(rows)
        self._together("repaired", reason, rows, keys, cure)

    def set_aside(self, reason: str, rows: Sequence[int]) -> None:
        """Note rows that are right but not counted, as one that a later row replaces."""
        self.aside += len(rows)
        self._together("set_aside", reason, rows, (), "")

    def remark(self, reason: str, detail: str = "", rows: int = 1, cure: str = "") -> None:
        """Note something about the whole file that changes no row."""
        self._note("read", reason, detail=detail, rows=rows, cure=cure)

    def close(self, kept: int) -> None:
        """Note how many rows were read; a row unaccounted for is an error of the program."""
        if self.read != kept + self.rejected + self.aside:
            msg = (
                f"{self.file}: read {self.read} rows, kept {kept}, "
                f"rejected {self.rejected}, set aside {self.aside}"
            )
            raise AssertionError(msg)
        if self.passed_over:
            self._note("set_aside", "belongs_elsewhere", rows=self.passed_over)
        self._note("read", "read", rows=self.read + self.passed_over)

    def _together(
        self, action: Action, reason: str, rows: Sequence[int], keys: Sequence[str], cure: str
    ) -> None:
        if not len(rows):
            return
        key = str(keys[0]) if len(keys) == 1 else ""
        first, count = int(rows[0]), len(rows)
        detail = _listed(rows)
        self._note(action, reason, row=first, key=key, detail=detail, cure=cure, rows=count)

    def _note(  # noqa: PLR0913 (one row of FINDINGS has that many columns)
        self,
        action: Action,
        reason: str,
        *,
        row: int = 0,
        key: str = "",
        detail: str = "",
        cure: str = "",
        rows: int = 1,
    ) -> None:
        self.findings.append(
            finding(
                self.file, action, reason, row=row, key=key, detail=detail, cure=cure, rows=rows
            )
        )


def _listed(rows: Sequence[int]) -> str:
    """Row numbers in few characters, the same in every language: 3, 7, 9, … (+12)."""
    shown = ", ".join(str(row) for row in rows[:SHOWN])
    return f"{shown}, … (+{len(rows) - SHOWN:,})" if len(rows) > SHOWN else shown
