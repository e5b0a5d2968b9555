"""A draft as plain JSON, for whoever shows it."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata.ingest.reasons import cure, text
from geodata.model.personal import TEXT, excerpt, mask
from geodata.model.schemas import PERSONAL
from geodata.wizard import COLUMNS, lost_columns, offered, unused_columns
from geodata.wizard.guess import COLUMN
from geodata.wizard.lists import LISTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.wizard import Draft, Entry, Fault, FilePlan, Look

SHOWN: Final = 6  # rows of a file that are shown
WIDEST: Final = 80  # characters of a cell that are shown
ENTRIES: Final = 100  # of a code list that are shown
ENCODINGS: Final = ("utf-8", "gb18030", "big5", "utf-16", "cp1252")
BINARY: Final = {"parquet", "geoparquet", "gpkg", "fgb", "xlsx", "xls", "ods"}  # say it themselves
CITY: Final = ("key", "name_zh", "name_en", "language", "time_zone", "as_of")
SYSTEMS: Final = ("EPSG:4490", "EPSG:4326", "GCJ-02", "BD-09")  # offered where none is known
AXES: Final = {"lon", "lat"}

Json = dict[str, Any]


def board(draft: Draft, faults: list[Json]) -> Json:
    """What a person sees of a draft; faults: choices that could not be followed."""
    return {
        "ready": draft.ready and any(plan.role.value == "level" for plan in draft.files),
        "city": {key: asdict(getattr(draft.city, key)) for key in CITY},
        "levels": [asdict(level) for level in draft.levels],
        "files": [_file(plan, draft.look(plan.name), draft) for plan in draft.files],
        "lists": {"levels": _levels(draft)}
        | {name: _entries(getattr(draft, name)) for name in LISTS},
        "questions": [asdict(question) for question in draft.questions],
        "faults": faults,
    }


def _file(plan: FilePlan, look: Look, draft: Draft) -> Json:
    frame = look.frame.drop(columns="geometry", errors="ignore").head(SHOWN)
    drawn = bool(look.shapes and look.shapes.kinds)
    kinds = _personal(plan)
    located = drawn or bool(look.box) or bool(plan.column("lon"))
    return {
        "name": look.name,
        "file": look.file,
        "kind": look.kind,
        "rows": look.rows,
        "fault": _fault(look.fault),
        "role": asdict(plan.role),
        "encoding": asdict(plan.encoding),
        "encodings": [] if look.kind in BINARY else _encodings(look, plan.encoding.value),
        "crs": asdict(plan.crs),
        "offered": _systems(plan, look, draft) if located else [],
        "ours": [ours for ours in COLUMNS[plan.role.value] if not (drawn and ours in AXES)],
        "mapped": {ours: asdict(guess) | {"sure": guess.sure} for ours, guess in plan.columns},
        "lost": _lost(plan, look, draft),
        "left": list(unused_columns(plan, look)),
        "theirs": [
            {
                "name": column.name,
                "filled": column.filled,
                "samples": [mask(kinds.get(column.name, TEXT), s) for s in column.samples[:3]],
            }
            for column in look.columns
        ],
        "head": [
            [_cell(cell, kinds.get(str(name), TEXT)) for name, cell in zip(frame, row, strict=True)]
            for row in frame.itertuples(index=False)
        ],
        "columns": [str(column) for column in frame.columns],
        "remarks": [
            {"zh": text(reason, "zh"), "en": text(reason, "en"), "rows": rows}
            for reason, rows in look.remarks
        ],
    }


def _personal(plan: FilePlan) -> dict[str, str]:
    """How the columns are masked that a person has named as personal ones: theirs → kind."""
    kinds = PERSONAL["particulars"]
    return {guess.value: kinds[ours] for ours, guess in plan.columns if ours in kinds}


def _cell(cell: object, kind: str) -> str:
    """What is shown of a cell; of free text only the beginning is looked through."""
    said = str(cell)
    return _short(excerpt(said, WIDEST + 1) if kind == TEXT else mask(kind, said))


def _fault(fault: Fault | None) -> Json | None:
    if fault is None:
        return None
    key = fault.reason
    words = {"zh": text(key, "zh"), "en": text(key, "en")}
    return {**asdict(fault), **words, "cure_zh": cure(key, "zh"), "cure_en": cure(key, "en")}


def _systems(plan: FilePlan, look: Look, draft: Draft) -> list[Json]:
    """List the CRS that may be chosen, each with the name that its authority gives it."""
    boxes = [other.shapes.box for other in draft.looks if other.shapes and other is not look]
    likely = [plan.crs.value, look.spot.crs, *offered(look, boxes)]
    return [{"value": each, "name": _name(each)} for each in dict.fromkeys([*likely, *SYSTEMS])]


@cache
def _name(crs: str) -> str:
    if not crs or crs in SYSTEMS:  # the screen names these
        return crs
    try:
        return str(CRS.from_user_input(crs).name)
    except CRSError:  # the shifted ones of internet maps are in no register
        return _short(crs)


def _lost(plan: FilePlan, look: Look, draft: Draft) -> Json:
    """Which fields have lost their column to another one that a person gave it to."""
    pinned = {
        choice.what.removeprefix(COLUMN): choice.value
        for choice in draft.choices
        if choice.file == look.name and choice.what.startswith(COLUMN)
    }
    lost = lost_columns(look, plan.role.value, pinned)
    return {ours: {"column": column, "to": to} for ours, (column, to) in lost.items()}


def _entries(entries: Sequence[Entry]) -> list[Json]:
    return [asdict(entry) for entry in entries[:ENTRIES]]


def _levels(draft: Draft) -> list[Json]:
    """Levels as entries whose names can be mended; they are found as files."""
    return [
        {
            "id": level.key,
            "found": "、".join(level.files),
            "name_zh": level.name_zh,
            "name_en": level.name_en,
            "rows": level.units,
            "translated": not level.named,
            "listed": False,
        }
        for level in draft.levels
    ]


def _encodings(look: Look, chosen: str) -> list[str]:
    """What may be chosen: likely ones first, and all of the others, as a guess may be wrong."""
    told = [decoded.encoding for decoded in look.decodings]
    return list(dict.fromkeys(filter(None, [chosen, *told, *ENCODINGS])))


def _short(words: str) -> str:
    return words if len(words) <= WIDEST else words[: WIDEST - 1] + "…"
