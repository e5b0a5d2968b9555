"""What an import did, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from geodata.report.account import FileAccount, accounts
from geodata.report.words import word

if TYPE_CHECKING:
    import pandas as pd

    from geodata.ingest.reasons import Lang
    from geodata.model.profile import Profile


def summary(findings: pd.DataFrame, profile: Profile, lang: Lang) -> Table:
    """Rows read, repaired, rejected and set aside, file by file, with the reasons in words."""
    table = Table(show_lines=True)
    table.add_column(word("file", lang), overflow="fold")
    for count in ("read", "repaired", "rejected", "set_aside"):
        table.add_column(word(count, lang), justify="right", no_wrap=True)
    table.add_column(word("findings", lang), ratio=1)
    for file in accounts(findings):
        table.add_row(
            escape(file.title(profile, lang)),
            f"{file.read:,}",
            f"{file.repaired:,}",
            f"{file.rejected:,}",
            f"{file.set_aside:,}",
            escape(_said(file, lang)),
        )
    return table


def _said(file: FileAccount, lang: Lang) -> str:
    pairs = (word("pair", lang, what=each.words(lang), n=f"{each.rows:,}") for each in file.reasons)
    return "\n".join(pairs)
