"""The journal folded into rows of INCIDENTS: what arrived live, on top of the published history.

A row here replaces the row of the published history that has the same `id`; a case that the
history does not have gets an id above all of those. What an event names is taken from the event,
all else stays as it was published.

Cases that were compacted (see `compaction`) are not here until an event names one of them: then its
earlier events are read again, and those of every case that its row depends on.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.journal.deadlines import Deadlines
from geodata.journal.facts import BY_DAY, FIELD, NONE, Reader, last_of
from geodata.journal.rows import LATE, NO_BASE, Copies, Rows
from geodata.journal.vocabulary import CODES, COUNTED, MOST_COUNTED, NUMBERS
from geodata.model.overlay import Overlay
from geodata.model.schemas import DAY_BITS, MOMENTS, STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.journal.around import Case, Compacted, Lookup, Siting
    from geodata.journal.codes import Codes
    from geodata.journal.facts import Facts
    from geodata.journal.journal import Entry

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Columns = dict[str, npt.NDArray[Any]]

LIVE_IDS: Final = 10**15  # above every published id, and whole in a browser's numbers


@dataclass(eq=False)
class Cases:
    """Cases of the journal as rows of one published city; safe for many threads.

    snapshot: id of that city; until: the moment up to which the published rows have counted what
    is counted (returned, reopened …); later events of that kind add to them; past: cases that were
    compacted, on which the rest is folded.
    """

    snapshot: str
    codes: Codes
    base: Lookup
    places: Siting
    until: int
    past: Compacted | None = None
    _rows: Rows = field(default_factory=Rows, repr=False)
    _published: Copies = field(default_factory=Copies, repr=False)
    _counts: dict[int, list[tuple[str, int]]] = field(default_factory=dict, repr=False)
    _kept: Columns | None = field(default=None, repr=False)
    _overlay: Overlay | None = field(default=None, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        """Begin with no event."""
        self._reader = Reader(self.codes, self.past.seq if self.past else 0)
        self._reader.newest = self.past.newest if self.past else 0
        self._category = np.append(self.codes.city.matters["category"].to_numpy(np.int64), NONE)

    @cached_property
    def _deadlines(self) -> Deadlines:
        """The clock of the city, made when something is folded."""
        return Deadlines.of(self.codes.city)

    @property
    def version(self) -> tuple[str, int]:
        """The published city and the newest event in these rows."""
        return self.snapshot, self._reader.last

    @property
    def newest(self) -> int:
        """The latest moment of an event in these rows; 0 = there is none."""
        return self._reader.newest

    @property
    def fresh(self) -> int:
        """How many events were folded that no compaction has."""
        return self._reader.last - self._reader.since

    def __len__(self) -> int:
        """Count the rows, those compacted apart."""
        return int(self._rows.shown[: self._count].sum())

    def apply(self, entries: Sequence[Entry]) -> None:
        """Fold events in, in any order; those folded before change nothing.

        Raises:
            JournalError: what their cases were told of before cannot be read; nothing was folded.
        """
        with self._lock:
            before = self._count
            told = entries if self.past is None else self._reader.with_past(entries, self.past)
            facts = self._reader.read(told)
            if not facts.told:
                return
            self._rows.grow(self._count)
            self._rows.merge(facts.facts)
            self._note(facts)
            new = np.arange(before, self._count)
            self._look_up(new)
            self._renew(np.union1d(new, np.array(list(facts.told), dtype=np.int64)))
            self._kept = None

    def of(self, cases: Sequence[Case]) -> Columns:
        """The rows of some cases, with those that these depend on, compacted or not.

        Raises:
            JournalError: what they were told of cannot be read.
        """
        with self._lock:
            rows = self.columns()
            left = [case for case in cases if not self._reader.knows(case)]
            if self.past is None or not left:
                return rows
            apart = Cases(self.snapshot, self.codes, self.base, self.places, self.until, self.past)
            apart.apply(self.past.entries(left))
            more = apart.columns()
            new = ~np.isin(more["id"], self._ids())
            return {name: np.concatenate([rows[name], more[name][new]]) for name in rows}

    def overlay(self) -> Overlay | None:
        """Every case with an event, the same one until news come; None where there is none."""
        with self._lock:
            past, columns = self.past, self.columns()
            # A generation has the same rows, but not in the same place: whoever keeps some looks.
            version = f"{self.version[1]}.{past.name if past else 0}"
            if self._overlay is None or self._overlay.version != version:
                settled = past.settled if past else None
                self._overlay = Overlay(version, columns, settled, self._ids())
            return self._overlay if past or len(columns["id"]) else None

    def columns(self) -> Columns:
        """The rows not compacted, a column each; moments are epoch seconds. Not to be changed."""
        with self._lock:
            if self._kept is None:
                shown = np.flatnonzero(self._rows.shown[: self._count])
                made = {name: column[shown] for name, column in self._rows.out.items()}
                self._refer(shown, made)
                self._kept = made
            return self._kept

    @property
    def _count(self) -> int:
        return len(self._reader.cases)

    def _ids(self) -> Ints:
        """Of every case that an event has named here, in order."""
        return np.unique(self._rows.out["id"][: self._count])

    def _note(self, facts: Facts) -> None:
        slots = np.fromiter(facts.told, dtype=np.int64, count=len(facts.told))
        lowest = np.fromiter(facts.told.values(), dtype=np.int64, count=len(slots))
        self._rows.first[slots] = np.minimum(self._rows.first[slots], lowest)
        for slot, counted in facts.counts.items():
            self._counts.setdefault(slot, []).extend(counted)

    def _look_up(self, new: Ints) -> None:
        """Copy the published rows of cases that are new here."""
        known = self.codes.rows["source"]
        named = [(slot, *self._reader.cases[slot]) for slot in new.tolist()]
        asked = [(slot, known[source], key) for slot, source, key in named if source in known]
        for slot, source, key in named:
            self._rows.out["key"][slot] = key
            self._rows.out["source"][slot] = known.get(source, NONE)
        if not asked:
            return
        found, rows = self.base.find([each[1] for each in asked], [each[2] for each in asked])
        if found:
            at = self._published.add(rows, len(found))
            self._rows.base[[asked[n][0] for n in found]] = at

    def _renew(self, slots: Ints) -> None:
        """Make the rows of some cases anew."""
        rows, based = self._rows, self._rows.base[slots] != NO_BASE
        for name, column in rows.out.items():
            if name in _TAKEN:
                column[slots] = self._taken(name, slots, based)
        self._settle_codes(slots, based)
        self._order(slots, based)
        self._count_up(slots)
        self._route(slots, based)
        self._deadlines.reckon(rows, self._counts, slots[~based])
        self._place(slots, based)
        out = rows.out
        out["id"][slots] = LIVE_IDS + rows.first[slots]
        out["id"][slots[based]] = self._of_base("id", slots[based])
        known = (out["reported"][slots] > 0) & (out["category"][slots] >= 0)
        known &= (out["source"][slots] >= 0) & (rows.first[slots] < LATE)
        rows.shown[slots] = known

    def _of_base(self, name: str, slots: Ints) -> npt.NDArray[Any]:
        return self._published.columns[name][self._rows.base[slots]]

    def _taken(self, name: str, slots: Ints, based: Flags) -> Ints:
        """A field as the event of the highest rank has it, else as it was published."""
        number = FIELD[name]
        value, told = self._rows.value[slots, number], self._rows.rank[slots, number] > 0
        value = value & ~BY_DAY if name in MOMENTS else value
        empty = NONE if name in CODES else 0
        old = np.full(len(slots), empty, dtype=np.int64)
        old[based] = self._of_base(name, slots[based])
        return np.where(told, value, old)

    def _settle_codes(self, slots: Ints, based: Flags) -> None:
        """Give a case that names only its matter the category of that."""
        out = self._rows.out
        bare = ~based & (self._rows.rank[slots, FIELD["category"]] == 0)
        of_matter = self._category[out["matter"][slots]]
        out["category"][slots] = np.where(bare, of_matter, out["category"][slots])

    def _order(self, slots: Ints, based: Flags) -> None:
        """A stage before the report is moved there, and no minutes come of it, as in an import."""
        out = self._rows.out
        by_day = np.zeros(len(slots), dtype=np.int64)
        by_day[based] = self._of_base("by_day", slots[based])
        reported = out["reported"][slots]
        for stage in STAGES:
            number = FIELD[stage]
            by_day[self._rows.rank[slots, number] > 0] &= ~DAY_BITS[stage]
            by_day[self._rows.value[slots, number] >= BY_DAY] |= DAY_BITS[stage]
            moment = out[stage][slots]
            early = (moment > 0) & (moment < reported)
            by_day[early] |= DAY_BITS[stage]
            out[stage][slots[early]] = reported[early]
        out["by_day"][slots] = by_day

    def _count_up(self, slots: Ints) -> None:
        """What is counted: as it was published or last corrected, and every later event."""
        rows = self._rows
        for slot in slots.tolist():
            events = self._counts.get(slot, ())
            based = rows.base[slot] != NO_BASE
            for name in COUNTED if events else ():
                rank = int(rows.rank[slot, FIELD[name]])
                since = rank or (last_of(self.until) if based else 0)
                later = sum(1 for counted, word in events if counted == name and word > since)
                rows.out[name][slot] = min(int(rows.out[name][slot]) + later, MOST_COUNTED)

    def _route(self, slots: Ints, based: Flags) -> None:
        """To whom a case was first dispatched: as named, else published, else by the events."""
        rows, out = self._rows, self._rows.out
        told = rows.rank[slots, FIELD["sent"]] > 0
        first = np.where(told, rows.value[slots, FIELD["sent"]], NONE)
        old = slots[based]
        moved = told[based] | (out["returned"][old] > self._of_base("returned", old))
        whole = moved & (self._of_base("returned", old) == 0)  # it had not been sent back before
        published = np.where(whole, self._of_base("department", old), NONE)
        first[based] = np.where(self._of_base("dispatched", old) > 0, published, first[based])
        named = out["first_department"][slots]
        said = rows.rank[slots, FIELD["first_department"]] > 0  # even that nobody knows it
        out["first_department"][slots] = np.where(said | (named >= 0), named, first)

    def _place(self, slots: Ints, based: Flags) -> None:
        """Find the site of cases whose place is told anew; the others stay where they are."""
        rows, out = self._rows, self._rows.out
        told = rows.rank[slots, FIELD["place"]] > 0
        stays = slots[based & ~told]
        for name in ("site", "lon", "lat"):
            out[name][stays] = self._of_base(name, stays)
        spot = rows.value[slots, FIELD["place"]]
        moved = (told | ~based) & (rows.placed[slots] != spot)
        mine, spots = slots[moved], [self._reader.spots[n] for n in spot[moved].tolist()]
        if not spots:
            return
        sources = [self._reader.cases[slot][0] for slot in mine.tolist()]
        out["site"][mine] = self.places.sites(spots, sources)
        out["lon"][mine] = [each.lon for each in spots]
        out["lat"][mine] = [each.lat for each in spots]
        rows.placed[mine] = spot[moved]

    def _refer(self, shown: Ints, made: Columns) -> None:
        """Name the first report of duplicates by its id, once that is a case."""
        rank = self._rows.rank[shown, FIELD["duplicate_of"]]
        made["duplicate_of"] = np.full(len(shown), NONE, dtype=np.int64)
        based = self._rows.base[shown] != NO_BASE
        made["duplicate_of"][based] = self._of_base("duplicate_of", shown[based])
        told = np.flatnonzero(rank > 0)
        first = self._rows.value[shown[told], FIELD["duplicate_of"]]
        exists = (first >= 0) & (self._rows.shown[first] | (self._rows.base[first] != NO_BASE))
        made["duplicate_of"][told] = np.where(exists, self._rows.out["id"][first], NONE)


# Columns that are what a field says and nothing else.
_TAKEN: Final = frozenset({*MOMENTS, *CODES, *NUMBERS, *COUNTED})
