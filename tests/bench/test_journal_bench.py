"""How fast live events are checked, kept and folded; run alone: pytest -m bench -s.

YIPING_DATA_DIR names a data directory with a published city.
"""

# ruff: noqa: T201 - measurements are printed
from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from geodata.bench.lines import EVENTS_A_CASE, lines
from geodata.journal import events
from geodata.journal.codes import Codes
from geodata.journal.journal import Journal, url_of
from geodata.journal.opening import cases_of
from geodata.journal.places import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.journal.cases import Cases
    from geodata.store.snapshots import City

pytestmark = pytest.mark.bench
CASES = 20_000
BATCH = 2_000
FOLDED_A_CPU_SECOND = 100_000


def rate(what: str, count: int, work: Callable[[], object]) -> float:
    """Things a second of CPU; the clock of the wall is printed beside it."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what}: {count / cpu:,.0f} a CPU second, {count / wall:,.0f} a second")
    return count / cpu


def test_events_from_the_wire_to_rows(city: City, tmp_path: Path) -> None:
    sent, codes = lines(city, CASES * EVENTS_A_CASE), Codes(city)
    batch = events.Batch()
    rate(
        "checked",
        len(sent),
        lambda: batch.events.extend(events.read(sent, codes, city.now()).events),
    )
    assert len(batch.events) == len(sent)
    journal = Journal(url_of(tmp_path))
    parts = [batch.events[n : n + BATCH] for n in range(0, len(batch.events), BATCH)]
    rate(f"kept, {BATCH} a batch", len(sent), lambda: [journal.append(part) for part in parts])
    rate(
        "kept, one a batch", 200, lambda: [journal.append([e]) for e in _others(batch.events[:200])]
    )
    entries = [entry for part in journal.entries() for entry in part]
    cases = cases_of(city)
    cases.places.sites([NOWHERE], [""])  # the first question makes the trees
    cases.base.find([0], ["nobody"])
    speed = rate("folded", len(entries), lambda: cases.apply(entries))
    assert len(cases) == CASES
    _small(cases_of(city), entries)
    assert speed >= FOLDED_A_CPU_SECOND


def _others(given: list[events.Event]) -> list[events.Event]:
    return [events.Event(e.line, f"other/{n}", e.text) for n, e in enumerate(given)]


def _small(cases: Cases, entries: list[object]) -> None:
    """What a batch of 200 costs once many are there."""
    cases.apply(entries[:100_000])  # type: ignore[arg-type]
    began = time.process_time()
    for start in range(100_000, 104_000, 200):
        cases.apply(entries[start : start + 200])  # type: ignore[arg-type]
        cases.columns()
    print(
        f"a batch of 200 and its columns: {(time.process_time() - began) / 20 * 1e3:.1f} ms of CPU"
    )
