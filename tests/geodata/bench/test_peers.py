"""Others are asked in a process of their own, which is ended when it takes too long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geodata.bench import peers
from geodata.bench.peers import Peer, Piece, asked
from geodata.planner.regions import regions
from tests.geodata.planner.lands import land, quarters

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]


def as_today(piece: Piece, _tolerance: float) -> Ints:
    return piece.region.part


def never(_piece: Piece, _tolerance: float) -> Ints:
    while True:
        time.sleep(1)


def broken(_piece: Piece, tolerance: float) -> Ints:
    raise ZeroDivisionError(tolerance)


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    ground = land()
    todo = regions(ground, quarters(ground), ground.load())
    return [Piece(region, np.zeros((len(region.atoms), 2))) for region in todo]


def test_what_a_peer_gives_comes_back_with_its_time(pieces: list[Piece]) -> None:
    answer = asked(Peer("own", "numpy", as_today), pieces, 0.1)
    assert answer is not None
    took, parts = answer
    assert took >= 0
    for piece, part in zip(pieces, parts, strict=True):
        assert np.array_equal(part, piece.region.part)


def test_one_that_breaks_or_does_not_end_gives_nothing(
    pieces: list[Piece], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(Peer("own", "numpy", broken), pieces, 0.1) is None
    monkeypatch.setattr(peers, "PATIENCE_S", 0.1)
    assert asked(Peer("own", "numpy", never), pieces, 0.1) is None


def test_one_that_is_not_installed_is_not_here() -> None:
    assert Peer("own", "numpy", as_today).is_here
    assert not Peer("own", "no_such_package_at_all", as_today).is_here
