"""Answers begun before they are asked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from dashboard.place import Place
from dashboard.server.ahead import MOST_WAITING, Ahead

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.access import Live


def test_a_place_is_read_on_another_thread(dash_app: Dash) -> None:
    done = threading.Event()
    seen: list[tuple[Place, str]] = []

    def read(place: Place, live: Live) -> None:
        seen.append((place, live.city.id))
        done.set()

    with dash_app.server.app_context():
        Ahead(read).begin(Place(at="991"))
    assert done.wait(10)
    assert seen[0][0].at == "991"


def test_a_rush_is_not_queued_and_room_comes_back(dash_app: Dash) -> None:
    released, count = threading.Event(), threading.Semaphore(0)

    def read(_place: Place, _live: Live) -> None:
        released.wait(10)
        count.release()

    ahead = Ahead(read)
    with dash_app.server.app_context():
        for _ in range(3 * MOST_WAITING):
            ahead.begin(Place())
        released.set()
        for _ in range(MOST_WAITING):
            assert count.acquire(timeout=10)
        assert not count.acquire(timeout=0.2)
        ahead.begin(Place())
    assert count.acquire(timeout=10)


def test_a_failure_is_nobodys_trouble(dash_app: Dash) -> None:
    tried = threading.Semaphore(0)

    def read(_place: Place, _live: Live) -> None:
        tried.release()
        message = "no"
        raise ValueError(message)

    ahead = Ahead(read)
    with dash_app.server.app_context():
        for _ in range(2 * MOST_WAITING):
            ahead.begin(Place())
            assert tried.acquire(timeout=10)
