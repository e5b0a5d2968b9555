"""What is wrong with the data, row by row, and what to do; nothing is dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from geodata.model.schemas import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

Action = Literal["read", "repaired", "rejected"]
Finding = dict[str, object]

FEW: Final = 200  # rejected rows of one reason named one by one; the rest share a line
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
    """Make one row of FINDINGS; `row` counts data rows from 1, 0 = the whole file."""
    return {
        "file": file,
        "row": row,
        "key": key,
        "action": action,
        "reason": reason,
        "detail": detail,
        "cure": cure,
        "rows": rows,
    }


def table(findings: list[Finding]) -> pd.DataFrame:
    """Make the FINDINGS table."""
    return pd.DataFrame(findings, columns=list(FINDINGS)).astype(dict(FINDINGS))


@dataclass
class Ledger:
    """The account of one file: every row read is kept or rejected, and `close` proves it."""

    file: str
    read: int
    findings: list[Finding]
    passed_over: int = 0  # rows that the profile says belong elsewhere
    rejected: int = field(default=0, init=False)
    repaired: int = field(default=0, init=False)

    def reject(self, reason: str, rows: Sequence[int], keys: Sequence[str], cure: str) -> None:
        """Note rows that are left out, each with its number in the file and its key."""
        self.rejected += len(rows)
        for row, key in list(zip(rows, keys, strict=True))[:FEW]:
            self._note("rejected", reason, row=int(row), key=str(key), cure=cure)
        if (more := len(rows) - FEW) > 0:
            self._note("rejected", reason, cure=cure, rows=more, detail="further rows")

    def repair(self, reason: str, rows: Sequence[int], cure: str, keys: Sequence[str] = ()) -> None:
        """Note rows that are kept though something in them was missing or wrong."""
        if not len(rows):
            return
        self.repaired += len(rows)
        shown = ", ".join(str(row) for row in rows[:SHOWN])
        more = f" and {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
        key = str(keys[0]) if len(keys) == 1 else ""
        detail = f"rows {shown}{more}"
        row = int(rows[0])
        self._note("repaired", reason, row=row, key=key, detail=detail, cure=cure, rows=len(rows))

    def close(self, kept: int) -> None:
        """Note how many rows were read; a row unaccounted for is an error of the program."""
        if self.read != kept + self.rejected:
            msg = f"{self.file}: read {self.read} rows, kept {kept}, rejected {self.rejected}"
            raise AssertionError(msg)
        detail = f"{kept:,} kept, {self.rejected:,} rejected"
        if self.passed_over:
            detail += f"; {self.passed_over:,} rows belong elsewhere"
        self._note("read", "read", detail=detail, rows=self.read)

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
