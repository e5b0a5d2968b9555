from __future__ import annotations

import itertools
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import geodata
from geodata import __main__ as main
from geodata.journal import sqlite
from geodata.journal.errors import (
    JournalDamagedError,
    JournalError,
    JournalFullError,
    JournalLockedError,
)
from geodata.journal.events import Event
from geodata.journal.journal import Entry, Journal, url_of
from tests.postgres import postgres, postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["postgres", "postgres_server"]
ROOT = Path(geodata.__file__).parents[1]
KILLS = 10


def some(count: int, first: int = 0, text: str = "") -> list[Event]:
    return [
        Event(n + 1, f"a/{n}", f'{{"n":{n},"text":"{text}"}}'.encode())
        for n in range(first, first + count)
    ]


@pytest.fixture(params=["sqlite", "postgres"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    url = url_of(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres")
    made = Journal(url)
    yield made
    made.close()


def test_events_are_kept_in_their_order(journal: Journal) -> None:
    receipt = journal.append(some(3))
    assert (receipt.accepted, receipt.repeated, receipt.last_seq) == (3, 0, 3)
    assert journal.append(some(2, first=3)).last_seq == 5
    assert [entry.seq for entry in journal.read()] == [1, 2, 3, 4, 5]
    assert [entry.line for entry in journal.read(after=3, limit=1)] == [some(1, 3)[0].text]
    assert journal.last() == 5


def test_nothing_yet_is_no_event(journal: Journal) -> None:
    assert (journal.read(), journal.last()) == ([], 0)
    receipt = journal.append([])
    assert (receipt.accepted, receipt.repeated, receipt.last_seq) == (0, 0, 0)


def test_what_is_sent_again_is_known_again(journal: Journal) -> None:
    journal.append(some(3))
    receipt = journal.append(some(5, first=1) + some(1, first=5))
    assert (receipt.accepted, receipt.repeated, receipt.last_seq) == (3, 3, 6)
    assert len(journal.read()) == 6


def test_the_number_of_another_event_is_told_and_not_kept(journal: Journal) -> None:
    journal.append(some(1))
    receipt = journal.append([*some(1, text="other"), *some(1, first=1)])
    assert (receipt.accepted, receipt.reused) == (1, (1,))
    assert [entry.line for entry in journal.read()] == [e.text for e in some(2)]


def test_many_are_read_by_parts(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.journal.journal.READ", 4)
    journal.append(some(10))
    assert [len(part) for part in journal.entries()] == [4, 4, 2]
    assert [len(part) for part in journal.entries(after=9)] == [1]


def test_several_writers_leave_no_gap_and_lose_nothing(journal: Journal) -> None:
    def write(writer: int) -> None:
        for batch in range(5):
            journal.append(some(7, first=1_000 * writer + 7 * batch))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert [entry.seq for entry in journal.read()] == list(range(1, 4 * 5 * 7 + 1))


def test_threads_that_start_together_make_one_journal(tmp_path: Path) -> None:
    def begin(number: int) -> None:
        Journal(f"sqlite:///{tmp_path / str(number // 8) / 'journal.sqlite'}").close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(40)))


def test_one_who_opens_waits_for_another_who_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    maker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    maker.execute("BEGIN IMMEDIATE")  # SQLite would refuse at once, and not wait
    ending = threading.Timer(0.2, lambda: maker.execute("COMMIT"))
    ending.start()
    opened = Journal(f"sqlite:///{path}")
    assert opened.append(some(1)).accepted == 1
    opened.close()
    ending.join()
    maker.close()


def test_a_reader_never_passes_over_an_event(journal: Journal) -> None:
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        while not (done.is_set() and len(seen) == journal.last()):
            seen.extend(entry.seq for entry in journal.read(after=len(seen)))

    with ThreadPoolExecutor(3) as pool:
        reading = pool.submit(follow)
        writing = [
            pool.submit(lambda n=n: [journal.append(some(3, 100 * n + 3 * k)) for k in range(10)])
            for n in range(2)
        ]
        for each in writing:
            each.result()
        done.set()
        reading.result(timeout=60)
    assert seen == list(range(1, 61))


def test_it_is_written_through_to_the_disk(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    with journal._engine.connect() as plain:  # noqa: SLF001 (no other way to see it)
        assert plain.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert plain.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        # Whoever looks at a screen does not wait as long as whoever sends.
        assert plain.exec_driver_sql("PRAGMA busy_timeout").scalar() == 1_000
    with journal._engine.connect() as plain:  # noqa: SLF001
        database = plain.execution_options(**{sqlite.WRITES: True})
        assert database.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_a_batch_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    broken = [*some(2), Event(3, "a/9", None)]  # type: ignore[arg-type]
    with pytest.raises((JournalError, TypeError)):
        journal.append(broken)
    assert journal.last() == 0


def test_a_journal_held_by_another_program_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_S", 0.1)
    journal = Journal(url_of(tmp_path))
    journal.append(some(1))
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalLockedError, match=r"journal\.sqlite"):
            journal.append(some(1, first=1))
        assert len(journal.read()) == 1  # reading goes on
        other.execute("ROLLBACK")
    assert journal.append(some(1, first=1)).last_seq == 2


def test_a_full_disk_is_told_by_name_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(some(10))
    with journal._engine.connect() as database:  # noqa: SLF001 (a disk that can be filled)
        pages = database.exec_driver_sql("PRAGMA page_count").scalar()
        database.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalFullError, match=r"journal\.sqlite: no room left"):
        journal.append(some(500, first=10, text="w" * 200))
    assert journal.last() == len(journal.read()) == 10
    with journal._engine.connect() as database:  # noqa: SLF001
        database.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert journal.append(some(500, first=10, text="w" * 200)).last_seq == 510


def test_a_damaged_file_is_refused_by_name_and_names_the_backup(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(some(2_000))
    copy = journal.backup()
    journal.close()
    path = journal.path
    assert path
    data = bytearray(path.read_bytes())
    data[:4_096] = b"\x07" * 4_096
    path.write_bytes(data)
    with pytest.raises(JournalDamagedError, match=rf"journal\.sqlite.*{copy.name}"):
        Journal(url_of(tmp_path))


def test_without_a_backup_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal" / "journal.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 500)
    with pytest.raises(JournalDamagedError, match="there is no backup"):
        Journal(url_of(tmp_path))


def test_flipped_bits_are_noticed(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(some(50, text="x" * 100))
    journal.close()
    assert journal.path
    data = journal.path.read_bytes()
    at = data.index(b"xxxxxxxx")
    journal.path.write_bytes(data[:at] + b"y" + data[at + 1 :])
    opened = Journal(url_of(tmp_path))
    with pytest.raises(JournalDamagedError, match="is not as it was written"):
        opened.read()
    with pytest.raises(JournalDamagedError):
        opened.check()


def test_f11_a_journal_that_lost_its_table_is_not_begun_anew(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(some(5))
    journal.close()
    assert journal.path
    with closing(sqlite3.connect(journal.path)) as database:
        database.execute("ALTER TABLE events RENAME TO evgnts")
    with pytest.raises(JournalDamagedError, match="no table events"):
        Journal(url_of(tmp_path))


def _read_as(data_dir: Path, written: list[Entry]) -> str:
    """Why a journal was not read, if it was not; what is read is what was written."""
    try:
        opened = Journal(url_of(data_dir))
        with closing(opened):
            read = list(itertools.chain(*opened.entries()))
    except JournalError as error:
        return str(error)
    assert read == written
    return ""


def test_f11_flipped_bytes_are_refused_by_name_or_do_no_harm(tmp_path: Path) -> None:
    """Wherever they are: what is read is what was written, or it is not read."""
    journal = Journal(url_of(tmp_path))
    journal.append(some(60, text="z" * 40))
    before, copy = journal.read(), journal.backup()
    journal.close()
    assert journal.path
    whole, chance, refused = journal.path.read_bytes(), random.Random(11), 0  # noqa: S311
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        journal.path.write_bytes(data)
        for beside in journal.path.parent.glob("journal.sqlite-*"):
            beside.unlink()
        said = _read_as(tmp_path, before)
        assert said == "" or (copy.name in said and "journal.sqlite" in said)
        refused += said != ""
    assert 0 < refused < 300


def test_pages_overwritten_at_random_are_noticed(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(some(3_000, text="y" * 50))
    journal.close()
    assert journal.path
    data = bytearray(journal.path.read_bytes())
    page = random.Random(7).randrange(2, len(data) // 4_096)  # noqa: S311
    data[page * 4_096 : (page + 1) * 4_096] = bytes(4_096)
    journal.path.write_bytes(data)
    with pytest.raises(JournalDamagedError):
        Journal(url_of(tmp_path)).check()


def test_a_backup_is_the_journal_as_it_stood(tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(some(500))
    copy = journal.backup(tmp_path / "copy.sqlite")
    journal.append(some(1, first=500))
    opened = Journal(f"sqlite:///{copy}")
    assert opened.check() == 500
    assert [e.line for e in opened.read()] == [e.line for e in journal.read(limit=500)]


def test_a_copy_can_be_made_while_it_is_written(tmp_path: Path) -> None:
    journal, stop = Journal(url_of(tmp_path)), threading.Event()
    journal.append(some(2_000, text="z" * 200))

    def write() -> int:
        count = 0
        while not stop.is_set():
            count += journal.append(some(5, first=10_000 + count)).accepted
        return count

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        copies = [journal.backup(tmp_path / f"{n}.sqlite") for n in range(3)]
        stop.set()
        count = writing.result()
    kept = [Journal(f"sqlite:///{copy}").check() for copy in copies]
    assert kept == sorted(kept)
    assert 2_000 <= kept[0] <= kept[-1] <= 2_000 + count == journal.check()


def test_workers_that_start_together_make_one_journal(postgres: str) -> None:
    together = threading.Barrier(6)

    def begin(_: int) -> Journal:
        together.wait()
        return Journal(postgres)

    with ThreadPoolExecutor(6) as pool:
        for journal in pool.map(begin, range(6)):
            assert journal.last() == 0
            journal.close()


def test_a_server_is_backed_up_by_its_own_means(postgres: str) -> None:
    journal = Journal(postgres)
    with pytest.raises(JournalError, match="pg_dump"):
        journal.backup()
    journal.close()


@pytest.mark.parametrize(
    "url", ["nonsense", "oracle://x", "postgresql+psycopg://u:secret@/x?host=/no"]
)
def test_what_cannot_be_opened_is_refused_by_name_without_the_password(url: str) -> None:
    with pytest.raises(JournalError) as told:
        Journal(url)
    assert "secret" not in str(told.value)


WRITER = """
import sys
from pathlib import Path
from geodata.journal.journal import Entry, Journal, url_of
from geodata.journal.events import Event
journal, first = Journal(url_of(Path(sys.argv[1]))), int(sys.argv[2])
while True:
    lines = [Event(1, f"k/{n}", b"%d" % n) for n in range(first, first + 20)]
    receipt = journal.append(lines)
    print(receipt.accepted, flush=True)
    first += 20
"""


def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    chance, acknowledged, first = random.Random(3), 0, 0  # noqa: S311
    for _ in range(KILLS):
        writer = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WRITER, str(tmp_path), str(first)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert writer.stdout
        assert writer.stdout.readline()  # it writes by now
        time.sleep(chance.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        said = writer.stdout.read().split()
        writer.stdout.close()
        writer.wait()
        acknowledged += 20 * (1 + len(said))
        journal = Journal(url_of(tmp_path))
        kept = journal.check()
        # The last batch may have been kept before its answer got out; it is there whole.
        assert kept - acknowledged in {0, 20}
        assert [int(e.line) for e in journal.read()] == list(range(kept))
        acknowledged = first = kept
        journal.close()
    assert acknowledged >= KILLS * 20


def test_the_command_line_copies_and_checks(tmp_path: Path) -> None:
    where = ["--data-dir", str(tmp_path)]
    nothing = CliRunner().invoke(main.app, ["journal", "check", *where])
    assert isinstance(nothing.exception, JournalError)
    journal = Journal(url_of(tmp_path))
    journal.append(some(1))
    checked = CliRunner().invoke(main.app, ["journal", "check", *where])
    assert checked.output == "1 event, as they were written\n"
    copied = CliRunner().invoke(main.app, ["journal", "backup", *where])
    copy = Path("".join(copied.output.split("\n")))
    assert copy.parent == tmp_path / "journal" / "backups"
    assert Journal(f"sqlite:///{copy}").check() == 1
    journal.close()
