from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.model.errors import SnapshotError
from geodata.store import decisions
from geodata.store.decisions import CONFIRMED, DECLINED, UNDONE, Decision

if TYPE_CHECKING:
    from pathlib import Path

CASE, FIRST, ALIKE, OTHER = ("a", "2"), ("b", "1"), ("b", "0"), ("b", "9")


def keep(folder: Path, said: str) -> None:
    with decisions.alone(folder):
        decisions.keep(folder, Decision(said, CASE, FIRST, ALIKE, "somebody", 60))


def test_the_last_word_counts_until_it_is_taken_back(tmp_path: Path) -> None:
    assert not decisions.read(tmp_path).standing
    keep(tmp_path, CONFIRMED)
    known = decisions.read(tmp_path)
    assert known.standing[CASE].actor == "somebody"
    assert known.is_settled(CASE, OTHER, OTHER)  # what repeats one matter repeats no other
    keep(tmp_path, UNDONE)
    assert not decisions.read(tmp_path).is_settled(CASE, FIRST, ALIKE)


def test_a_decline_is_about_this_pair_alone(tmp_path: Path) -> None:
    keep(tmp_path, DECLINED)
    known = decisions.read(tmp_path)
    assert known.is_settled(CASE, FIRST, OTHER)
    assert known.is_settled(CASE, ALIKE, ALIKE)  # the first of them may lie before the period
    assert not known.is_settled(CASE, OTHER, OTHER)
    keep(tmp_path, UNDONE)
    assert not decisions.read(tmp_path).is_settled(CASE, FIRST, ALIKE)


def test_half_a_line_was_never_said_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    keep(tmp_path, CONFIRMED)
    path = tmp_path / decisions.FOLDER / decisions.FILE
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert list(decisions.read(tmp_path).standing) == [CASE]
    keep(tmp_path, DECLINED)
    assert decisions.read(tmp_path).standing[CASE].said == DECLINED
    path.write_bytes(b"{}\n" + whole)
    with pytest.raises(SnapshotError, match="line 1: is damaged"):
        decisions.read(tmp_path)
