"""What an import did, on the terminal, in lines that wrap at its width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from geodata.report.account import COUNTS, FileAccount, Reason, accounts
from geodata.report.words import word

if TYPE_CHECKING:
    import pandas as pd

    from geodata.ingest.reasons import Lang
    from geodata.model.profile import Profile


def summary(findings: pd.DataFrame, profile: Profile, lang: Lang) -> Group:
    """A table of rows, file by file, and below it what was found in each, with its cure."""
    files = accounts(findings)
    found = [file for file in files if file.reasons]
    parts = [part for file in found for part in _file(file, profile, lang)]
    last = Text(f"\n{word('how_read', lang)}") if found else Text(word("nothing", lang))
    return Group(_counts(files, profile, lang), *parts, last)


def _counts(files: list[FileAccount], profile: Profile, lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(word("file", lang), overflow="fold", ratio=1)
    for count in COUNTS:
        table.add_column(word(count, lang), justify="right", overflow="fold", min_width=8)
    for file in files:
        if file.read:
            counts = (f"{getattr(file, count):,}" for count in COUNTS)
            table.add_row(Text(file.title(profile, lang)), *counts)
    return table


def _file(file: FileAccount, profile: Profile, lang: Lang) -> tuple[Text, Padding]:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold", ratio=1)
    for each in file.reasons:
        lines.add_row(Text(word(each.outcome, lang)), _said(each, lang))
    title = Text(f"\n{file.title(profile, lang)}", style="bold")
    return title, Padding(lines, (0, 0, 0, 2))


def _said(reason: Reason, lang: Lang) -> Text:
    """What was found and how often, with its measure, and what to do."""
    parts = (reason.words(lang), reason.counted(lang), reason.place(lang))
    said = Text(" · ".join(filter(None, parts)))
    return said.append(f"\n→ {cure}", style="dim") if (cure := reason.cure(lang)) else said
