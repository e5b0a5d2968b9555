from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from geodata import __main__ as main
from geodata.backup import make, newest, restore
from geodata.backup.errors import BackupError
from geodata.backup.layout import read
from geodata.journal import locking, sqlite
from geodata.journal.errors import JournalDamagedError, JournalError
from geodata.journal.events import Event
from geodata.journal.journal import Journal, url_of
from geodata.model.errors import DiskFullError
from geodata.publish import publish
from geodata.store import raised, tokens
from geodata.store.raised import Raised
from geodata.store.snapshots import live_id, open_city
from geodata.store.writer import damage, fingerprints, switch
from tests.postgres import postgres, postgres_server

__all__ = ["postgres", "postgres_server"]
pytestmark = pytest.mark.usefixtures("bare")


def some(count: int, first: int = 0) -> list[Event]:
    return [Event(n, f"a/{n}", b'{"n":%d}' % n) for n in range(first, first + count)]


def write(data_dir: Path, count: int, first: int = 0) -> None:
    journal = Journal(url_of(data_dir))
    journal.append(some(count, first))
    journal.close()


def lines(data_dir: Path) -> list[bytes]:
    journal = Journal(url_of(data_dir))
    found = [entry.line for part in journal.entries() for entry in part]
    journal.close()
    return found


def state(folder: Path) -> dict[Path, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: path.read_bytes() for path in found}


@pytest.fixture
def data_dir(tmp_path: Path, sketch: Any) -> Path:  # noqa: ANN401
    folder = tmp_path / "data"
    publish(sketch.draft(), folder)
    tokens.make(folder, "hotline", ["ingest"])
    (folder / "corrections" / "sketch").mkdir(parents=True)
    (folder / "corrections" / "sketch" / "a.csv").write_text("one", encoding="utf-8")
    (folder / "audit").mkdir()
    (folder / "audit" / "2026-11.jsonl").write_text("{}\n", encoding="utf-8")
    write(folder, 50)
    return folder


def test_f23_what_was_backed_up_comes_back_as_it_was(data_dir: Path, tmp_path: Path) -> None:
    told = Raised(id="a", level=1, raised=9, title_zh="x", title_en="x", unit="1")
    raised.keep(data_dir, told.id, lambda _: told)
    folder = make(data_dir, tmp_path / "to")
    told, before = read(folder), fingerprints(open_city(data_dir).folder)
    assert (told.snapshot, told.events) == (live_id(data_dir), 50)
    kept = lines(data_dir)
    restored = restore(folder, tmp_path / "new")
    assert (restored.snapshot, restored.events, restored.aside) == (told.snapshot, 50, None)
    assert lines(tmp_path / "new") == kept
    assert damage(open_city(tmp_path / "new").folder) == []
    assert fingerprints(open_city(tmp_path / "new").folder) == before
    for name in ("tokens.json", "alerts.json", "corrections/sketch/a.csv", "audit/2026-11.jsonl"):
        assert (tmp_path / "new" / name).read_bytes() == (data_dir / name).read_bytes()
    assert (tmp_path / "new" / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "new").rglob(".*"))
    assert restore(folder, tmp_path / "new").snapshot == told.snapshot  # again does no harm


def test_what_was_there_is_set_aside(data_dir: Path, tmp_path: Path) -> None:
    folder = make(data_dir, tmp_path / "to")
    write(data_dir, 10, first=50)
    tokens.make(data_dir, "wall")
    restored = restore(folder, data_dir)
    assert len(lines(data_dir)) == 50
    assert [token.name for token in tokens.read(data_dir)] == ["hotline"]
    assert restored.aside
    assert len(tokens.read(restored.aside)) == 2
    assert len(lines(restored.aside)) == 60


def test_what_lay_beside_the_old_journal_is_not_played_into_the_new_one(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = make(data_dir, tmp_path / "to")
    kept = lines(data_dir)
    with closing(sqlite3.connect(data_dir / "journal" / "journal.sqlite")) as killed:
        killed.execute("PRAGMA wal_autocheckpoint = 0")
        killed.execute("UPDATE events SET line = 'x'")
        killed.commit()
        wal = (data_dir / "journal" / "journal.sqlite-wal").read_bytes()
    (data_dir / "journal" / "journal.sqlite-wal").write_bytes(wal)  # as a kill leaves it
    restore(folder, data_dir)
    assert lines(data_dir) == kept


def test_a_copy_of_the_journal_alone_changes_nothing_else(data_dir: Path, tmp_path: Path) -> None:
    copy = make(data_dir, tmp_path / "to") / "journal" / "journal.sqlite"
    write(data_dir, 10, first=50)
    tokens.make(data_dir, "wall")
    restored = restore(copy, data_dir)
    assert (restored.snapshot, restored.events) == ("", 50)
    assert len(lines(data_dir)) == 50
    assert len(tokens.read(data_dir)) == 2
    with pytest.raises(BackupError, match="is no copy of a journal"):
        restore(data_dir / "tokens.json", data_dir)


def test_the_last_ones_stay_and_a_city_lies_there_once(
    data_dir: Path,
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
) -> None:
    to = tmp_path / "to"
    first = live_id(data_dir)
    old = [make(data_dir, to, keep=3) for _ in range(3)]
    assert [path.name for path in (to / "snapshots").iterdir()] == [first]
    publish(sketch.draft(notes={"second": 1}, incidents=lambda _: iter(())), data_dir)
    new = [make(data_dir, to, keep=3) for _ in range(2)]
    assert sorted(path for path in to.glob("2*")) == sorted([old[2], *new])
    assert {path.name for path in (to / "snapshots").iterdir()} == {first, live_id(data_dir)}
    make(data_dir, to, keep=1)
    assert [path.name for path in (to / "snapshots").iterdir()] == [live_id(data_dir)]
    assert newest(to) >= newest(tmp_path / "nowhere") == 0


def test_a_city_damaged_among_the_backups_is_copied_anew(data_dir: Path, tmp_path: Path) -> None:
    make(data_dir, tmp_path / "to")
    sites = tmp_path / "to" / "snapshots" / live_id(data_dir) / "sites.parquet"
    sites.write_bytes(b"")
    folder = make(data_dir, tmp_path / "to")
    assert restore(folder, tmp_path / "new").snapshot == live_id(data_dir)


@pytest.mark.parametrize("what", ["journal", "city"])
def test_f11_what_is_damaged_never_takes_the_place_of_a_good_backup(
    data_dir: Path, tmp_path: Path, what: str
) -> None:
    good = make(data_dir, tmp_path / "to", keep=1)
    path = data_dir / "journal" / "journal.sqlite"
    if what == "city":
        path = open_city(data_dir).folder / "sites.parquet"
        (tmp_path / "to" / "snapshots" / live_id(data_dir) / "sites.parquet").unlink()
    data = path.read_bytes()
    at = data.index(b'{"n":7}') if what == "journal" else 100
    path.write_bytes(data[:at] + b"#" + data[at + 1 :])
    with pytest.raises(BackupError, match=path.name):
        make(data_dir, tmp_path / "to", keep=1)
    assert [each.name for each in (tmp_path / "to").glob("*-*")] == [good.name]
    assert not list((tmp_path / "to").glob(".making*"))


@pytest.mark.parametrize(
    "name", ["journal/journal.sqlite", "tokens.json", "backup.json", "live.json", "new"]
)
def test_a_damaged_backup_is_refused_by_name_and_changes_nothing(
    data_dir: Path, tmp_path: Path, name: str
) -> None:
    folder = make(data_dir, tmp_path / "to")
    path = folder / name
    path.write_bytes(path.read_bytes()[:-1] + b"#" if path.exists() else b"#")
    before = state(data_dir)
    with pytest.raises(BackupError, match=f"{path.name}.*earlier backup"):
        restore(folder, data_dir)
    assert state(data_dir) == before


def test_a_damaged_city_among_the_backups_is_refused_by_name(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = make(data_dir, tmp_path / "to")
    (tmp_path / "to" / "snapshots" / live_id(data_dir) / "sites.parquet").unlink()
    with pytest.raises(BackupError, match=r"sites\.parquet: is missing"):
        restore(folder, tmp_path / "new")
    with pytest.raises(BackupError, match="name the dated folder"):
        restore(tmp_path / "to", tmp_path / "new")


def test_nothing_is_put_back_under_a_server(data_dir: Path, tmp_path: Path) -> None:
    folder = make(data_dir, tmp_path / "to")
    held = locking.hold(data_dir / "journal" / "writer.lock", "")
    assert held
    with pytest.raises(BackupError, match="stop it first"):
        restore(folder, data_dir)
    locking.let_go(held)


def test_nothing_is_put_back_under_a_server_that_had_no_event_yet(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = make(data_dir, tmp_path / "to")
    before = state(data_dir)
    held = locking.share(data_dir / "server.lock")
    assert held
    with pytest.raises(BackupError, match="stop it first"):
        restore(folder, data_dir)
    assert state(data_dir) == before
    locking.let_go(held)
    assert restore(folder, data_dir).events == 50


def test_nothing_is_put_back_under_a_compaction(data_dir: Path, tmp_path: Path) -> None:
    folder = make(data_dir, tmp_path / "to")
    held = locking.hold(data_dir / "compacted" / live_id(data_dir) / "compact.lock", "")
    assert held
    with pytest.raises(BackupError, match="compacts here"):
        restore(folder, data_dir)
    locking.let_go(held)


def test_what_was_compacted_of_the_journal_before_goes_with_it(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = make(data_dir, tmp_path / "to")
    of_it = data_dir / "compacted" / live_id(data_dir) / "1"
    of_it.mkdir(parents=True)
    (of_it / "events.npy").write_bytes(b"of the journal before")
    restore(folder, data_dir)
    assert not (data_dir / "compacted").exists()


def test_a_lost_journal_is_put_back_though_files_lie_beside_its_place(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = make(data_dir, tmp_path / "to")
    (data_dir / "journal" / "journal.sqlite").unlink()
    (data_dir / "journal" / "journal.sqlite-wal").write_bytes(b"of the lost one")
    restored = restore(folder, data_dir)
    assert len(lines(data_dir)) == restored.events == 50
    assert restored.aside
    wal = restored.aside / "journal" / "journal.sqlite-wal"
    assert wal.read_bytes() == b"of the lost one"


def no_room(path: Path) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def full_at(monkeypatch: pytest.MonkeyPatch, what: str, *names: str) -> None:
    """No room when a file of one of these names gets a place in the data directory or aside."""
    real = getattr(Path, what)

    def given(path: Path, target: Path) -> Path:
        if Path(target).name in names and path.parent.name.startswith((".restoring", "journal")):
            no_room(path)
        moved: Path = real(path, target)
        return moved

    monkeypatch.setattr(Path, what, given)


def test_what_was_there_is_set_aside_without_room_for_a_second_one(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(data_dir, tmp_path / "to")
    write(data_dir, 10, first=50)
    real = shutil.copy2

    def copy2(source: Path, target: Path) -> Path:
        if "replaced-" in str(target):
            no_room(target)
        copied: Path = real(source, target)
        return copied

    monkeypatch.setattr(shutil, "copy2", copy2)
    restored = restore(folder, data_dir)
    assert restored.aside
    assert (len(lines(data_dir)), len(lines(restored.aside))) == (50, 60)


def test_a_restore_that_finds_no_room_for_the_journal_has_changed_nothing(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(data_dir, tmp_path / "to")
    write(data_dir, 10, first=50)
    (data_dir / "journal" / "journal.sqlite-wal").write_bytes(b"")
    before = state(data_dir)
    with monkeypatch.context() as patched:
        full_at(patched, "replace", "journal.sqlite")
        with pytest.raises(DiskFullError, match="nothing was changed"):
            restore(folder, data_dir)
    assert state(data_dir) == before
    assert not list(data_dir.glob("replaced-*"))
    assert restore(folder, data_dir).events == 50


def test_a_restore_that_stops_half_way_says_how_far_it_came_and_may_be_run_again(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(data_dir, tmp_path / "to")
    write(data_dir, 10, first=50)
    tokens.make(data_dir, "wall")
    switch(data_dir, "another")
    with monkeypatch.context() as patched:
        full_at(patched, "replace", "tokens.json")
        with pytest.raises(BackupError, match="only a part was put back") as told:
            restore(folder, data_dir)
    assert "journal/journal.sqlite, audit, corrections; not yet: tokens.json, live.json" in str(
        told.value
    )
    assert (len(lines(data_dir)), len(tokens.read(data_dir))) == (50, 2)
    assert live_id(data_dir) == "another"
    (aside,) = data_dir.glob("replaced-*")
    assert str(aside) in str(told.value)
    assert len(lines(aside)) == 60
    assert restore(folder, data_dir).snapshot == live_id(data_dir) == read(folder).snapshot
    assert len(tokens.read(data_dir)) == 1


def test_no_city_goes_while_a_backup_cannot_say_which_one_it_needs(
    data_dir: Path,
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
) -> None:
    to, first = tmp_path / "to", live_id(data_dir)
    manifest = make(data_dir, to) / "backup.json"
    ours = manifest.read_text(encoding="utf-8")
    manifest.write_text(ours.replace('"format": 1', '"format": 2'), encoding="utf-8")
    publish(sketch.draft(notes={"second": 1}, incidents=lambda _: iter(())), data_dir)
    for _ in range(2):
        make(data_dir, to, keep=1)
    assert len(list(to.glob("2*"))) == 2
    assert {path.name for path in (to / "snapshots").iterdir()} == {first, live_id(data_dir)}
    manifest.write_text(ours, encoding="utf-8")
    make(data_dir, to, keep=1)
    assert [path.name for path in (to / "snapshots").iterdir()] == [live_id(data_dir)]


def test_one_makes_a_backup_at_a_time(data_dir: Path, tmp_path: Path) -> None:
    make(data_dir, tmp_path / "to")
    held = locking.hold(tmp_path / "to" / ".lock", "")
    assert held
    with pytest.raises(BackupError, match="another process makes a backup"):
        make(data_dir, tmp_path / "to")
    locking.let_go(held)


def test_f11_a_damaged_journal_names_the_newest_backup_and_that_mends_it(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = make(data_dir, tmp_path / "to")
    path = data_dir / "journal" / "journal.sqlite"
    path.write_bytes(b"\x07" * 4_096 + path.read_bytes()[4_096:])
    with pytest.raises(JournalDamagedError) as told:
        Journal(url_of(data_dir))
    copy = folder / "journal" / "journal.sqlite"
    assert f"python -m geodata restore {copy}" in str(told.value)
    restore(copy, data_dir)
    assert len(lines(data_dir)) == 50


def test_a_large_journal_is_copied_however_often_it_is_written_on(tmp_path: Path) -> None:
    """A copy by parts would begin anew after every event that comes meanwhile."""
    journal, over = Journal(url_of(tmp_path)), threading.Event()
    journal.append([Event(n, f"a/{n}", b"x" * 1_000) for n in range(20_000)])

    def write_on() -> int:
        numbers = iter(range(1_000_000, 2_000_000))
        while not over.is_set():
            journal.append(some(1, next(numbers)))
        return next(numbers)

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(write_on)
        copying = pool.submit(journal.backup, tmp_path / "copy.sqlite")
        try:
            copy = copying.result(timeout=60)
        finally:
            over.set()
        assert writing.result() > 1_000_001
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*) FROM events").fetchone()[0] >= 20_000
    journal.close()


def test_without_city_or_events_what_there_is_is_kept(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    tokens.make(tmp_path / "data", "wall")
    folder = make(tmp_path / "data", tmp_path / "to")
    assert restore(folder, tmp_path / "new").snapshot == ""
    assert [token.name for token in tokens.read(tmp_path / "new")] == ["wall"]


def test_events_of_a_database_server_are_left_to_its_own_means(
    data_dir: Path, tmp_path: Path, postgres: str
) -> None:
    folder = make(data_dir, tmp_path / "to", url=postgres)
    assert read(folder).elsewhere.startswith("postgresql")
    assert not (folder / "journal").exists()
    said = CliRunner().invoke(
        main.app,
        [
            "backup",
            "--to",
            str(tmp_path / "to"),
            "--data-dir",
            str(data_dir),
            "--journal",
            postgres,
        ],
    )
    assert "pg_dump" in said.output


def test_the_command_line_makes_and_puts_back(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm: list[int] = []
    monkeypatch.setattr(os, "nice", calm.append)
    to, where = str(tmp_path / "to"), ["--data-dir", str(data_dir)]
    made = CliRunner().invoke(main.app, ["backup", "--to", to, "--keep", "2", *where])
    assert made.output.endswith(f"{live_id(data_dir)}, 50 events\n")
    assert calm
    folder = made.output.partition(": ")[0]
    back = CliRunner().invoke(main.app, ["restore", folder, *where])
    assert "50 events" in back.output
    assert "replaced-" in back.output
    wrong = CliRunner().invoke(main.app, ["restore", to, *where])
    assert isinstance(wrong.exception, BackupError)


def test_of_two_copies_the_newest_is_named(data_dir: Path, tmp_path: Path) -> None:
    make(data_dir, tmp_path / "to")
    path = data_dir / "journal" / "journal.sqlite"
    journal = Journal(url_of(data_dir))
    copy = journal.backup()
    journal.close()
    os.utime(copy, (2_000_000_000, 2_000_000_000))
    assert str(copy) in sqlite.cure(path)
    copy.unlink()
    assert str(tmp_path / "to") in sqlite.cure(path)
    (data_dir / "journal" / "backup.json").write_text(json.dumps(["odd"]), encoding="utf-8")
    assert "there is no backup" in sqlite.cure(path)


def test_what_cannot_be_opened_is_no_backup(data_dir: Path, tmp_path: Path) -> None:
    (data_dir / "journal" / "journal.sqlite").write_bytes(b"none of ours" * 400)
    for end in ("-wal", "-shm"):
        (data_dir / "journal" / f"journal.sqlite{end}").unlink(missing_ok=True)
    with pytest.raises(JournalError):
        make(data_dir, tmp_path / "to")
    assert newest(tmp_path / "to") == 0
