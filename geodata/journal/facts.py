"""Kept events into facts: of this case, this field has this value, by a word of this rank.

Of all facts about a field of a case the one of the highest rank counts: the latest moment of the
event, and of equal moments the later number. Of `sent`, to whom a case was first dispatched, the
earliest counts. So the order in which events are read does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from geodata.journal.places import NOTHING, NOWHERE, Spot
from geodata.journal.vocabulary import CODES, COUNTED, HAPPENED, NUMBERS, PLACE, UNDONE
from geodata.model.schemas import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from geodata.journal.around import Case, Compacted
    from geodata.journal.codes import Codes
    from geodata.journal.journal import Entry

    Ints = npt.NDArray[np.int64]
    Said = Mapping[str, Any]

FIELDS: Final = (*MOMENTS, *CODES, *NUMBERS, *COUNTED, "duplicate_of", "place", "sent")
FIELD: Final = {name: number for number, name in enumerate(FIELDS)}
SEQ_BITS: Final = 31  # below the 32 of a moment: together they fit a signed number
BY_DAY: Final = 1 << 40  # added to a moment of which only the day is known
NONE: Final = -1  # a code or a reference that is none
PARTS: Final = 4  # of a fact: case, field, rank, value
EARLIEST: Final = 2**63 - 1  # less a rank, so that the earliest word counts
_MOMENT: Final = {name: FIELD[name] for name in HAPPENED}
_UNDONE: Final = tuple(FIELD[name] for name in UNDONE)
_ROWS: Final = frozenset(CODES)


def last_of(moment: int) -> int:
    """The highest rank that a word of a moment can have."""
    return ((moment + 1) << SEQ_BITS) - 1


@dataclass
class Facts:
    """What a batch of events says.

    facts: one row a fact (case, field, rank, value); counts: case → (column, rank) of each
    event that is counted; told: cases that an event is about, with the lowest number of theirs.
    """

    facts: Ints
    counts: dict[int, list[tuple[str, int]]]
    told: dict[int, int]


@dataclass(eq=False)
class Reader:
    """Reads kept events, each once; knows every case that any of them named by its place here."""

    codes: Codes
    since: int = 0  # events up to this number are read only where their case is named again
    cases: list[tuple[str, str]] = field(default_factory=list)  # channel and number
    spots: list[Spot] = field(default_factory=lambda: [NOWHERE])
    last: int = 0  # the highest number read
    newest: int = 0  # the latest moment of an event
    _slots: dict[tuple[str, str], int] = field(default_factory=dict)
    _seen: bytearray = field(default_factory=bytearray)  # by number after `since`
    _early: set[int] = field(default_factory=set)  # numbers up to `since`

    def __post_init__(self) -> None:
        """Begin after the events that need not be read."""
        self.last = max(self.last, self.since)

    def knows(self, case: tuple[str, str]) -> bool:
        """Whether any event named this case."""
        return case in self._slots

    def with_past(self, entries: Iterable[Entry], past: Compacted) -> list[Entry]:
        """Events, and all that was told before of the cases that they name for the first time.

        Raises:
            JournalError: it cannot be read.
        """
        found = more = list(entries)
        asked: set[Case] = set()
        while more:
            cases = {case for entry in more for case in named(entry.line)} - asked
            new = {case for case in cases if not self.knows(case)}
            more = past.entries(sorted(new)) if new else []
            found, asked = found + more, asked | new
        return found

    def read(self, entries: Iterable[Entry]) -> Facts:
        """Turn events into facts; those read before are passed over."""
        flat: list[int] = []
        counts: dict[int, list[tuple[str, int]]] = {}
        told: dict[int, int] = {}
        for entry in self._new(entries):
            words = orjson.loads(entry.line)
            slot = self._slot(words["source"], words["case"])
            told[slot] = min(entry.seq, told.get(slot, entry.seq))
            stage, at = words["stage"], words["at"]
            self.newest = max(self.newest, at)
            rank = at << SEQ_BITS | entry.seq
            if stage in _MOMENT:
                moment = at | BY_DAY if "by_day" in words else at
                flat += (slot, _MOMENT[stage], rank, moment)
            elif stage in COUNTED:
                counts.setdefault(slot, []).append((stage, rank))
                if stage == "reopened":
                    for number in _UNDONE:
                        flat += (slot, number, rank, 0)
            said = words.get("set")
            if said:
                if stage == "dispatched" and said.get("department") is not None:
                    to = self._row("department", said["department"])
                    flat += (slot, FIELD["sent"], EARLIEST - rank, to)
                self._say(slot, rank, words["source"], said, flat)
        return Facts(np.array(flat, dtype=np.int64).reshape(-1, PARTS), counts, told)

    def _new(self, entries: Iterable[Entry]) -> Iterable[Entry]:
        seen, since = self._seen, self.since
        for entry in entries:
            number = entry.seq - since
            if number <= 0:
                if entry.seq not in self._early:
                    self._early.add(entry.seq)
                    yield entry
                continue
            if number >= len(seen):
                seen.extend(bytes(max(number + 1 - len(seen), len(seen))))
            if not seen[number]:
                seen[number] = 1
                self.last = max(self.last, entry.seq)
                yield entry

    def _slot(self, source: str, case: str) -> int:
        name = (source, case)
        slot = self._slots.get(name)
        if slot is None:
            slot = self._slots[name] = len(self.cases)
            self.cases.append(name)
        return slot

    def _say(self, slot: int, rank: int, source: str, said: Said, flat: list[int]) -> None:
        placed = False
        for name, value in said.items():
            if name in _ROWS:
                flat += (slot, FIELD[name], rank, self._row(name, value))
            elif name in PLACE:
                placed = True
            elif name == "duplicate_of":
                flat += (slot, FIELD[name], rank, self._first(source, value))
            else:  # a moment or a number
                flat += (slot, FIELD[name], rank, value or 0)
        if placed:
            flat += (slot, FIELD["place"], rank, len(self.spots))
            self.spots.append(_spot(said))

    def _first(self, source: str, value: str | list[str] | None) -> int:
        first = _first_report(source, value)
        return NONE if first is None else self._slot(*first)

    def _row(self, name: str, key: str | None) -> int:
        if key is None:
            return NONE
        return self.codes.rows[name].get(key, NONE)


def named(line: bytes) -> list[tuple[str, str]]:
    """The cases that a kept event names: its own, and the first report of a duplicate."""
    words = orjson.loads(line)
    said = words.get("set", {})
    first = _first_report(words["source"], said.get("duplicate_of"))
    own = (words["source"], words["case"])
    return [own] if first is None else [own, first]


def _first_report(source: str, value: str | list[str] | None) -> tuple[str, str] | None:
    if value is None:
        return None
    return (source, value) if isinstance(value, str) else (value[0], value[1])


def _spot(said: Said) -> Spot:
    lon, lat = said.get("lon"), said.get("lat")
    if lon is None or lat is None or (lon == 0 and lat == 0):  # 0, 0 is what a device without
        lon = lat = NOTHING  # a position sends
    return Spot(lon, lat, said.get("building") or "", said.get("unit") or "")
