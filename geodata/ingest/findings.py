"""What is wrong with the data, row by row, and what to do; nothing is dropped in silence.

A reason is a key; its words and its cure, in both languages, stand in `reasons.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geodata.ingest import measures, reasons
from geodata.ingest.corrections import Applied, Corrections
from geodata.model.personal import excerpt
from geodata.model.schemas import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.model.profile import Layer

# repaired: the import mended it; kept: it went in as it is, and somebody still has to mend it.
Action = Literal["read", "repaired", "kept", "rejected", "set_aside"]
Finding = dict[str, object]

FEW: Final = 200  # rejected rows of one reason named one by one; the rest share a line
SHOWN_TEXT: Final = 120  # characters of a rejected row that is no row of a table
SHOWN: Final = 8  # rows named in their common line


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
    """Make one row of FINDINGS; `row` as `numbering` has it, 0 = the whole file.

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
    """Make the FINDINGS table; that a file was read says what became of its rows."""
    if isinstance(findings, Account):
        findings.sum_up()
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
        self.numbered: dict[str, str] = {}  # file → what the numbers of its rows count
        self._rows: dict[tuple[str, str], list[Sequence[int]]] = {}  # file and action → rows

    def note(self, file: str, action: Action, rows: Sequence[int]) -> None:
        """Keep in mind which rows something was found in; a row may be named many times."""
        self._rows.setdefault((file, action), []).append(rows)

    def take(self, other: Account, known: Sequence[Layer]) -> None:
        """Take over what another account says of files besides the known ones, told of here."""
        mine = {str(each["file"]) for each in self}
        self.extend(each for each in other if str(each["file"]) not in mine)
        self.rejects += [each for each in other.rejects if each.layer not in known]
        self.numbered = other.numbered | self.numbered
        self._rows = {k: rows for k, rows in other._rows.items() if k[0] not in mine} | self._rows

    def sum_up(self) -> None:
        """Say of every file how many of the rows that went in were mended, or have a gap."""
        told: set[str] = set()
        for each in self:
            file = str(each["file"])
            if each["reason"] == "read" and file in self.numbered and file not in told:
                told.add(file)
                kept, repaired = self._in(file, "kept"), self._in(file, "repaired")
                each["detail"] = measures.account(self.numbered[file], kept, repaired)

    def _in(self, file: str, action: Action) -> int:
        """Count the rows of which a thing is true, but for those that did not go in."""
        out = np.union1d(self._of(file, "rejected"), self._of(file, "set_aside"))
        return len(np.setdiff1d(self._of(file, action), out))

    def _of(self, file: str, action: Action) -> np.ndarray:
        noted = self._rows.get((file, action), [])
        return np.unique(np.concatenate([np.zeros(0, np.int64), *map(np.asarray, noted)]))


@dataclass
class Ledger:
    """The account of one file: every row is kept, rejected or set aside, and `close` proves it."""

    file: str
    read: int
    findings: list[Finding]
    passed_over: int = 0  # rows that the profile says belong elsewhere
    layer: Layer | None = None  # the file as the profile has it
    corrected: Applied = field(default_factory=Applied)
    outdated: int = 0  # corrections of rows that the file has no more
    rejected: int = field(default=0, init=False)
    aside: int = field(default=0, init=False)
    _out: set[int] = field(default_factory=set, init=False)  # numbers of the rejected rows

    def reject(  # noqa: PLR0913 (what can be said of rows)
        self,
        reason: str,
        rows: Sequence[int],
        keys: Sequence[str],
        cure: str = "",
        texts: Sequence[str] = (),
        *,
        details: Sequence[str] = (),
    ) -> None:
        """Note rows that are left out, each with its number in the file and its key.

        texts: the rows as the file has them, where they are no rows of a table, told masked;
        details: what else there is to say of each.
        """
        self.rejected += len(rows)
        self._remember("rejected", rows)
        if len(self.corrected):
            self._out.update(int(row) for row in rows)
        if rows and self.layer is not None and isinstance(self.findings, Account):
            numbers = tuple(int(row) for row in rows)
            self.findings.rejects.append(Rejects(self.layer, reason, numbers, tuple(texts)))
        said = [excerpt(text, SHOWN_TEXT) for text in texts[:FEW]] or list(details[:FEW])
        shown = said or [""] * min(FEW, len(rows))
        for row, key, text in zip(rows[:FEW], keys[:FEW], shown, strict=True):
            self._note("rejected", reason, row=int(row), key=str(key), detail=text, cure=cure)
        if (more := len(rows) - FEW) > 0:
            self._note("rejected", reason, cure=cure, rows=more, detail=_named(rows[FEW:]))

    def repair(
        self, reason: str, rows: Sequence[int], cure: str = "", keys: Sequence[str] = ()
    ) -> None:
        """Note rows in which something wrong was mended, and how."""
        self._together("repaired", reason, rows, keys, cure)

    def keep(
        self,
        reason: str,
        rows: Sequence[int],
        cure: str = "",
        keys: Sequence[str] = (),
        *,
        measure: str = "",
    ) -> None:
        """Note rows that went in as they are though something in them is missing or wrong."""
        self._together("kept", reason, rows, keys, cure, measure)

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
        self._tell_corrected()
        if self.passed_over:
            self._note("set_aside", "belongs_elsewhere", rows=self.passed_over)
        self._note("read", "read", rows=self.read + self.passed_over)

    def _tell_corrected(self) -> None:
        """Tell corrected rows that went in from those still rejected and those never changed."""
        changed = self.corrected.changed
        self.repair("correction_applied", [row for row in changed if row not in self._out])
        self._together(
            "read", "correction_rejected", [row for row in changed if row in self._out], (), ""
        )
        self._together("read", "correction_unchanged", self.corrected.same, (), "")
        if self.outdated:
            self.remark("correction_outdated", rows=self.outdated)

    def _together(  # noqa: PLR0913, PLR0917 (what can be said of rows)
        self,
        action: Action,
        reason: str,
        rows: Sequence[int],
        keys: Sequence[str],
        cure: str,
        measure: str = "",
    ) -> None:
        if not len(rows):
            return
        self._remember(action, rows)
        key = str(keys[0]) if len(keys) == 1 else ""
        first, count = int(rows[0]), len(rows)
        detail = measures.together(_named(rows), measure)
        self._note(action, reason, row=first, key=key, detail=detail, cure=cure, rows=count)

    def _remember(self, action: Action, rows: Sequence[int]) -> None:
        if len(rows) and isinstance(self.findings, Account):
            self.findings.note(self.file, action, rows)

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


def _named(rows: Sequence[int]) -> str:
    """The first rows in few characters, and every one where these are not all."""
    said = _listed(rows)
    return measures.together(said, measures.every(rows)) if len(rows) > SHOWN else said


def _listed(rows: Sequence[int]) -> str:
    """Row numbers in few characters, the same in every language: 3, 7, 9, … (+12)."""
    shown = ", ".join(str(row) for row in rows[:SHOWN])
    return f"{shown}, … (+{len(rows) - SHOWN:,})" if len(rows) > SHOWN else shown
