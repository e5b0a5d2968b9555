"""The report as files beside the snapshots: a page to read and print, a table to sort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.ingest import measures, numbering, reasons
from geodata.ingest.spreadsheet import write_sheet
from geodata.report import onpage
from geodata.report.account import accounts, titled
from geodata.report.measured import cured, told
from geodata.report.page import page
from geodata.report.words import counted, word
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geodata.ingest.reasons import Lang
    from geodata.report.unused import Unused
    from geodata.store.snapshots import City

REPORTS: Final = "reports"
PAGE: Final = "report.html"
CSV: Final = "findings.csv"
HEADS: Final = (
    *("file", "row", "numbered", "key", "action", "reason"),
    *("rows", "counted", "detail", "cure", "code", "every_row"),
)


def write(
    city: City, data_dir: Path, lang: Lang, unused: Sequence[Unused] | None = None
) -> tuple[Path, Path]:
    """Write the page and the table of a snapshot's import and say where they are.

    unused: of an import tried at the desk, the files handed in that went into nothing.
    """
    # A snapshot is sealed: what is written about it lies beside it.
    folder = data_dir / REPORTS / city.id
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / PAGE, page(city, lang, unused))
    rows = (*_rows(city, lang, on_page=unused is not None), *_unused(unused or (), lang))
    write_sheet(folder / CSV, [word(head, lang) for head in HEADS], rows)
    return folder / PAGE, folder / CSV


def _rows(city: City, lang: Lang, *, on_page: bool) -> Iterator[list[object]]:
    cure = (onpage if on_page else reasons).cure
    of = {file.name: file.numbered for file in accounts(city.findings)}
    for each in city.findings.to_dict("records"):
        reason, action = str(each["reason"]), str(each["action"])
        noted = action == "read" and reason != "read"
        yield [
            titled(str(each["file"]), city.profile, lang),
            each["row"] or "",
            numbering.counted(of[str(each["file"])], lang) if each["row"] else "",
            each["key"],
            word("noted" if noted else action, lang),
            reasons.text(reason, lang),
            each["rows"],
            counted(int(each["rows"]), reasons.counts(reason), lang),
            told(str(each["detail"]), lang),
            cured(cure(reason, lang), [str(each["detail"])], lang) or each["cure"],
            reason,
            measures.rows_of(str(each["detail"])),
        ]


def _unused(files: Sequence[Unused], lang: Lang) -> Iterator[list[object]]:
    for file in files:
        done, why, cure = word(file.outcome, lang), file.words(lang), file.cure(lang)
        yield [file.name, "", "", "", done, why, "", "", "", cure, f"file_{file.outcome}", ""]
