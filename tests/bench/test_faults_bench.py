"""The longer runs of F9 and F11; run alone: pytest -m bench -s."""

# ruff: noqa: T201 - measurements are printed
from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from geodata.journal import sqlite
from tests import faults
from tests.browser.tiny import publish_tiny
from tests.forked import nursery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.bench
KILLS = 100
HELD_S = 30.0


def test_f9_a_hundred_kills_in_publication(tmp_path: Path) -> None:
    publish_tiny(tmp_path / "data")
    began = time.monotonic()
    with nursery() as forked:
        switched = faults.kills_in_publication(forked, tmp_path / "data", KILLS)
        faults.assert_the_next_one_tidies(forked, tmp_path / "data")
    print(f"{KILLS} kills, {switched} of them live by then: {time.monotonic() - began:.0f} s")
    assert 0 < switched < KILLS


def test_f11_a_lock_held_for_half_a_minute(tmp_path: Path) -> None:
    publish_tiny(tmp_path / "data")
    with nursery() as forked:
        assert faults.lock_held(forked, tmp_path / "data", HELD_S, sqlite.BUSY_S) > 0
