"""Corrected rows, which replace theirs in every later import.

A corrected row is known by the file it came from and by a check of the cells it had there, so that
it is never put on another row, and rows that move up or down in a new export are still found.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata.formats import read, safely
from geodata.ingest.mangled import restored
from geodata.ingest.spreadsheet import unguarded, write_sheet
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from geodata.formats import Sheet

    Cells = dict[str, str]

FOLDER: Final = "corrections"
GEOMETRY: Final = "geometry"


@cache
def heads() -> dict[str, str]:
    """Heads of our columns in a quarantine sheet: file, row, reason, cure, check, text."""
    path = Path(__file__).with_name("quarantine.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass
class Corrections:
    """Corrected rows: path of the file as the profile has it → check of the row → its cells."""

    rows: dict[str, dict[str, Cells]] = field(default_factory=dict)

    def of(self, path: str) -> dict[str, Cells]:
        """Corrected rows of one file."""
        return self.rows.get(path, {})

    def add(self, sheet: Sheet) -> int:
        """Take in the rows of a corrected sheet; a later one of the same row replaces it."""
        count, own = 0, set(heads().values())
        for cells in sheet.frame.to_dict("records"):
            given = {str(name): unguarded(str(text)) for name, text in cells.items()}
            path, check = given[heads()["file"]].strip(), given[heads()["check"]].strip()
            if path and check:
                kept = {name: text for name, text in given.items() if name not in own}
                self.rows.setdefault(path, {})[check] = kept
                count += 1
        return count


def load(data_dir: Path, profile: str) -> Corrections:
    """Read what was corrected so far."""
    found = Corrections()
    kept = (data_dir / FOLDER / profile).glob("*.csv")
    # The newest last: of two sheets with the same row its correction counts.
    for path in sorted(kept, key=lambda each: (each.stat().st_mtime_ns, each.name)):
        found.add(read(path, encoding="UTF-8"))
    return found


def take_in(data_dir: Path, profile: str, given: Iterable[Path]) -> int:
    """Add corrected sheets, or folders of them, to what was corrected so far; counts their rows.

    Raises:
        ImportRefusedError: a sheet that did not come out of the quarantine.
    """
    known, count = load(data_dir, profile), 0
    for path in _sheets(given):
        sheet = safely.read(path)
        if lost := [heads()[key] for key in ("file", "check") if heads()[key] not in sheet.frame]:
            msg = f"{path}: has no column {', '.join(lost)}; correct a sheet of the quarantine"
            raise ImportRefusedError(msg)
        count += known.add(sheet)
    _keep(data_dir / FOLDER / profile, known)
    return count


def _keep(folder: Path, known: Corrections) -> None:
    written = {file: folder / sheet_name(file, known.rows) for file in known.rows}
    for file, rows in known.rows.items():
        names = list(dict.fromkeys(name for cells in rows.values() for name in cells))
        lines = [[file, check, *(cells.get(n, "") for n in names)] for check, cells in rows.items()]
        write_sheet(written[file], [heads()["file"], heads()["check"], *names], lines)
    for old in set(folder.glob("*.csv")) - set(written.values()):
        old.unlink()  # its rows were read, and stand in a sheet of another name now


def _sheets(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        yield from sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else (path,)


def corrected(sheet: Sheet, known: dict[str, Cells]) -> tuple[Sheet, list[int]]:
    """Put corrected cells in the place of theirs; returns the sheet and the rows that were."""
    places = _places(sheet, known)
    frame = sheet.frame.copy()
    names = [str(name) for name in frame]
    for place, check in places.items():
        before = cells_of(sheet, place)
        for name, text in known[check].items():
            if name in before and (now := restored(text, before[name])) != before[name]:
                frame.iloc[place, names.index(name)] = _cell(name, now)
    return replace(sheet, frame=frame), [int(sheet.rows[place]) for place in places]


def _places(sheet: Sheet, known: dict[str, Cells]) -> dict[int, str]:
    """Find corrected rows by their checks; of equal rows the first is meant."""
    found: dict[int, str] = {}
    left = set(known)
    names = [str(name) for name in sheet.frame]
    columns = [_texts(sheet.frame[name], str(name)) for name in sheet.frame]
    for place, values in enumerate(zip(*columns, strict=True)):
        if not left:
            break
        check = check_of(dict(zip(names, values, strict=True)))
        if check in left:
            left.remove(check)
            found[place] = check
    return found


def cells_of(sheet: Sheet, place: int) -> Cells:
    """One row of a file as text; a shape as WKT."""
    row = sheet.frame.iloc[[place]]
    return {str(name): _texts(row[name], str(name))[0] for name in row}


def check_of(cells: Cells) -> str:
    """Make the check of a row: the same cells have the same."""
    text = "\x1f".join(f"{name}\x1e{value}" for name, value in cells.items())
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sheet_name(path: str, paths: Iterable[str]) -> str:
    """Name the sheet of a file after it; where two would have one name, by a digest as well."""
    stem = _stem(path)
    # Many disks take F.csv and f.csv for the same file.
    if not any(_stem(other).casefold() == stem.casefold() for other in paths if other != path):
        return f"{stem}.csv"
    digest = hashlib.sha256(path.encode()).hexdigest()[:8]
    return "_".join(filter(None, (Path(path).parent.name, f"{stem}.{digest}.csv")))


def _stem(path: str) -> str:
    name = Path(path).name
    return name[:-4] if name.lower().endswith(".csv") else name


def _texts(column: pd.Series, name: str) -> list[str]:
    if name != GEOMETRY:
        return [str(value) for value in column.tolist()]
    return [shapely.to_wkt(s) if isinstance(s, shapely.Geometry) else "" for s in column]


def _cell(name: str, text: str) -> Any:  # noqa: ANN401 (a text or a shape, as the column has it)
    return shapely.from_wkt(text, on_invalid="ignore") if name == GEOMETRY else text
