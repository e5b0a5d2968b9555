"""Rejected rows as sheets that people correct and give back: `quarantine/<profile>/<file>.csv`.

A sheet holds the rows that the last import left out, with every column of the file as it was but
that personal data are masked; a cell that is left so is as it was. Six
columns of ours stand before them; their heads begin with # and are not to be touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geodata.ingest import reasons
from geodata.ingest.corrections import check_of, heads, name_of, sheet_name, texts
from geodata.ingest.files import expand, read_sheet
from geodata.ingest.numbering import ROW, named
from geodata.ingest.spreadsheet import write_sheet
from geodata.model.draft import Progress, silent
from geodata.model.personal import TEXT, mask, mask_text
from geodata.model.schemas import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.formats import Sheet
    from geodata.ingest.findings import Account, Rejects
    from geodata.ingest.reasons import Lang
    from geodata.model.profile import Layer, Profile

QUARANTINE: Final = "quarantine"
TOGETHER: Final = 20_000  # rows whose cells are taken from the table at once


def write(
    data_dir: Path,
    profile: Profile,
    profile_path: Path,
    found: Account,
    progress: Progress = silent,
) -> list[Path]:
    """Replace the sheets of a profile by the rows rejected now; says where they are."""
    folder = data_dir / QUARANTINE / profile.key
    folder.mkdir(parents=True, exist_ok=True)  # empty says that every row was taken in
    source = profile_path.parent / expand(profile.root)
    layers: dict[str, Layer] = {}
    why: dict[str, list[Rejects]] = {}
    for each in found.rejects:
        name = name_of(each.layer)
        layers[name] = each.layer
        why.setdefault(name, []).append(each)
    written = {name: folder / sheet_name(name, layers) for name in layers}
    for number, (name, target) in enumerate(written.items()):
        progress(QUARANTINE, number / len(written))
        sheet = read_sheet(layers[name], source)
        known = found.corrections.of(name)
        names = [str(column) for column in sheet.frame]
        personal = _personal(layers[name])
        rows = _rows(name, sheet, why[name], known, profile.language, personal)
        write_sheet(target, [*heads().values(), *names], rows)
    for old in set(folder.glob("*.csv")) - set(written.values()):
        old.unlink()  # every row of that file was taken in
    progress(QUARANTINE, 1.0)
    return list(written.values())


def _personal(layer: Layer) -> dict[str, str]:
    """How each column of a file is masked: "" = not at all, as we know what it is."""
    kinds = PERSONAL["particulars"]
    every = (layer.columns, *layer.versions)
    return {theirs: kinds.get(ours, "") for each in every for ours, theirs in each.items()}


def _masked(cells: dict[str, str], personal: dict[str, str]) -> list[str]:
    """Cells of a row as everybody may see them; columns of which we know nothing, as free text."""
    kinds = {name: personal.get(name, TEXT) for name in cells}
    return [mask(kinds[name], text) if kinds[name] else text for name, text in cells.items()]


def _rows(  # noqa: PLR0913, PLR0917 (what a row is told with)
    file: str,
    sheet: Sheet,
    why: list[Rejects],
    known: dict[str, dict[str, str]],
    lang: Lang,
    personal: dict[str, str],
) -> Iterator[list[str]]:
    rejected = sorted(
        (row, each.reason, text)
        for each in why
        for row, text in zip(each.rows, each.texts or [""] * len(each.rows), strict=True)
    )
    for start in range(0, len(rejected), TOGETHER):
        some = rejected[start : start + TOGETHER]
        for (row, reason, text), cells in zip(
            some, _cells(sheet, [row for row, _, _ in some]), strict=True
        ):
            number = str(row) if sheet.numbered == ROW else named(sheet.numbered, str(row), lang)
            told = [reasons.text(reason, lang), reasons.cure(reason, lang)]
            if cells is not None:
                check = check_of(cells)
                cells |= {name: now for name, now in known.get(check, {}).items() if name in cells}
                yield [file, number, *told, check, "", *_masked(cells, personal)]
            elif text:
                yield [file, number, *told, "", mask_text(text), *([""] * sheet.frame.shape[1])]


def _cells(sheet: Sheet, rows: list[int]) -> Iterator[dict[str, str] | None]:
    """Cells of rows by their numbers, None of one that is not in the table; column by column."""
    places = pd.Index(sheet.rows).get_indexer(pd.Index(rows))
    mine = sheet.frame.iloc[places[places >= 0]]
    names = [str(name) for name in mine]
    there = zip(*(texts(mine[name], str(name)) for name in mine), strict=True)
    for place in places:
        yield dict(zip(names, next(there), strict=True)) if place >= 0 else None
