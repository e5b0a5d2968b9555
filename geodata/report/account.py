"""Findings summed up: file by file, and reason by reason within a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.ingest import reasons
from geodata.ingest.findings import SHOWN
from geodata.report.words import word

if TYPE_CHECKING:
    import pandas as pd

    from geodata.ingest.reasons import Lang
    from geodata.model.profile import Profile

WHOLE: Final = "read"  # the reason under which a file's rows are counted
ORDER: Final = ("rejected", "repaired", "set_aside", "read")  # what matters most comes first


@dataclass(frozen=True)
class Reason:
    """All findings of one reason in one file."""

    action: str
    key: str
    rows: int
    where: str
    own_cure: str

    @property
    def noted(self) -> bool:
        """Whether it says something of the file and counts no row of it."""
        return self.action == WHOLE

    def words(self, lang: Lang) -> str:
        """Say what was found."""
        return reasons.text(self.key, lang)

    def cure(self, lang: Lang) -> str:
        """Say what to do about it."""
        return reasons.cure(self.key, lang) or self.own_cure


@dataclass(frozen=True)
class FileAccount:
    """One file: rows read and what became of them, and why."""

    name: str
    read: int
    repaired: int
    rejected: int
    set_aside: int
    reasons: tuple[Reason, ...]

    def title(self, profile: Profile, lang: Lang) -> str:
        """Name it: a file by its name, what concerns many files together in words."""
        kind, _, key = self.name.partition(" ")
        for each in (*profile.levels, *profile.divisions) if key else ():
            if kind in {"level", "division"} and each.key == key:
                return word(kind, lang, name=each.name_zh if lang == "zh" else each.name_en)
        return word("buildings", lang) if self.name == "buildings" else self.name

    @property
    def kept(self) -> int:
        """Rows that were imported."""
        return max(self.read - self.rejected - self.set_aside, 0)


def accounts(findings: pd.DataFrame) -> list[FileAccount]:
    """Sum up the findings of an import, files in the order in which they were read."""
    return [_account(str(name), mine) for name, mine in findings.groupby("file", sort=False)]


def _account(name: str, mine: pd.DataFrame) -> FileAccount:
    whole = mine["reason"] == WHOLE
    counts = mine[~whole].groupby("action")["rows"].sum()
    grouped = [
        _reason(str(action), str(reason), group)
        for (action, reason), group in mine[~whole].groupby(["action", "reason"], sort=False)
    ]
    return FileAccount(
        name,
        int(mine.loc[whole, "rows"].sum()),
        repaired=int(counts.get("repaired", 0)),
        rejected=int(counts.get("rejected", 0)),
        set_aside=int(counts.get("set_aside", 0)),
        reasons=tuple(sorted(grouped, key=lambda each: (ORDER.index(each.action), -each.rows))),
    )


def _reason(action: str, key: str, group: pd.DataFrame) -> Reason:
    if action == "rejected":
        numbers = [str(row) for row in group.loc[group["row"] > 0, "row"]]
        where = ", ".join(numbers[:SHOWN]) + (", …" if len(group) > SHOWN else "")
    else:
        where = "; ".join(detail for detail in group["detail"] if detail)
    cures = [cure for cure in group["cure"] if cure]
    return Reason(action, key, int(group["rows"].sum()), where, cures[0] if cures else "")
