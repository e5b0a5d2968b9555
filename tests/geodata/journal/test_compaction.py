"""Compaction changes where cases lie and nothing else: not a row, not a figure, not an order."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from geodata import __main__ as main
from geodata.columns import Columns
from geodata.engine import Engine, Request
from geodata.engine.fused import FusedEngine
from geodata.engine.twin import TwinEngine, fill
from geodata.journal import compaction, events, generation, locking, sweeping
from geodata.journal import tail as tailing
from geodata.journal.apart import compact_apart
from geodata.journal.codes import Codes
from geodata.journal.compaction import compact
from geodata.journal.errors import JournalError
from geodata.journal.generation import CompactionError, folder_of
from geodata.journal.journal import Journal, url_of
from geodata.journal.listing import Listing, Wanted
from geodata.journal.opening import cases_of
from geodata.journal.past import past_of
from geodata.journal.tail import Tail
from geodata.model.errors import SnapshotError
from geodata.model.schemas import INCIDENTS
from geodata.store import room
from geodata.store.months import put_month
from tests.browser.tiny import NOW
from tests.full_disk import disk, possible
from tests.postgres import postgres, postgres_server, warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geodata.engine.numbers import Numbers
    from geodata.journal.cases import Cases
    from geodata.journal.journal import Entry
    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City

    Line = dict[str, Any]

__all__ = ["postgres", "postgres_server", "warehouse"]

DAY = 86_400
REQUEST = Request(0, "street", NOW - 60 * DAY, NOW + 5, NOW + 5)


@dataclass
class House:
    """A city of its own with a journal, the published files lent by another one."""

    city: City
    url: str = ""

    def __post_init__(self) -> None:
        self.journal = Journal(self.url or url_of(self.city.data_dir))
        self.codes = Codes(self.city)
        self.cases = self.opened()

    def opened(self) -> Cases:
        """The cases as a process that starts has them."""
        cases = cases_of(self.city, past_of(self.city, self.journal))
        self.follow(cases)
        return cases

    def follow(self, cases: Cases) -> None:
        for part in self.journal.entries(after=cases.version[1]):
            cases.apply(part)

    def send(self, *lines: Line) -> None:
        told = events.read([orjson.dumps(line) for line in lines], self.codes, NOW)
        assert not told.refused, told.refused
        self.journal.append(told.events)
        self.follow(self.cases)

    def compact(self) -> None:
        compact(self.city, self.journal)

    def whole(self) -> Cases:
        """One fold of the whole journal."""
        cases = cases_of(self.city)
        self.follow(cases)
        return cases


def lent(city: City, folder: Path) -> House:
    for name in ("columns", "keys", "snapshots", "live.json"):
        (folder / name).symlink_to(city.data_dir / name)
    return House(replace(city, data_dir=folder))


@pytest.fixture
def house(city: City, tmp_path: Path) -> Iterator[House]:
    made = lent(city, tmp_path)
    with closing(made.journal):
        yield made


def rows_of(live: Overlay | None) -> dict[int, dict[str, Any]]:
    """Every row that counts, wherever it lies; no case twice."""
    if live is None:
        return {}
    found = [_plain(live.columns)]
    for path in live.settled.months if live.settled else ():
        table = pq.read_table(path)
        empty = {name: "" if kind == "string" else 0 for name, kind in INCIDENTS.items()}
        columns = {n: table[n].fill_null(v).to_numpy() for n, v in empty.items()}
        kept = ~np.isin(columns["id"], live.touched)
        found.append(_plain({name: column[kept] for name, column in columns.items()}))
    rows = [row for part in found for row in part]
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


def _plain(columns: dict[str, Any]) -> list[dict[str, Any]]:
    lists = {name: columns[name].tolist() for name in INCIDENTS}
    lists["lon"] = [None if x != x else round(x, 4) for x in lists["lon"]]  # noqa: PLR0124 (NaN)
    lists["lat"] = [None if x != x else round(x, 4) for x in lists["lat"]]  # noqa: PLR0124
    return [dict(zip(INCIDENTS, each, strict=True)) for each in zip(*lists.values(), strict=True)]


def same(house: House, cases: Cases) -> None:
    whole = house.whole()
    assert rows_of(cases.overlay()) == rows_of(whole.overlay())
    assert (cases.version, cases.newest) == (whole.version, whole.newest)


AT = st.integers(NOW - 70 * DAY, NOW)
CASES = [("a", "N"), ("a", "M"), ("b", "N"), *(("a", f"K{n}") for n in (5, 7, 5_990))]
NAMED = ["N", "M", "K5", "Q", ["b", "N"]]
SAID: dict[str, st.SearchStrategy[Any]] = {
    "category": st.sampled_from("abc"),
    "department": st.sampled_from("abc"),
    "floor": st.integers(1, 3),
    "due": AT,
    "settled_at": st.integers(0, 4),
    "satisfaction": st.integers(1, 5),
    "lon": st.just(104.013),
    "duplicate_of": st.sampled_from(NAMED),
}
STAGES = ("reported", "dispatched", "arrived", "closed", "voided", "returned", "reopened")


@st.composite
def lines_of(draw: st.DrawFn) -> Line:
    source, case = draw(st.sampled_from(CASES))
    line = {"source": source, "case": case, "at": draw(AT)}
    said = draw(st.fixed_dictionaries({}, optional=SAID))
    if "lon" in said:
        said["lat"] = 30.507
    if said.get("duplicate_of") in (case, [source, case]):
        del said["duplicate_of"]
    if not said or draw(st.booleans()):
        line["stage"] = draw(st.sampled_from(STAGES))
        if line["stage"] == "reported":
            said.setdefault("category", "b")
        return line | said
    moments = st.dictionaries(st.sampled_from(["reported", "arrived", "closed"]), AT, max_size=2)
    nulls = dict.fromkeys(draw(st.lists(st.sampled_from(["department", "closed"]), max_size=1)))
    return line | {"stage": "corrected", "fields": said | draw(moments) | nulls}


STEPS = st.lists(
    st.lists(lines_of(), min_size=1, max_size=6) | st.sampled_from(["compact", "restart"]),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(STEPS, st.booleans())
def test_any_events_with_compactions_between_give_the_rows_of_one_fold(
    city: City,
    steps: list[list[Line] | str],
    small: bool,  # noqa: FBT001
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(compaction, "STEP", 4 if small else 500)
        patch.setattr(os, "fsync", lambda _: None)  # the rows are looked at, not the disk
        made = lent(city, Path(folder))
        with closing(made.journal):
            for step in steps:
                if isinstance(step, list):
                    made.send(*step)
                elif step == "compact":
                    made.compact()
                else:
                    made.cases = made.opened()
            same(made, made.cases)
            same(made, made.opened())


def event(stage: str, at: int, case: str, source: str = "a", **more: object) -> Line:
    given_ = {"category": "a"} if stage == "reported" else {}
    return {"source": source, "case": case, "stage": stage, "at": at, **given_, **more}


def compacted(house: House, *lines: Line) -> None:
    house.send(*lines)
    house.compact()
    house.cases = house.opened()


def test_a_first_report_may_come_after_its_duplicate_was_compacted(house: House) -> None:
    compacted(
        house,
        event("reported", NOW - 90, "D", duplicate_of="F"),
        event("reported", NOW - 80, "E", "b", duplicate_of=["a", "D"]),
    )
    assert {row["duplicate_of"] for row in rows_of(house.cases.overlay()).values()} != {-1}
    house.send(event("reported", NOW - 99, "F"))
    found = {row["key"]: row for row in rows_of(house.cases.overlay()).values()}
    assert found["D"]["duplicate_of"] == found["F"]["id"]
    assert found["E"]["duplicate_of"] == found["D"]["id"]
    same(house, house.cases)


def test_a_late_event_finds_all_that_was_told_of_its_case(house: House) -> None:
    """Counted, corrected, told by the day; the first of them decides the case's id."""
    compacted(
        house,
        event("reported", NOW - 90, "L", by_day=True, floor=3),
        event("returned", NOW - 80, "L"),
    )
    compacted(house, event("corrected", NOW - 70, "L", fields={"category": "c"}))
    compacted(house, event("returned", NOW - 60, "L"), event("arrived", NOW - 10, "K5"))
    house.send(event("dispatched", NOW - 85, "L", department="b"), event("closed", NOW, "K5"))
    found = {row["key"]: row for row in rows_of(house.cases.overlay()).values()}
    assert (found["L"]["returned"], found["L"]["category"], found["L"]["floor"]) == (2, 2, 3)
    assert (found["K5"]["arrived"], found["K5"]["closed"]) == (NOW - 10, NOW)
    same(house, house.cases)


def test_a_case_that_is_none_any_more_leaves_the_files(house: House) -> None:
    """Its category is one that this publication does not have; a published one is as it was."""
    compacted(
        house,
        event("reported", NOW - 90, "G"),
        event("reported", NOW - 95, "D", duplicate_of="G"),
        event("arrived", NOW - 10, "K5"),
    )
    for case in ("G", "K5"):
        line = {"source": "a", "case": case, "stage": "corrected", "at": NOW, "event": case}
        text = orjson.dumps(line | {"set": {"category": "gone"}})
        house.journal.append([events.Event(1, f"a/{case}", text)])
    house.follow(house.cases)
    for _ in range(2):
        live = house.cases.overlay()
        assert {row["key"] for row in rows_of(live).values()} == {"D"}
        same(house, house.cases)
        for kind in KINDS:
            mine, theirs = (
                kind(house.city, grain_s=1, live=lambda state=each: state).screen(REQUEST)
                for each in (live, house.whole().overlay())
            )
            assert mine.total["reported"] == theirs.total["reported"]
            assert mine.total["arrived"] == theirs.total["arrived"]
        house.compact()
        house.cases = house.opened()


def many(house: House, seed: int, count: int = 120) -> None:
    """Events about new cases and published ones, over all months of the city."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret here
    lines = []
    for number in range(count):
        at = NOW - chance.randrange(70 * DAY)
        lon = 104.0 + chance.random() / 30
        new = event("reported", at, f"L{seed}-{number}", lon=lon, lat=30.507)
        lines += [new, event("closed", min(at + chance.randrange(9 * DAY), NOW), new["case"])]
        lines.append(event("dispatched", at, f"K{chance.randrange(6_000)}", department="b"))
    house.send(*lines)


def test_every_engine_gives_the_figures_of_one_fold(house: House, warehouse: str) -> None:
    many(house, 1)
    house.compact()
    house.cases = house.opened()
    many(house, 2)
    house.send(event("corrected", NOW, "L1-5", fields={"category": "c"}))
    live, whole = house.cases.overlay(), house.whole().overlay()
    assert live is not None
    assert live.settled is not None
    assert len(live) < len(whole or ())
    fill(house.city, warehouse)
    plain = Engine(house.city, grain_s=1, live=lambda: whole)
    others = [
        Engine(house.city, grain_s=1, live=lambda: live),
        FusedEngine(house.city, grain_s=1, live=lambda: live),
        TwinEngine(house.city, warehouse, grain_s=1, live=lambda: live),
    ]
    for engine in others:
        for request in (REQUEST, replace(REQUEST, now=NOW - 20 * DAY), replace(REQUEST, place=1)):
            alike(engine.screen(request), plain.screen(request))
            listed = [each.incidents(request, 500) for each in (engine, plain)]
            pd.testing.assert_frame_equal(*listed, check_dtype=False)
            found = [np.sort(each.points(request)[0]) for each in (engine, plain)]
            np.testing.assert_array_equal(*found)
        assert engine.freshness(NOW) == plain.freshness(NOW)
    assert getattr(others[-1], "fault", "?") == ""


def alike(mine: Numbers, theirs: Numbers) -> None:
    for name in ("cells", "departments", "categories", "sources", "sparks", "trend", "steps"):
        pd.testing.assert_frame_equal(getattr(mine, name), getattr(theirs, name), rtol=1e-9)
    pd.testing.assert_series_equal(mine.total, theirs.total, rtol=1e-9)
    assert (mine.newest, mine.norm) == (theirs.newest, pytest.approx(theirs.norm, nan_ok=True))


def test_lists_of_single_cases_are_those_of_one_fold(house: House) -> None:
    many(house, 1)
    house.compact()
    house.cases = house.opened()
    house.send(event("voided", NOW, "L1-5"), event("reported", NOW - 5, "L9"))
    mine, theirs = (Listing(house.city, each) for each in (house.cases, house.whole()))
    for wanted in (
        Wanted(NOW - 90 * DAY, NOW, 5_000),
        Wanted(NOW - 40 * DAY, NOW, 40, categories=(0,), open=False),
    ):
        found = mine.newest(wanted, NOW)
        pd.testing.assert_frame_equal(found, theirs.newest(wanted, NOW), check_dtype=False)
        assert len(found) > 10
    numbers = [(0, "L1-4"), (0, "L1-5"), (0, "L9"), (0, "K5"), (1, "L1-4"), (7, "K5")]
    found = mine.numbered(numbers, NOW)
    pd.testing.assert_frame_equal(found, theirs.numbered(numbers, NOW), check_dtype=False)
    assert found["key"].tolist() == ["L1-4", "L1-5", "L9", "K5"]


def test_a_month_without_news_keeps_its_files(house: House) -> None:
    many(house, 1)
    house.compact()
    first = past_of(house.city, house.journal)
    house.send(event("reported", NOW - 3, "new"))
    house.compact()
    second = past_of(house.city, house.journal)
    assert first is not None
    assert second is not None
    before, after = first.settled.months, second.settled.months
    assert [path.name for path in before] == [path.name for path in after]
    assert before[:-1] == after[:-1]
    assert before[-1] != after[-1]
    assert all(path.exists() for path in before)  # somebody may still read them


def test_files_of_an_earlier_form_are_made_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those written before a column of INCIDENTS came lack it."""

    def earlier(rows: pa.Table, path: Path) -> None:
        put_month(rows.drop_columns(["first_department"]), path)

    with monkeypatch.context() as patch:
        patch.setattr(generation, "FORM", (3, *generation.FORM[1:]))
        patch.setattr(compaction, "put_month", earlier)
        house.send(event("dispatched", NOW - 9, "K5", department="b"))
        house.compact()
    assert past_of(house.city, house.journal) is None
    house.send(event("dispatched", NOW - 8, "K6", department="b"))
    house.compact()
    same(house, house.opened())


def test_what_nobody_reads_any_more_goes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    many(house, 1)
    house.compact()
    debris = folder_of(house.city) / "2-0"
    debris.mkdir()
    (debris / "2026-11.parquet").write_bytes(b"half")
    monkeypatch.setattr(sweeping, "READ_ON_S", -1)
    for number in range(3):
        house.send(event("reported", NOW - 3, f"new-{number}"))
        house.compact()
    made = past_of(house.city, house.journal)
    assert made is not None
    there = {str(p.relative_to(folder_of(house.city))) for p in folder_of(house.city).glob("*/*")}
    gone = {name for name in there if name not in made.generation.files}
    assert not debris.exists()
    assert len(gone) < len(there) / 2  # only those of the generation before
    same(house, house.opened())


def damages(folder: Path) -> dict[str, tuple[Path, Callable[[bytes], bytes]]]:
    def flipped(whole: bytes) -> bytes:
        middle = len(whole) // 2
        return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]

    def short(whole: bytes) -> bytes:
        return whole[:-9]

    first = next(folder.glob("1-*"), folder)
    return {
        "a byte of the cases": (first / "2026-11.parquet", flipped),
        "a byte of the columns": (first / "2026-10.col", flipped),
        "a byte of the index": (first / "events.npy", flipped),
        "a byte of the list": (folder / "current.json", flipped),
        "cases cut short": (first / "2026-10.parquet", short),
        "list cut short": (folder / "current.json", short),
    }


@pytest.mark.parametrize("which", list(damages(Path())))
def test_damage_is_told_by_name_and_made_anew(
    house: House, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    many(house, 1)
    house.compact()
    path, spoil = damages(folder_of(house.city))[which]
    path.write_bytes(spoil(path.read_bytes()))
    made = compact(house.city, house.journal)
    assert str(path) in caplog.text
    assert made.faults(whole=True) == []
    assert made.seq == house.journal.last()
    cases = house.opened()
    assert cases.past is not None
    same(house, cases)


def test_what_is_not_all_there_is_not_used(house: House, caplog: pytest.LogCaptureFixture) -> None:
    many(house, 1)
    house.compact()
    (path,) = folder_of(house.city).glob("1-*/2026-10.col")
    path.unlink()
    cases = house.opened()
    assert cases.past is None
    assert f"{path}: is not as it was written" in caplog.text
    same(house, cases)


def test_a_journal_put_back_from_its_backup_is_folded_anew(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.send(event("reported", NOW - 9, "1"))
    copy = house.journal.backup()
    house.send(event("reported", NOW - 8, "2"))
    house.compact()
    put_back(house, copy)
    assert sorted(house.opened().columns()["key"]) == ["1"]
    assert "another journal" in caplog.text
    house.send(event("reported", NOW - 7, "3"))
    house.compact()
    same(house, house.opened())
    assert {row["key"] for row in rows_of(house.opened().overlay()).values()} == {"1", "3"}


def put_back(house: House, copy: Path) -> None:
    house.journal.close()
    assert house.journal.path is not None
    shutil.copy(copy, house.journal.path)
    for more in ("-wal", "-shm"):
        Path(f"{house.journal.path}{more}").unlink(missing_ok=True)


def test_a_journal_put_back_that_ends_with_the_same_event_is_folded_anew(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Its events are sent again, in another order and not all: the newest one has its number."""
    a, b, c, z = (event("reported", NOW - 9, key) for key in "ABCZ")
    house.send(event("reported", NOW - 10, "0"))
    copy = house.journal.backup()
    house.send(a, b, c)
    house.compact()
    put_back(house, copy)
    house.cases = house.opened()
    house.send(z, a, c)
    cases = house.opened()
    assert "another journal" in caplog.text
    assert {row["key"] for row in rows_of(cases.overlay()).values()} == set("0ZAC")
    same(house, cases)
    house.compact()
    same(house, house.opened())
    assert house.opened().past is not None


def test_a_copy_of_the_journal_knows_what_was_made_before_it(house: House) -> None:
    many(house, 1)
    house.compact()
    copy = house.journal.backup()
    many(house, 2)
    put_back(house, copy)
    cases = house.opened()
    assert cases.past is not None
    same(house, cases)


def test_another_publication_has_its_own(house: House) -> None:
    house.send(event("reported", NOW - 9, "1"))
    house.compact()
    other = replace(house.city, id="another")
    assert past_of(house.city, house.journal) is not None
    assert past_of(other, house.journal) is None


def test_a_read_that_has_begun_keeps_its_version(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    house.compact()
    house.cases = house.opened()
    states = [house.cases.overlay()]
    engines = [kind(house.city, grain_s=1, live=lambda: states[-1]) for kind in KINDS]
    before = [engine.screen(REQUEST) for engine in engines]
    monkeypatch.setattr(FusedEngine, "freshness", _switching(house, states, FusedEngine.freshness))
    asked = replace(REQUEST, start=REQUEST.start + 1)  # not known from before
    during = engines[0].screen(asked)
    assert len(states) == 2
    assert during.version == before[0].version
    after = [engine.screen(asked) for engine in engines]
    assert after[0].version != during.version
    assert after[0].total["reported"] > during.total["reported"] + 90
    assert after[1].total["reported"] == after[0].total["reported"]


KINDS = (FusedEngine, Engine)


def _switching(house: House, states: list[Any], real: Callable[..., Any]) -> Callable[..., Any]:
    """In the midst of an answer, news come and are compacted."""

    def freshness(self: FusedEngine, now: int) -> object:
        if len(states) == 1:
            many(house, 3)
            house.compact()
            states.append(house.opened().overlay())
        return real(self, now)

    return freshness


KILLED = """
import os, signal, sys
from geodata.__main__ import app
real, calls = os.fsync, []
def fsync(handle):
    calls.append(handle)
    if len(calls) == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)
os.fsync = fsync
app(["compact", "--data-dir", sys.argv[2]])
"""


@pytest.mark.parametrize(("at", "number"), [(1, 1), (5, 1), (12, 1), (14, 1), (15, 2)], ids=str)
def test_a_kill_leaves_the_generation_before_or_the_next_one(
    house: House, at: int, number: int
) -> None:
    """Killed at the so manyth time that something is put on the disk; the last is the switch."""
    many(house, 1)
    house.compact()
    many(house, 2)
    command = [sys.executable, "-c", KILLED, str(at), str(house.city.data_dir)]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    cases = house.opened()
    assert cases.past is not None
    assert cases.past.name.startswith(f"{number}-")
    same(house, cases)
    made = compact(house.city, house.journal)
    assert made.seq == house.journal.last()
    assert made.faults(whole=True) == []
    same(house, house.opened())


def tail_of(house: House) -> Tail:
    return Tail(house.city.data_dir)


def test_a_server_compacts_behind_and_goes_on_with_what_was_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    tail = tail_of(house)
    assert tail.cases(house.city).past is None
    tail.settle()
    monkeypatch.setattr(tailing, "MANY", 100)
    before = tail.cases(house.city)  # a process of its own begins
    assert before.past is None
    many(house, 2)
    assert tail.cases(house.city) is before  # nobody waits for it
    tail.settle()
    cases = tail.cases(house.city)
    assert cases.past is not None
    assert len(cases) < len(before)
    same(house, cases)
    tail.close()


def test_what_another_process_compacted_is_taken_over(house: House) -> None:
    many(house, 1)
    tail = tail_of(house)
    assert len(tail.cases(house.city)) > 0
    house.compact()
    tail.cases(house.city)
    tail.settle()
    cases = tail.cases(house.city)
    assert (cases.fresh, len(cases)) == (0, 0)
    same(house, cases)
    tail.close()


def test_damage_under_a_server_is_told_and_mended(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    many(house, 1)
    house.compact()
    path, spoil = damages(folder_of(house.city))["a byte of the cases"]
    path.write_bytes(spoil(path.read_bytes()))
    tail = tail_of(house)
    tail.cases(house.city)
    tail.settle()  # all is read once
    assert str(path) in caplog.text
    tail.cases(house.city)
    tail.settle()
    cases = tail.cases(house.city)
    assert cases.past is None
    same(house, cases)
    tail.close()


def test_many_events_are_compacted_before_the_first_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    monkeypatch.setattr(tailing, "TOO_MANY", 100)
    tail = tail_of(house)
    cases = tail.cases(house.city)
    assert (cases.fresh, len(cases)) == (0, 0)
    same(house, cases)
    tail.settle()
    tail.close()


def test_a_new_publication_is_compacted_before_it_is_shown(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tailing, "TOO_MANY", 100)
    tail = tail_of(house)
    assert tail.ready(house.city)  # nothing ever arrived
    many(house, 1)
    tail.cases(house.city)
    tail.settle()
    assert tail.ready(house.city)
    shutil.rmtree(folder_of(house.city))  # as a city just published has none
    assert not tail.ready(house.city)
    tail.settle()
    assert tail.ready(house.city)
    assert past_of(house.city, house.journal) is not None
    assert "could not be compacted" not in caplog.text
    another = replace(house.city, id="another")  # and one that cannot be compacted: it is not held
    assert not tail.ready(another)
    tail.settle()
    assert tail.ready(another)
    tail.close()
    assert caplog.text.count("could not be compacted") == 1


def test_a_journal_that_is_held_at_the_start_is_not_folded_from_its_beginning_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    house.compact()
    tail = tail_of(house)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "pick", _refused)
        assert tail.cases(house.city).overlay() is None
        assert tail.fault == "held"
    cases = tail.cases(house.city)
    assert (tail.fault, cases.fresh, len(cases)) == ("", 0, 0)
    same(house, cases)
    tail.settle()
    tail.close()


def test_events_whose_cases_cannot_be_read_are_folded_at_the_next_look(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    compacted(house, event("reported", NOW - 9, "N"))
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "pick", _refused)
        with pytest.raises(JournalError):
            house.send(event("closed", NOW - 5, "N"))
    house.follow(house.cases)
    same(house, house.cases)


def _refused(*_: object) -> list[Entry]:
    msg = "held"
    raise JournalError(msg)


def test_what_is_removed_under_a_server_is_made_anew(house: House) -> None:
    many(house, 1)
    house.compact()
    tail = tail_of(house)
    assert tail.cases(house.city).past is not None
    tail.settle()
    for number in (2, 3):
        shutil.rmtree(house.city.data_dir / "compacted")
        house.send(event("closed", NOW - 5, f"L1-{number}"))
        assert tail.cases(house.city).version == (house.city.id, house.journal.last())
        assert tail.fault == ""
        tail.settle()
        cases = tail.cases(house.city)
        assert cases.past is None
        same(house, cases)
        house.compact()
        tail.close()
        tail = tail_of(house)
        tail.cases(house.city)
        tail.settle()
    tail.close()


def test_an_index_that_cannot_be_read_is_given_up_and_the_cases_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    house.compact()
    tail = tail_of(house)
    before = tail.cases(house.city)
    tail.settle()
    house.send(event("closed", NOW - 5, "L1-5"))
    with monkeypatch.context() as patch:
        patch.setattr(generation.np, "searchsorted", _unreadable)
        assert tail.cases(house.city) is before
    assert "cannot be read" in tail.fault
    tail.settle()
    cases = tail.cases(house.city)
    assert (tail.fault, cases.past) == ("", None)
    same(house, cases)
    tail.close()


def _unreadable(*_: object) -> None:
    raise OSError


def test_after_all_was_removed_no_file_is_taken_for_an_earlier_one(house: House) -> None:
    many(house, 1)
    house.compact()
    columns = Columns(house.city)
    first = house.opened().overlay()
    columns.book(first)
    shutil.rmtree(house.city.data_dir / "compacted")
    many(house, 7)
    house.compact()
    second = house.opened().overlay()
    assert first is not None
    assert second is not None
    ids = [
        np.sort(np.concatenate([each.id for each in made.segments]))
        for made in (columns.book(second), Columns(house.city).book(second))
        if made is not None
    ]
    np.testing.assert_array_equal(*ids)
    assert first.version != second.version


def test_by_hand(house: House) -> None:
    many(house, 1)
    where = ["--data-dir", str(house.city.data_dir)]
    done = CliRunner().invoke(main.app, ["compact", *where])
    assert done.output.strip().endswith("compacted up to event 360")
    assert CliRunner().invoke(main.app, ["check", *where]).exit_code == 0
    path, spoil = damages(folder_of(house.city))["a byte of the index"]
    path.write_bytes(spoil(path.read_bytes()))
    told = CliRunner().invoke(main.app, ["check", *where]).exception
    assert isinstance(told, SnapshotError)
    assert str(path) in str(told)


def test_a_city_that_is_not_live_is_compacted_by_its_name(house: House) -> None:
    many(house, 1)
    where = ["--data-dir", str(house.city.data_dir), "--snapshot"]
    done = CliRunner().invoke(main.app, ["compact", *where, house.city.id])
    assert done.output.strip().endswith(f"{house.city.id}: compacted up to event 360")
    told = CliRunner().invoke(main.app, ["compact", *where, "gone"])
    assert isinstance(told.exception, SnapshotError)
    assert not (house.city.data_dir / "compacted" / "gone").exists()


def test_what_was_made_for_a_city_that_is_gone_goes(house: House) -> None:
    gone = folder_of(replace(house.city, id="gone"))
    gone.mkdir(parents=True)
    (gone / "current.json").write_text("{}")
    house.compact()
    assert not gone.exists()
    assert folder_of(house.city).exists()


def test_whoever_waited_for_another_compaction_leaves_a_few_events(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    first = compact(house.city, house.journal)
    house.send(event("reported", NOW - 3, "new"))
    held = locking.hold(folder_of(house.city) / generation.LOCK, "")
    assert held is not None
    with monkeypatch.context() as patch:
        patch.setattr(compaction.time, "sleep", lambda _: locking.let_go(held))
        assert compact(house.city, house.journal).name == first.name
    assert compact(house.city, house.journal).name != first.name


def left(house: House) -> list[str]:
    folder = folder_of(house.city)
    return sorted(path.name for path in folder.rglob("*") if path.name != generation.LOCK)


@pytest.mark.parametrize("at", ["months", "index", "list", "journal"])
def test_a_compaction_that_breaks_leaves_nothing_of_itself(
    house: House, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    where = {
        "months": (compaction, "write"),
        "index": (compaction.np, "save"),
        "list": (compaction, "_synced"),
        "journal": (Journal, "note"),
    }
    many(house, 1)
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(*where[at], full)
            with pytest.raises(CompactionError, match=str(folder_of(house.city))):
                house.compact()
        assert left(house) == []
    house.compact()
    same(house, house.opened())


def test_what_a_killed_compaction_left_goes_though_nothing_was_ever_made(house: House) -> None:
    debris = folder_of(house.city) / "1-0"
    debris.mkdir(parents=True)
    (debris / "2026-11.parquet").write_bytes(b"half")
    many(house, 1)
    house.compact()
    assert not debris.exists()


def test_what_is_refused_stays_for_those_who_read_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(house, 1)
    house.compact()
    old = house.opened().overlay()
    assert old is not None
    assert old.settled is not None
    path, spoil = damages(folder_of(house.city))["a byte of the index"]
    path.write_bytes(spoil(path.read_bytes()))
    for _ in range(2):
        house.send(event("reported", NOW - 3, "new"))
        house.compact()
        assert all(each.exists() for each in old.settled.segments)
    monkeypatch.setattr(sweeping, "READ_ON_S", -1)
    house.compact()
    assert not any(each.exists() for each in old.settled.segments)
    same(house, house.opened())


# Where no disk can be mounted that the test itself sees, what asks for room says there is none.
@pytest.mark.parametrize("mode", sorted({possible(), "told"} - {"namespace", "limited"}))
def test_without_room_nothing_is_written_and_events_still_arrive(
    city: City, tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        small = stack.enter_context(disk(mode, tmp_path / "disk")) if mode != "told" else None
        made = lent(city, small.here if small else tmp_path)
        with closing(made.journal):
            many(made, 1)
            made.compact()
            kept = left(made)
            many(made, 2)
            with monkeypatch.context() as told:
                if small:
                    small.fill(leave=300_000)
                else:
                    told.setattr(room, "has_room", lambda *_: False)
                for _ in range(3):
                    with pytest.raises(CompactionError, match="no room left"):
                        made.compact()
                    assert left(made) == kept
                made.send(event("reported", NOW - 3, "new"))
            if small:
                small.free()
            made.compact()
            same(made, made.opened())


def test_without_room_for_a_compaction_the_cases_stay_in_memory(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    many(house, 1)
    (house.city.data_dir / "compacted").write_text("in the way")
    monkeypatch.setattr(tailing, "MANY", 100)
    monkeypatch.setattr(tailing, "TOO_MANY", 100)
    tail = tail_of(house)
    cases = tail.cases(house.city)
    assert "cannot be written" in caplog.text
    assert cases.past is None
    same(house, cases)
    tail.cases(house.city)
    tail.settle()
    assert caplog.text.count("could not be compacted") == 1  # not at every look
    tail.close()


def test_a_journal_of_a_server_is_compacted_too(city: City, tmp_path: Path, postgres: str) -> None:
    made = lent(city, tmp_path)
    with closing(made.journal):
        pass
    made = House(made.city, postgres)
    with closing(made.journal):
        many(made, 1)
        tail = Tail(tmp_path, postgres)
        compact_apart(tmp_path, postgres, made.city.id)
        cases = tail.cases(made.city)
        assert (cases.fresh, len(cases)) == (0, 0)
        many(made, 2)
        same(made, tail.cases(made.city))
        tail.close()
