"""Lines of stage events into events that can be kept; what is wrong with a line is said by name.

One event is one line of JSON: `source` (key of a channel), `case` (the number the source gave it),
`stage`, `at` (ISO with its zone, or epoch seconds), perhaps `event` (the source's own number of the
event), `by_day` true where only the day of `at` is known, and fields as they are from `at` on.
`corrected` has them in `fields`, where null takes a value back. An event is kept as one canonical
line, so that the same event is known again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from geodata.journal.fields import RefusedError, checked
from geodata.journal.times import MomentError, epoch
from geodata.journal.vocabulary import (
    CORRECTABLE,
    CORRECTED,
    FIELDS,
    KNOWN,
    NEVER_NONE,
    REPORTED,
    SAYING,
)
from geodata.model.schemas import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geodata.journal.codes import Codes

LONGEST_LINE: Final = 16 * 1024
LONGEST_NAME: Final = 128  # characters of a case's or an event's number
AHEAD_S: Final = 86_400  # that a source's clock may be ahead of ours
SHOWN: Final = 80  # characters of a wrong value that are told
ENVELOPE: Final = frozenset({"event", "source", "case", "stage", "at", "by_day"})
DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is kept: its number, unlike any other's, and its canonical line."""

    line: int  # of the batch, from 1
    id: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one line: a key of `reasons.toml` and the value it is about."""

    line: int
    reason: str
    detail: str = ""


@dataclass(slots=True)
class Batch:
    """Lines that were read: events to keep, lines refused, and remarks on those kept."""

    events: list[Event] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)


def read(lines: Iterable[bytes], codes: Codes, now: int) -> Batch:
    """Read lines of NDJSON; empty lines are passed over, a bad one costs no other."""
    batch = Batch()
    for number, line in enumerate(lines, 1):
        if line.strip():
            _take(number, line, codes, now, batch)
    return batch


def take(number: int, given: Mapping[str, Any], codes: Codes, now: int, batch: Batch) -> None:
    """Check one event and put it, or what is wrong with it, into a batch."""
    try:
        words, remarks = _words(given, codes, now)
    except RefusedError as error:
        batch.refused.append(Told(number, error.reason, error.detail[:SHOWN]))
        return
    batch.events.append(_event(number, words))
    batch.remarks += [Told(number, reason, detail[:SHOWN]) for reason, detail in remarks]


def _take(number: int, line: bytes, codes: Codes, now: int, batch: Batch) -> None:
    if len(line) > LONGEST_LINE:
        batch.refused.append(Told(number, "line_too_long"))
        return
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError:
        given = None
    if isinstance(given, dict):
        take(number, given, codes, now, batch)
    else:
        batch.refused.append(Told(number, "line_not_json"))


def _event(number: int, words: dict[str, Any]) -> Event:
    text = orjson.dumps(words, option=orjson.OPT_SORT_KEYS)
    if "event" in words:
        return Event(number, f"{words['source']}/{words['event']}", text)
    return Event(number, f"#{hashlib.blake2b(text, digest_size=DIGEST_BYTES).hexdigest()}", text)


def _words(
    given: Mapping[str, Any], codes: Codes, now: int
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The event in canonical words, and remarks on them."""
    stage = _stage(given)
    words: dict[str, Any] = {
        "source": _source(given, codes),
        "case": _name(given, "case"),
        "stage": stage,
        "at": _at(given, now),
    }
    if given.get("event") is not None:
        words["event"] = _name(given, "event")
    if _by_day(given):
        words["by_day"] = True
    said, remarks = checked(_said(given, stage), codes)
    if isinstance(first := said.get("duplicate_of"), list) and first[0] == words["source"]:
        said["duplicate_of"] = first[1]
    if said.get("duplicate_of") == words["case"]:
        raise RefusedError(reason="field_out_of_range", detail="duplicate_of")
    _demand(stage, said, codes)
    if said:
        words["set"] = said
    return words, remarks


def _stage(given: Mapping[str, Any]) -> str:
    stage = given.get("stage")
    if stage is None:
        raise RefusedError(reason="field_missing", detail="stage")
    if not isinstance(stage, str) or stage not in KNOWN:
        raise RefusedError(reason="stage_unknown", detail=str(stage))
    return stage


def _source(given: Mapping[str, Any], codes: Codes) -> str:
    word = given.get("source")
    if word is None:
        raise RefusedError(reason="field_missing", detail="source")
    key = codes.key("source", word) if isinstance(word, str) else None
    if key is None:
        raise RefusedError(reason="source_unknown", detail=str(word))
    return key


def _name(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        raise RefusedError(reason="field_missing", detail=name)
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise RefusedError(reason="field_out_of_range", detail=name)
    return text


def _at(given: Mapping[str, Any], now: int) -> int:
    if given.get("at") is None:
        raise RefusedError(reason="field_missing", detail="at")
    try:
        at = epoch(given["at"])
    except MomentError as error:
        raise RefusedError(reason=error.reason, detail=f"at: {given['at']}") from None
    if at > now + AHEAD_S:
        raise RefusedError(reason="time_in_future", detail=f"at: {given['at']}")
    return at


def _by_day(given: Mapping[str, Any]) -> bool:
    by_day = given.get("by_day")
    if by_day is None or isinstance(by_day, bool):
        return bool(by_day)
    raise RefusedError(reason="field_out_of_range", detail="by_day")


def _said(given: Mapping[str, Any], stage: str) -> dict[str, Any]:
    """The fields that an event brings; outside of a correction null says nothing."""
    allowed = ENVELOPE | ({"fields"} if stage == CORRECTED else FIELDS)
    for name in given:
        _known_field(name, allowed)
    if stage != CORRECTED:
        return {name: given[name] for name in FIELDS if given.get(name) is not None}
    fields = given.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise RefusedError(reason="nothing_said", detail="fields")
    for name, value in fields.items():
        _known_field(name, CORRECTABLE)
        if value is None and name in NEVER_NONE:
            raise RefusedError(reason="field_out_of_range", detail=name)
    return fields


def _known_field(name: str, allowed: frozenset[str]) -> None:
    """Refuse a field that nobody would find again, and apart from these what is about a person.

    The journal keeps every line as it came, for years; personal data come by an import, which
    seals them.
    """
    if name not in allowed:
        why = "field_personal" if name in TOLD else "field_unknown"
        raise RefusedError(reason=why, detail=name)


def _demand(stage: str, said: Mapping[str, Any], codes: Codes) -> None:
    """Refuse a stage that lacks the field it is about."""
    needed = SAYING.get(stage)
    if needed and needed not in said:
        raise RefusedError(reason="field_missing", detail=needed)
    if stage == REPORTED and "category" not in said:
        matter = said.get("matter")
        if matter is None or codes.matter_category(matter) < 0:
            raise RefusedError(reason="category_missing", detail=str(matter or ""))
