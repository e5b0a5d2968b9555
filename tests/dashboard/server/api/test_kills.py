"""F9 of the faults that are expected: processes that are killed, as by a power cut."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from geodata.replay import sender
from geodata.replay.sender import Sender, Sent
from tests import faults
from tests.forked import nursery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.forked import Nursery

KILLS: Final = 10


@pytest.fixture(scope="module")
def forked() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


def test_f9_kills_in_ingest_lose_nothing_and_a_replay_shows_the_same(
    data_dir: Path, forked: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "ATTEMPTS", 1)
    kept = faults.kills_in_ingest(forked, data_dir, tmp_path / "replayed", KILLS)
    assert kept > KILLS * faults.BATCH
    server = forked.serve(data_dir)
    told = faults.shown(server, whole=True)
    assert told == faults.replayed(forked, data_dir, tmp_path / "replayed")
    server.kill()


def test_f9_kills_in_publication_leave_the_old_city_or_the_new_one_whole(
    data_dir: Path, forked: Nursery
) -> None:
    switched = faults.kills_in_publication(forked, data_dir, KILLS)
    assert 0 < switched < KILLS
    faults.assert_the_next_one_tidies(forked, data_dir)


def test_f9_another_process_goes_on_where_a_killed_one_ended(
    data_dir: Path, forked: Nursery
) -> None:
    """The lock falls with the process that held it."""
    first, line = (
        forked.serve(data_dir),
        json.dumps({"source": "a", "case": "x", "stage": "closed", "at": faults.NOW}).encode(),
    )
    Sender(first.url).send([line], Sent())
    other, waits = forked.serve(data_dir), []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        first.kill()

    sent = Sent()
    Sender(other.url, sleep=wait).send([line], sent)
    other.kill()
    assert len(waits) == 1  # 503 as long as the first was alive
    assert sent.accepted + sent.repeated == 1
