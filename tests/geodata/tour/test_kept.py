from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.tour import kept
from geodata.tour.kept import Direction
from geodata.tour.tour import Tour

if TYPE_CHECKING:
    from pathlib import Path

DIRECTION = Direction(
    tours={"": Tour(at="b", began=7.5, turn=3, shown=("a", "b"), alerts=("x",), met=("x", "y"))},
    theme="light",
    topic="arrival",
    frozen=12,
    acknowledged={"y": 3.0},
    secret="s",  # noqa: S106
)


def test_it_is_read_as_it_was_written_and_only_its_owner_may(tmp_path: Path) -> None:
    assert kept.read(tmp_path) == Direction()
    kept.write(tmp_path, DIRECTION)
    assert kept.read(tmp_path) == DIRECTION
    assert (tmp_path / kept.FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"tours": 3}',
        '{"colour": 1}',
        '{"tours": {"": 1}}',
        '{"tours": {"": {"began": "x"}}}',
    ],
)
def test_a_damaged_file_begins_the_tour_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / kept.FILE).write_text(text, encoding="utf-8")
    assert kept.read(tmp_path) == Direction()
