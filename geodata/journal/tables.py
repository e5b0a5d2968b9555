"""The tables of the journal, alike in SQLite and PostgreSQL, and how a batch is put into them."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.journal.events import Event

ASKED: Final = 500  # numbers of events that one statement asks about

TABLES: Final = sa.MetaData()
EVENTS: Final = sa.Table(
    "events",
    TABLES,
    # Numbered by us under the lock of the transaction, without a gap: who reads up to a number
    # has missed none below it, which a sequence of the database does not promise.
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("event", sa.String, nullable=False, unique=True),
    sa.Column("received", sa.BigInteger, nullable=False),  # epoch seconds
    sa.Column("sender", sa.String, nullable=False),  # name of the token, or the file
    sa.Column("line", sa.LargeBinary, nullable=False),
    sa.Column("checksum", sa.BigInteger, nullable=False),  # neither database notices a flipped bit
)

NOTES: Final = sa.Table("made", sa.MetaData(), sa.Column("name", sa.String, primary_key=True))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: how many are new and how many were known, all of them on the disk.

    reused: numbers of lines whose event number belongs to another event; these were not kept.
    """

    accepted: int
    repeated: int
    last_seq: int
    reused: tuple[int, ...] = ()


def put(database: sa.Connection, events: Sequence[Event], sender: str) -> Receipt:
    """Keep what is new of a batch, numbered in its order; the transaction is the caller's."""
    known = _known(database, [event.id for event in events])
    last = int(database.scalar(sa.select(sa.func.max(EVENTS.c.seq))) or 0)
    received, rows, reused, repeated = int(time.time()), [], [], 0
    for event in events:
        if event.id not in known:
            known[event.id] = event.text
            last += 1
            checksum = zlib.crc32(event.text)
            rows.append((last, event.id, received, sender, event.text, checksum))
        elif known[event.id] == event.text:
            repeated += 1
        else:
            reused.append(event.line)
    if rows:
        names = [column.name for column in EVENTS.c]
        database.execute(sa.insert(EVENTS), [dict(zip(names, row, strict=True)) for row in rows])
    return Receipt(len(rows), repeated, last, tuple(reused))


def _known(database: sa.Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """Which of these events are kept already, with their lines."""
    found: dict[str, bytes] = {}
    for start in range(0, len(ids), ASKED):
        chunk = ids[start : start + ASKED]
        wanted = sa.select(EVENTS.c.event, EVENTS.c.line).where(EVENTS.c.event.in_(chunk))
        found.update((row.event, row.line) for row in database.execute(wanted))
    return found
