from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from geodata.model.errors import ImportRefusedError
from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return arrivals.folder(tmp_path, arrivals.begin(tmp_path))


def test_a_file_arrives_in_pieces_and_is_whole_at_the_end(home: Path) -> None:
    assert arrivals.receive(home, "网格.csv", 0, 5, b"abc") == 3
    assert arrivals.files(home) == {}
    assert arrivals.receive(home, "网格.csv", 3, 5, b"de") == 5
    assert arrivals.files(home) == {"网格.csv": 5}
    assert (home / arrivals.FILES / "网格.csv").read_bytes() == b"abcde"


def test_a_piece_sent_twice_counts_once(home: Path) -> None:
    arrivals.receive(home, "a.csv", 0, 6, b"abc")
    assert arrivals.receive(home, "a.csv", 0, 6, b"abc") == 3
    arrivals.receive(home, "a.csv", 3, 6, b"def")
    assert arrivals.receive(home, "a.csv", 3, 6, b"def") == 6
    assert (home / arrivals.FILES / "a.csv").read_bytes() == b"abcdef"


def test_a_piece_out_of_order_is_refused_and_names_the_file(home: Path) -> None:
    arrivals.receive(home, "a.csv", 0, 9, b"abc")
    with pytest.raises(ImportRefusedError, match=r"a\.csv: piece at 6 .* 3 bytes"):
        arrivals.receive(home, "a.csv", 6, 9, b"def")


def test_a_file_may_be_sent_again_in_place_of_the_first(home: Path) -> None:
    arrivals.receive(home, "a.csv", 0, 3, b"old")
    arrivals.receive(home, "a.csv", 0, 4, b"newt")
    assert (home / arrivals.FILES / "a.csv").read_bytes() == b"newt"


@pytest.mark.parametrize(
    "name", ["", "..", ".hidden", "a\nb", "a.csv.part", "x" * 200, "a/", "<b>"]
)
def test_a_name_that_could_do_harm_is_refused(home: Path, name: str) -> None:
    with pytest.raises(ImportRefusedError, match="rename the file"):
        arrivals.receive(home, name, 0, 1, b"x")


@pytest.mark.parametrize("name", ["../../etc/网格.zip", "C:\\folder\\网格.zip"])
def test_of_a_path_only_the_name_is_kept(home: Path, name: str) -> None:
    arrivals.receive(home, name, 0, 1, b"x")
    assert arrivals.files(home) == {"网格.zip": 1}


def test_too_much_is_refused_before_it_is_written(home: Path) -> None:
    with pytest.raises(ImportRefusedError, match="GiB"):
        arrivals.receive(home, "a.csv", 0, arrivals.MOST_BYTES + 1, b"x")
    assert arrivals.files(home) == {}


def test_a_name_too_long_for_the_disk_is_refused(home: Path) -> None:
    with pytest.raises(ImportRefusedError, match="rename the file"):
        arrivals.receive(home, "网" * 100 + ".csv", 0, 1, b"x")


def test_what_is_still_on_its_way_counts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "MOST_FILES", 3)
    for name in ("a.csv", "b.csv", "c.csv"):
        arrivals.receive(home, name, 0, 9, b"x")
    with pytest.raises(ImportRefusedError, match="at most 3 files"):
        arrivals.receive(home, "d.csv", 0, 9, b"x")
    assert arrivals.receive(home, "c.csv", 1, 9, b"x") == 2


def test_a_full_disk_is_told_before_it_is_full(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "SPARE", 1 << 62)
    with pytest.raises(ImportRefusedError, match="disk of the server is full"):
        arrivals.receive(home, "a.csv", 0, 1, b"x")


def test_an_arrival_in_use_stays_however_many_come(tmp_path: Path) -> None:
    first = arrivals.begin(tmp_path)
    for _ in range(arrivals.MOST_KEPT + 2):
        arrivals.begin(tmp_path)
    assert arrivals.folder(tmp_path, first).is_dir()


@pytest.mark.parametrize("arrival", ["0" * 16, "../..", ""])
def test_an_arrival_that_is_not_here_says_what_to_do(tmp_path: Path, arrival: str) -> None:
    with pytest.raises(ImportRefusedError, match="hand the files in again"):
        arrivals.folder(tmp_path, arrival)


def test_old_arrivals_go_and_new_ones_stay(tmp_path: Path) -> None:
    old, fresh = arrivals.begin(tmp_path), arrivals.begin(tmp_path)
    os.utime(tmp_path / arrivals.FOLDER / old, (0, 0))
    arrivals.begin(tmp_path)
    assert arrivals.folder(tmp_path, fresh).is_dir()
    with pytest.raises(ImportRefusedError):
        arrivals.folder(tmp_path, old)


def test_what_is_noted_is_read_again_and_a_file_can_be_taken_out(home: Path) -> None:
    assert arrivals.noted(home, "choices") is None
    arrivals.note(home, "choices", {"网格": [1]})
    assert arrivals.noted(home, "choices") == {"网格": [1]}
    arrivals.receive(home, "a.csv", 0, 1, b"x")
    arrivals.remove(home, "a.csv")
    assert arrivals.files(home) == {}
    arrivals.discard(home)
    assert not home.exists()
