"""Findings summed up: file by file, and reason by reason within a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from geodata.ingest import measures, numbering, reasons
from geodata.ingest.findings import SHOWN
from geodata.report import onpage
from geodata.report.measured import cured, told
from geodata.report.words import counted, word

if TYPE_CHECKING:
    import pandas as pd

    from geodata.ingest.reasons import Lang
    from geodata.model.profile import Profile

_NUMBERS: Final = re.compile(
    r"(?P<rows>\d+(, \d+)*)(?P<cut>, …)?( \(\+(?P<more>[\d,]+)\))?(?=; |$)"
)
TABLES: Final = {"buildings", "estates", "roads"}  # what several files are read into
WHOLE: Final = "read"  # the reason under which a file's rows are counted
ORDER: Final = ("rejected", "kept", "repaired", "set_aside", "read")  # what matters most first
COUNTS: Final = ("read", "imported", "repaired", "kept", "rejected", "set_aside")


@dataclass(frozen=True)
class Reason:
    """All findings of one reason in one file."""

    action: str
    key: str
    rows: int
    details: tuple[str, ...]
    own_cure: str
    numbered: str = numbering.ROW  # what the numbers of rows count

    @property
    def noted(self) -> bool:
        """Whether it says something of the file and counts no row of it."""
        return self.action == WHOLE

    @property
    def outcome(self) -> str:
        """Key of the word for what was done."""
        return "noted" if self.noted else self.action

    def counted(self, lang: Lang) -> str:
        """Say of how many things it is true: 12 rows, 1 place."""
        return counted(self.rows, reasons.counts(self.key), lang)

    def place(self, lang: Lang) -> str:
        """Name the rows, or say the measurement: rows 4, 9."""
        first, *others = self.details or ("",)
        # Of several lists the first is enough to begin with.
        kept = (first, *(each for each in others if not _NUMBERS.fullmatch(each)))
        named = "; ".join(told(detail, lang) for detail in kept)
        if not (rows := _NUMBERS.match(named)):
            return named
        said = numbering.named(self.numbered, rows["rows"] + (rows["cut"] or ""), lang)
        left = rows["more"]
        if len(kept) <= len(others):
            left = f"{self.rows - 1 - rows['rows'].count(','):,}"
        more = word("more_rows", lang, n=left) if left else ""
        return said + more + named[rows.end() :]

    def words(self, lang: Lang) -> str:
        """Say what was found."""
        return reasons.text(self.key, lang)

    def cure(self, lang: Lang, *, on_page: bool = False) -> str:
        """Say what to do about it; on_page: as it is done on the import page."""
        told = onpage.cure(self.key, lang) if on_page else reasons.cure(self.key, lang)
        return cured(told, self.details, lang) or self.own_cure


@dataclass(frozen=True)
class FileAccount:
    """One file: rows read and what became of them, and why; a row counts once in each number."""

    name: str
    read: int
    repaired: int
    kept: int
    rejected: int
    set_aside: int
    reasons: tuple[Reason, ...]
    numbered: str = numbering.ROW  # what the numbers of its rows count

    def title(self, profile: Profile, lang: Lang) -> str:
        """Name it: a file by its name, what concerns many files together in words."""
        return titled(self.name, profile, lang)

    @property
    def imported(self) -> int:
        """Rows that went in."""
        return max(self.read - self.rejected - self.set_aside, 0)


def titled(name: str, profile: Profile, lang: Lang) -> str:
    """Name what a finding is of: a file by its name, what concerns many files in words."""
    kind, _, key = name.partition(" ")
    for each in (*profile.levels, *profile.divisions) if key else ():
        if kind in {"level", "division"} and each.key == key:
            return word(kind, lang, name=each.name_zh if lang == "zh" else each.name_en)
    return word(name, lang) if name in TABLES else name


def accounts(findings: pd.DataFrame) -> list[FileAccount]:
    """Sum up the findings of an import, files in the order in which they were read."""
    return [_account(str(name), mine) for name, mine in findings.groupby("file", sort=False)]


def _account(name: str, mine: pd.DataFrame) -> FileAccount:
    whole = mine["reason"] == WHOLE
    summed = _summed(mine.loc[whole, "detail"])
    counts = mine[~whole].groupby("action")["rows"].sum().to_dict() | summed
    numbered = str(summed.get("of", numbering.ROW))
    grouped = [
        replace(_reason(str(action), str(reason), group), numbered=numbered)
        for (action, reason), group in mine[~whole].groupby(["action", "reason"], sort=False)
    ]
    return FileAccount(
        name,
        int(mine.loc[whole, "rows"].sum()),
        repaired=int(counts.get("repaired", 0)),
        kept=int(counts.get("kept", 0)),
        rejected=int(counts.get("rejected", 0)),
        set_aside=int(counts.get("set_aside", 0)),
        reasons=tuple(sorted(grouped, key=lambda each: (ORDER.index(each.action), -each.rows))),
        numbered=numbered,
    )


def _summed(details: pd.Series) -> dict[str, Any]:
    """What the account of a file says of its rows, each counted once; nothing of older imports."""
    known = (measures.read(str(detail)) for detail in details)
    return next((found[1] for found in known if found and found[0] == "account"), {})


def _reason(action: str, key: str, group: pd.DataFrame) -> Reason:
    if action == "rejected":
        numbers = [str(row) for row in group.loc[group["row"] > 0, "row"]]
        named = ", ".join(numbers[:SHOWN]) + (", …" if len(group) > SHOWN else "")
        gone = _parents(group["detail"])
        details = tuple(filter(None, (named, gone)))
    else:
        details = tuple(measures.brief(detail) for detail in group["detail"] if detail)
    cures = [cure for cure in group["cure"] if cure]
    return Reason(action, key, int(group["rows"].sum()), details, cures[0] if cures else "")


def _parents(details: pd.Series) -> str:
    """The parents that rows name and that do not exist, together; "" where none is named."""
    known = (measures.read(str(detail)) for detail in details)
    codes = [
        code for found in known if found and found[0] == "parents" for code in found[1]["codes"]
    ]
    return measures.parents(codes) if codes else ""
