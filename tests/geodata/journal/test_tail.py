from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from geodata.journal import events, reading
from geodata.journal.cases import Cases
from geodata.journal.codes import Codes
from geodata.journal.errors import NotTheWriterError
from geodata.journal.events import Event
from geodata.journal.journal import Journal, url_of
from geodata.journal.tail import Tail
from geodata.journal.writer import Writer
from geodata.model.errors import BusyError
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.journal.journal import Entry
    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City


def batch(city: City, *lines: dict[str, Any]) -> list[Event]:
    told = events.read([orjson.dumps(line) for line in lines], Codes(city), NOW)
    assert not told.refused
    return told.events


def report(case: str) -> dict[str, Any]:
    return {"source": "a", "case": case, "stage": "reported", "at": NOW - 9, "category": "a"}


def test_it_follows_what_is_written(tmp_path: Path, city: City) -> None:
    tail, writer = Tail(tmp_path), Writer(tmp_path)
    assert len(tail.cases(city)) == 0
    assert not (tmp_path / "journal").exists()  # a reader makes none
    writer.append(batch(city, report("1")))
    assert tail.cases(city).columns()["key"].tolist() == ["1"]
    tail.close()
    writer.append(batch(city, report("2"), report("3")))
    assert (len(tail.cases(city)), tail.cases(city).version) == (3, (city.id, 3))
    writer.close()


def test_a_case_of_the_published_history_is_changed(tmp_path: Path, city: City) -> None:
    writer = Writer(tmp_path)
    line = {"source": "a", "case": "K5", "stage": "voided", "at": NOW}
    other = {"source": "b", "case": "K5", "stage": "voided", "at": NOW}
    writer.append(batch(city, line, other))
    cases = Tail(tmp_path).cases(city)
    assert len(cases) == 1  # the number is of one of the two channels
    columns = cases.columns()
    assert (columns["id"].tolist(), columns["voided"].tolist()) == ([6], [NOW])
    writer.close()


def test_on_top_of_another_city_all_is_folded_anew(tmp_path: Path, city: City) -> None:
    writer, tail = Writer(tmp_path), Tail(tmp_path)
    writer.append(batch(city, report("1")))
    first = tail.cases(city)
    assert tail.cases(city) is first
    second = tail.cases(replace(city, id="another"))
    assert second.version == ("another", 1)
    writer.close()


def test_what_cannot_be_read_is_told_once_and_the_cases_stay(
    tmp_path: Path, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    tail, writer = Tail(tmp_path), Writer(tmp_path)
    writer.append(batch(city, report("1")))
    assert len(tail.cases(city)) == 1
    writer.append(batch(city, report("2")))
    journal = writer.journal()
    with journal._engine.begin() as database:  # noqa: SLF001 (damage that nobody would write)
        database.exec_driver_sql("UPDATE events SET line = x'00' WHERE seq = 2")
    with caplog.at_level(logging.ERROR):
        assert len(tail.cases(city)) == len(tail.cases(city)) == 1
    assert "event 2 is not as it was written" in tail.fault
    assert caplog.text.count("the cases stay as they were") == 1
    writer.close()


def held_up(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until this is set nothing is folded; one event is much."""
    go, apply = threading.Event(), Cases.apply
    monkeypatch.setattr(reading, "FEW", 0)

    def slow(cases: Cases, entries: list[Entry]) -> None:
        assert go.wait(30)
        apply(cases, entries)

    monkeypatch.setattr(Cases, "apply", slow)
    return go


def caught_up(tail: Tail, city: City) -> Overlay | None:
    until = time.monotonic() + 30
    while tail.overlay(city) is None or tail.behind:
        assert time.monotonic() < until
    return tail.overlay(city)


def test_after_a_start_the_city_is_shown_while_events_are_still_folded(
    tmp_path: Path, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, tail = Writer(tmp_path), Tail(tmp_path, patience_s=0.01)
    writer.append(batch(city, report("1")))
    with monkeypatch.context() as patch:
        go = held_up(patch)
        assert (tail.overlay(city), tail.behind) == (None, True)
        assert (tail.overlay(city), tail.behind) == (None, True)  # nobody waits for it
        with pytest.raises(BusyError):
            tail.cases(city)
        go.set()
        shown = caught_up(tail, city)
    assert len(tail.cases(city)) == 1
    assert shown is not None
    assert len(shown) == 1
    with monkeypatch.context() as patch:
        writer.append(batch(city, report("2")))
        go = held_up(patch)
        assert tail.overlay(city) is shown
        assert not tail.behind  # what comes while it runs is no reason to say so
        with pytest.raises(BusyError):
            tail.cases(city)
        other = replace(city, id="another")
        threading.Timer(0.05, go.set).start()
        folded = tail.overlay(other)  # whoever publishes wants it whole
    assert folded is not None
    assert len(folded) == 2
    writer.close()


def test_what_cannot_be_folded_behind_is_told_at_the_next_look(
    tmp_path: Path, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW", 0)
    writer, tail = Writer(tmp_path), Tail(tmp_path, patience_s=0.01)
    writer.append(batch(city, report("1")))
    with writer.journal()._engine.begin() as database:  # noqa: SLF001 (damage as below)
        database.exec_driver_sql("UPDATE events SET line = x'00' WHERE seq = 1")
    until = time.monotonic() + 30
    while not tail.fault:
        assert tail.overlay(city) is None
        assert time.monotonic() < until
    assert "event 1 is not as it was written" in tail.fault
    assert not tail.behind  # it will not come: the city is served without
    writer.close()


def test_one_process_writes_and_the_other_is_told_which(tmp_path: Path) -> None:
    first, second = Writer(tmp_path, place="http://a"), Writer(tmp_path, place="http://b")
    line = Event(1, "a/1", b"{}")
    assert first.append([line]).accepted == 1
    with pytest.raises(NotTheWriterError) as told:
        second.append([line])
    assert told.value.place == "http://a"
    assert second.reason == "journal_elsewhere"
    first.close()
    assert second.append([line]).repeated == 1
    assert second.reason == ""
    second.close()


def test_a_lock_that_says_nothing_is_a_lock_all_the_same(tmp_path: Path) -> None:
    first, second = Writer(tmp_path), Writer(tmp_path)
    first.journal()
    (tmp_path / "journal" / "writer.lock").write_text("")
    with pytest.raises(NotTheWriterError) as told:
        second.journal()
    assert told.value.place == "?"
    first.close()


def test_another_file_by_its_url_is_locked_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    first = Writer(tmp_path, url)
    first.append([Event(1, "a/1", b"{}")])
    with pytest.raises(NotTheWriterError):
        Writer(tmp_path, url).journal()
    first.close()
    assert not (tmp_path / "journal" / "journal.sqlite").exists()
    journal = Journal(url)
    assert journal.last() == 1
    journal.close()
    assert url_of(tmp_path).startswith("sqlite:////")
