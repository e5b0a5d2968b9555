"""Corrected rows, which replace theirs in every later import.

Each layer of a file has rows of its own, and so has corrections of its own.

A corrected row is known by the file it came from and by a check of the cells it had there, so that
it is never put on another row, and rows that move up or down in a new export are still found.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata.formats import read, safely
from geodata.formats.sheet import FileRefusedError
from geodata.ingest.mangled import restored
from geodata.ingest.spreadsheet import unguarded, write_sheet
from geodata.model.personal import is_mask_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from geodata.formats import Sheet
    from geodata.model.profile import Layer

    Cells = dict[str, str]

FOLDER: Final = "corrections"
GEOMETRY: Final = "geometry"
MARK: Final = "z"  # before a check, which is a number to a spreadsheet program where it looks so
_UNMARKED: Final = re.compile(r"[0-9a-f]{12}")  # as checks were written at first


@cache
def heads() -> dict[str, str]:
    """Heads of our columns in a quarantine sheet: file, row, reason, cure, check, text."""
    path = Path(__file__).with_name("quarantine.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass
class Corrections:
    """Corrected rows: file, as `name_of` calls it → check of the row → its cells."""

    rows: dict[str, dict[str, Cells]] = field(default_factory=dict)

    def of(self, name: str) -> dict[str, Cells]:
        """Corrected rows of one file."""
        return self.rows.get(name, {})

    def add(self, sheet: Sheet) -> int:
        """Take in the rows of a corrected sheet; a later one of the same row replaces it."""
        count, own = 0, set(heads().values())
        for cells in sheet.frame.to_dict("records"):
            given = {str(name): unguarded(str(text)) for name, text in cells.items()}
            file, check = given[heads()["file"]].strip(), given[heads()["check"]].strip()
            if file and check:
                kept = {name: text for name, text in given.items() if name not in own}
                marked = MARK + check if _UNMARKED.fullmatch(check) else check
                self.rows.setdefault(file, {})[marked] = kept
                count += 1
        return count


@dataclass(frozen=True)
class Applied:
    """Numbers of the rows of a file that corrections are for: changed by them, or given as is."""

    changed: tuple[int, ...] = ()
    same: tuple[int, ...] = ()

    def __len__(self) -> int:
        """Give how many rows there are corrections for."""
        return len(self.changed) + len(self.same)


def name_of(layer: Layer) -> str:
    """Name the rows of a layer: path of the file as the profile has it, and its layer if any."""
    return f"{layer.path}#{layer.layer}" if layer.layer else layer.path


def load(data_dir: Path, profile: str) -> Corrections:
    """Read what was corrected so far.

    Raises:
        ImportRefusedError: something else lies among the corrected sheets.
    """
    found = Corrections()
    kept = (data_dir / FOLDER / profile).glob("*.csv")
    # The newest last: of two sheets with the same row its correction counts.
    for path in sorted(kept, key=lambda each: (each.stat().st_mtime_ns, each.name)):
        cure = "take it out of this folder; to correct rows, fill in a sheet of the quarantine"
        found.add(_checked(path, read(path, encoding="UTF-8"), cure))
    return found


def take_in(data_dir: Path, profile: str, given: Iterable[Path]) -> int:
    """Add corrected sheets, or folders of them, to what was corrected so far; counts their rows.

    Raises:
        ImportRefusedError: a sheet that did not come out of the quarantine.
    """
    known, count = load(data_dir, profile), 0
    for path in _sheets(given):
        cure = "correct a sheet of the quarantine and leave its columns with # as they are"
        count += known.add(_checked(path, safely.read(path), cure))
    _keep(data_dir / FOLDER / profile, known)
    return count


def _checked(path: Path, sheet: Sheet, cure: str) -> Sheet:
    """Give a sheet back that came out of the quarantine.

    Raises:
        ImportRefusedError: it did not: our columns are not in it.
    """
    if lost := [heads()[key] for key in ("file", "check") if heads()[key] not in sheet.frame]:
        detail = f"has no column {', '.join(lost)}"
        raise FileRefusedError(reason="no_corrections", detail=detail, cure=cure, file=str(path))
    return sheet


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


def corrected(sheet: Sheet, known: dict[str, Cells]) -> tuple[Sheet, Applied]:
    """Put corrected cells in the place of theirs, and say in which rows that changed something."""
    places = _places(sheet, known)
    frame = sheet.frame.copy()
    names = [str(name) for name in frame]
    changed: dict[int, bool] = {}
    for place, check in sorted(places.items()):
        now = _changes(cells_of(sheet, place), known[check])
        for name, text in now.items():
            frame.iloc[place, names.index(name)] = _cell(name, text)
        changed[int(sheet.rows[place])] = bool(now)
    applied = Applied(
        tuple(row for row, new in changed.items() if new),
        tuple(row for row, new in changed.items() if not new),
    )
    return replace(sheet, frame=frame), applied


def _changes(before: Cells, given: Cells) -> Cells:
    """Give the cells of a row that a person changed; what a spreadsheet did to them is undone.

    Personal cells stand masked on the sheet, and are as they were where nobody wrote another.
    """
    now = {name: restored(text, before[name]) for name, text in given.items() if name in before}
    return {
        name: text
        for name, text in now.items()
        if text != before[name] and not is_mask_of(text, before[name])
    }


def _places(sheet: Sheet, known: dict[str, Cells]) -> dict[int, str]:
    """Find corrected rows by their checks; of equal rows the first is meant."""
    found: dict[int, str] = {}
    left = set(known)
    names = [str(name) for name in sheet.frame]
    columns = [texts(sheet.frame[name], str(name)) for name in sheet.frame]
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
    return {str(name): texts(row[name], str(name))[0] for name in row}


def check_of(cells: Cells) -> str:
    """Make the check of a row: the same cells have the same."""
    text = "\x1f".join(f"{name}\x1e{value}" for name, value in cells.items())
    return MARK + hashlib.sha256(text.encode()).hexdigest()[:12]


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


def texts(column: pd.Series, name: str) -> list[str]:
    """Cells of a column as text; shapes as WKT."""
    if name != GEOMETRY:
        return [str(value) for value in column.tolist()]
    return [shapely.to_wkt(s) if isinstance(s, shapely.Geometry) else "" for s in column]


def _cell(name: str, text: str) -> Any:  # noqa: ANN401 (a text or a shape, as the column has it)
    return shapely.from_wkt(text, on_invalid="ignore") if name == GEOMETRY else text
