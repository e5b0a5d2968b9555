"""The report as files beside the snapshots: a page to read and print, a table to sort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.ingest import reasons
from geodata.ingest.spreadsheet import write_sheet
from geodata.report.account import titled
from geodata.report.measured import told
from geodata.report.page import page
from geodata.report.words import counted, word
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.ingest.reasons import Lang
    from geodata.store.snapshots import City

REPORTS: Final = "reports"
PAGE: Final = "report.html"
CSV: Final = "findings.csv"
HEADS: Final = (
    *("file", "row", "key", "action", "reason"),
    *("rows", "counted", "detail", "cure", "code"),
)


def write(city: City, data_dir: Path, lang: Lang) -> tuple[Path, Path]:
    """Write the page and the table of a snapshot's import and say where they are."""
    # A snapshot is sealed: what is written about it lies beside it.
    folder = data_dir / REPORTS / city.id
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / PAGE, page(city, lang))
    write_sheet(folder / CSV, [word(head, lang) for head in HEADS], _rows(city, lang))
    return folder / PAGE, folder / CSV


def _rows(city: City, lang: Lang) -> Iterator[list[object]]:
    for each in city.findings.to_dict("records"):
        reason, action = str(each["reason"]), str(each["action"])
        noted = action == "read" and reason != "read"
        yield [
            titled(str(each["file"]), city.profile, lang),
            each["row"] or "",
            each["key"],
            word("noted" if noted else action, lang),
            reasons.text(reason, lang),
            each["rows"],
            counted(int(each["rows"]), reasons.counts(reason), lang),
            told(str(each["detail"]), lang),
            reasons.cure(reason, lang) or each["cure"],
            reason,
        ]
