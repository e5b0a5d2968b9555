from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson
import pytest

from geodata.bench.ingest import lost
from geodata.bench.lines import EVENTS_A_CASE, lines
from geodata.journal import events
from geodata.journal.codes import Codes
from geodata.journal.journal import Journal, url_of

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City

COUNT = 5 * EVENTS_A_CASE + 3


def test_every_line_is_taken_and_has_a_number_of_its_own(city: City) -> None:
    found = lines(city, COUNT)
    batch = events.read(found, Codes(city), int(time.time()))
    assert (len(batch.events), batch.refused) == (COUNT, [])
    assert len({event.id for event in batch.events}) == COUNT
    assert len({orjson.loads(line)["case"] for line in found}) == 6
    moments = [orjson.loads(line)["at"] for line in found[:EVENTS_A_CASE]]
    assert moments == sorted(set(moments))


@pytest.mark.parametrize("missing", [0, 1, COUNT - 1])
def test_what_the_journal_lacks_is_counted(city: City, tmp_path: Path, missing: int) -> None:
    sent = lines(city, COUNT)
    journal = Journal(url_of(tmp_path))
    batch = events.read(sent[missing:], Codes(city), int(time.time()))
    journal.append(batch.events)
    journal.close()
    assert lost(tmp_path, sent) == missing
