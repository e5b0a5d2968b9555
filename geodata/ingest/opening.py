"""A file of the profile opened for reading, with the account of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.ingest.corrections import Applied, corrected, name_of
from geodata.ingest.files import ROW, Read, expand, read_layer
from geodata.ingest.findings import Account, Ledger
from geodata.model.errors import ImportRefusedError
from geodata.model.personal import mask_text

if TYPE_CHECKING:
    from geodata.formats import Sheet
    from geodata.ingest.findings import Finding
    from geodata.model.profile import Layer, Profile

_PATTERN: Final = "*?["


def files_of(layer: Layer, further: tuple[str, ...], folder: Path) -> list[Layer]:
    """One layer a file: those of a pattern in the order of their names, each file once.

    Raises:
        ImportRefusedError: a pattern that fits no file.
    """
    paths: dict[str, None] = {}
    for written in (layer.path, *further):
        path = expand(written)
        if not any(sign in path for sign in _PATTERN):
            paths[written] = None
            continue
        base = Path(path).anchor or str(folder)
        pattern = Path(path).relative_to(base) if Path(path).is_absolute() else Path(path)
        fitting = sorted(found for found in Path(base).glob(str(pattern)) if found.is_file())
        if not fitting:
            msg = f"{folder / path}: no file fits; check the pattern and the folder"
            raise ImportRefusedError(msg)
        for found in fitting:
            inside = found.is_relative_to(folder)
            paths[str(found.relative_to(folder) if inside else found)] = None
    return [layer.model_copy(update={"path": path}) for path in paths]


def opened(
    layer: Layer, folder: Path, profile: Profile, findings: list[Finding]
) -> tuple[Read, Ledger]:
    """Read a file, corrections put in, and begin its account with what the reader had to say.

    Raises:
        ImportRefusedError: the file cannot be used as a whole.
    """
    known = findings.corrections.of(name_of(layer)) if isinstance(findings, Account) else {}
    applied = [Applied()]

    def mend(sheet: Sheet) -> Sheet:
        sheet, applied[0] = corrected(sheet, known)
        return sheet

    read = read_layer(layer, folder, profile.crs, mend if known else None)
    unread = _left_out(read)
    ledger = Ledger(read.file, len(read.frame) + len(unread), findings, read.passed_over)
    ledger.layer, ledger.corrected = layer, applied[0]
    if isinstance(findings, Account):
        findings.numbered[read.file] = read.numbered
    ledger.outdated = len(known) - len(applied[0])
    for remark in read.remarks:
        if remark.action == "rejected":
            keys = [""] * len(remark.rows)
            ledger.reject(remark.reason, remark.rows, keys, remark.cure, remark.texts)
        elif remark.rows:
            if remark.action == "kept":
                examples = "; ".join(map(mask_text, remark.texts))
                ledger.keep(remark.reason, remark.rows, remark.cure, measure=examples)
            else:
                ledger.repair(remark.reason, remark.rows, remark.cure)
        else:
            ledger.remark(remark.reason, cure=remark.cure)
    return read, ledger


def _left_out(read: Read) -> set[int]:
    """Rows that the reader could not read at all: they are in the file and not in the frame."""
    rejected = {
        row for remark in read.remarks if remark.action == "rejected" for row in remark.rows
    }
    return rejected - set(read.frame[ROW].tolist()) if rejected else rejected
