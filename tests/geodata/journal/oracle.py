"""The fold as one would do it by hand: case by case, field by field, nothing kept between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from geodata.clocks.hours import LATEST
from geodata.journal.cases import LIVE_IDS
from geodata.journal.vocabulary import COUNTED, HAPPENED, PLACE
from geodata.model.schemas import DAY_BITS, MOMENTS, STAGES
from tests.geodata.journal.stub import PUBLISHED, UNTIL, site_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.journal.journal import Entry

    Word = dict[str, Any]

ROWS = {"category": "abc", "department": "xyz", "matter": "mn"}
NUMBERS = ("settled_at", "satisfaction", "floor", "suspended_s")


def rows_of(entries: Sequence[Entry]) -> dict[tuple[int, str], dict[str, Any]]:
    words = [orjson.loads(entry.line) | {"seq": entry.seq} for entry in entries]
    cases = sorted({("st".index(word["source"]), word["case"]) for word in words})
    found = {}
    for source, key in cases:
        mine = [w for w in words if w["source"] == "st"[source] and w["case"] == key]
        row = _row(source, key, mine)
        if row["reported"] > 0 and row["category"] >= 0:
            found[source, key] = row
    for (source, _), row in found.items():
        first = row.pop("first_report")
        if first is not None:
            published = _published(source, first)
            case = found.get((source, first))
            row["duplicate_of"] = published["id"] if published else case["id"] if case else -1
    return found


def _published(source: int, key: str) -> dict[str, Any] | None:
    return next((more for s, k, more in PUBLISHED if (s, k) == (source, key)), None)


def _row(source: int, key: str, words: list[Word]) -> dict[str, Any]:
    base = _published(source, key)
    words = sorted(words, key=lambda word: (word["at"], word["seq"]))
    empty = dict.fromkeys(ROWS, -1) if base is None else dict.fromkeys(ROWS, 0)
    row = dict.fromkeys((*MOMENTS, *NUMBERS, *COUNTED, "by_day"), 0) | empty
    row |= {
        "site": 1 if base is None else 0,
        "id": LIVE_IDS + min(word["seq"] for word in words),
    } | (base or {})
    row["first_report"] = None
    if base is None:
        row["duplicate_of"] = -1
    told: set[str] = set()
    for word in words:
        _say(row, word, told, counts=base is None or word["at"] > UNTIL)
    if base is None and "category" not in told and row["matter"] >= 0:
        row["category"] = (2, -1)[row["matter"]]
    for stage in STAGES:
        bit = DAY_BITS[stage]
        row["by_day"] &= ~bit if stage in told else ~0
        if 0 < row[stage] < row["reported"]:
            row[stage], row["by_day"] = row["reported"], row["by_day"] | bit
    if base is None and "due" not in told and row["matter"] == 0:
        back = [word["at"] for word in words if word["stage"] == "reopened"]  # it starts anew
        limit = 3_600 * (1 + min(row["extended"], 2)) + min(row["suspended_s"], 365 * 86_400)
        row["due"] = min(max([row["reported"], *back]) + limit, LATEST)
        first = row["reported"] + 3_600
        if "due_original" not in told:
            row["due_original"] = 0 if first == row["due"] else first
    return row


def _say(row: dict[str, Any], word: Word, told: set[str], *, counts: bool) -> None:
    """Let one event speak; later ones speak over it."""
    stage = word["stage"]
    if stage in HAPPENED:
        row[stage] = word["at"]
        told.add(stage)
    if stage in COUNTED and (counts or stage in told):  # told: a correction has set it anew
        row[stage] += 1
    if stage == "reopened":
        row |= {"resolved": 0, "verified": 0, "closed": 0}
        told.update(("resolved", "verified", "closed"))
    said = word.get("set", {})
    told.update(said)
    for name, value in said.items():
        if name in ROWS:
            row[name] = -1 if value is None else ROWS[name].index(value)
        elif name == "duplicate_of":
            row["first_report"] = value
            row["duplicate_of"] = -1
        elif name not in PLACE:
            row[name] = value or 0
    if told_place := [name for name in PLACE if name in said]:
        assert told_place
        row["site"] = site_of(said.get("building") or "", said.get("lon"))
        row["lon"] = float("nan") if said.get("lon") is None else said["lon"]
