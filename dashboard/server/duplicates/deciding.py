"""A person's decision about a pair: an event of the journal, a row of the audit, and remembered."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.server.duplicates.listed import case_of, open_pairs, row_of
from geodata.duplicates import confirmed, undone
from geodata.journal.errors import JournalError
from geodata.journal.events import Batch, take
from geodata.model.errors import BusyError
from geodata.store import audit, decisions
from geodata.store.decisions import CONFIRMED, DECLINED, UNDONE, Decision

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.question import Question
    from dashboard.server.api.events import Intake
    from geodata.proposed import Proposed
    from geodata.store.decisions import Case, Decided

GONE = "this pair is not proposed any more, or somebody has decided; load the page again"


def decide(  # noqa: PLR0913 (what a decision is about)
    said: str,
    case: Case,
    first: Case,
    *,
    actor: str,
    asked: Question,
    found: Proposed | None,
    intake: Intake,
    data_dir: Path,
) -> None:
    """Keep a decision; of two people who decide at once the second is told.

    Raises:
        BusyError: there is nothing like that to decide.
        JournalError: the numbers cannot follow now; nothing was decided.
        OSError: it cannot be written down; nothing was decided.
    """
    with decisions.alone(data_dir) as known:
        made = _made(said, case, first, actor, asked, found, known)
        about = {"source": case[0], "case": case[1], "first": list(first)}
        audit.record(data_dir, {"actor": actor, "act": f"duplicate_{said}", **about})
        if event := _event(made, known):
            try:
                _send(event, asked, intake, actor)
            except JournalError:
                audit.record(data_dir, {"actor": actor, "act": f"duplicate_{said}_failed", **about})
                raise
        decisions.keep(data_dir, made)


def _made(  # noqa: PLR0913, PLR0917 (as above)
    said: str,
    case: Case,
    first: Case,
    actor: str,
    asked: Question,
    found: Proposed | None,
    known: Decided,
) -> Decision:
    """The decision, if it is about something that stands so now."""
    now = int(time.time())
    if said == UNDONE:
        word = known.standing.get(case)
        if word is None or word.first != first:
            raise BusyError(GONE)
        return Decision(UNDONE, case, first, word.alike, actor, max(now, word.at))
    if found is not None:
        pairs = open_pairs(asked, found, known)
        for numbers in pairs[["id", "first", "like"]].to_numpy(np.int64):
            names = [case_of(asked.city, row_of(found.cases, int(each))) for each in numbers]
            if names[:2] == [case, first]:
                return Decision(said, case, first, names[2], actor, now)
    raise BusyError(GONE)


def _event(made: Decision, known: Decided) -> dict[str, Any] | None:
    """What the journal is told; a decline changes no number."""
    if made.said == DECLINED:
        return None
    if made.said == CONFIRMED:
        event = confirmed(made.case, made.first, made.at)
    elif known.standing[made.case].said == CONFIRMED:
        event = undone(made.case, made.at)
    else:
        return None
    # A number of its own: the same pair may be confirmed, undone and confirmed within a second.
    return event | {"event": f"decision-{secrets.token_hex(8)}"}


def _send(event: dict[str, Any], asked: Question, intake: Intake, actor: str) -> None:
    city, batch = asked.city, Batch()
    take(1, event, intake.codes(city), max(int(time.time()), city.now()), batch)
    if batch.refused:
        msg = f"{GONE} ({batch.refused[0].reason})"
        raise BusyError(msg)
    intake.writer.append(batch.events, actor)
