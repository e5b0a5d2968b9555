"""A draft and the outcome of its trial as plain JSON, for whoever shows them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from geodata.ingest.reasons import cure, text
from geodata.report.account import accounts
from geodata.wizard import COLUMNS, offered

if TYPE_CHECKING:
    import pandas as pd

    from geodata.report.account import FileAccount, Reason
    from geodata.wizard import Draft, FilePlan, Look

SHOWN: Final = 6  # rows of a file that are shown
WIDEST: Final = 80  # characters of a cell that are shown
ENCODINGS: Final = ("utf-8", "gb18030", "big5", "cp1252")
BINARY: Final = {"parquet", "geoparquet", "gpkg", "fgb", "xlsx", "xls", "ods"}  # say it themselves
CITY: Final = ("key", "name_zh", "name_en", "language", "time_zone", "as_of")

Json = dict[str, Any]


def board(draft: Draft, faults: list[Json]) -> Json:
    """What a person sees of a draft; faults: choices that could not be followed."""
    return {
        "ready": draft.ready and any(plan.role.value == "level" for plan in draft.files),
        "city": {key: asdict(getattr(draft.city, key)) for key in CITY},
        "levels": [asdict(level) for level in draft.levels],
        "files": [_file(plan, draft.look(plan.name), draft) for plan in draft.files],
        "questions": [asdict(question) for question in draft.questions],
        "faults": faults,
    }


def outcome(findings: pd.DataFrame, meta: Json) -> Json:
    """What a trial came to: counts of the city, and the account of every file."""
    counts: dict[str, int] = meta["counts"]
    units = sum(count for key, count in counts.items() if key.startswith("level "))
    return {
        "counts": {
            "units": units,
            "buildings": counts["buildings"],
            "incidents": counts["incidents"],
        },
        "files": [_account(account) for account in accounts(findings)],
    }


def _file(plan: FilePlan, look: Look, draft: Draft) -> Json:
    boxes = [other.shapes.box for other in draft.looks if other.shapes and other is not look]
    frame = look.frame.drop(columns="geometry", errors="ignore").head(SHOWN)
    return {
        "name": look.name,
        "file": look.file,
        "kind": look.kind,
        "rows": look.rows,
        "fault": look.fault,
        "role": asdict(plan.role),
        "encoding": asdict(plan.encoding),
        "encodings": [] if look.kind in BINARY else _encodings(look, plan.encoding.value),
        "crs": asdict(plan.crs),
        "offered": list(dict.fromkeys([plan.crs.value, look.spot.crs, *offered(look, boxes)])),
        "drawn": dict(look.shapes.kinds) if look.shapes else {},
        "ours": list(COLUMNS[plan.role.value]),
        "mapped": {ours: asdict(guess) | {"sure": guess.sure} for ours, guess in plan.columns},
        "theirs": [
            {"name": column.name, "filled": column.filled, "samples": list(column.samples[:3])}
            for column in look.columns
        ],
        "head": [[_short(cell) for cell in row] for row in frame.itertuples(index=False)],
        "columns": [str(column) for column in frame.columns],
        "remarks": [
            {"zh": text(reason, "zh"), "en": text(reason, "en"), "rows": rows}
            for reason, rows in look.remarks
        ],
    }


def _encodings(look: Look, chosen: str) -> list[str]:
    told = [decoded.encoding for decoded in look.decodings]
    return list(dict.fromkeys([chosen, *(told or ENCODINGS)])) if chosen else list(ENCODINGS)


def _short(cell: object) -> str:
    words = str(cell)
    return words if len(words) <= WIDEST else words[: WIDEST - 1] + "…"


def _account(account: FileAccount) -> Json:
    return {
        "name": account.name,
        "read": account.read,
        "repaired": account.repaired,
        "rejected": account.rejected,
        "set_aside": account.set_aside,
        "reasons": [_reason(reason) for reason in account.reasons],
    }


def _reason(reason: Reason) -> Json:
    return {
        "action": reason.action,
        "rows": reason.rows,
        "where": reason.where,
        "zh": text(reason.key, "zh"),
        "en": text(reason.key, "en"),
        "cure_zh": cure(reason.key, "zh") or reason.own_cure,
        "cure_en": cure(reason.key, "en") or reason.own_cure,
    }
