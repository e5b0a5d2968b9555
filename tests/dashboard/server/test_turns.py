from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from flask import Flask, g, request

from dashboard.server import turns
from dashboard.server.gate import UPDATE
from dashboard.server.turns import Turns

if TYPE_CHECKING:
    import pytest


class Crowd:
    """An application whose screens wait for a sign, and how many are made at once."""

    def __init__(self, at_once: int) -> None:
        self.inside = self.most = 0
        self.sign, self.full = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self.server = Flask(__name__)
        self.turns = Turns(at_once)
        self.turns.install(self.server)
        self.server.add_url_rule(UPDATE, "screen", self._screen, methods=["POST"])
        self.server.add_url_rule("/wall/state", "wall", lambda: "wall")
        self.at_once = at_once

    def _screen(self) -> str:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside == self.at_once:
                self.full.set()
        self.sign.wait(10)
        with self._lock:
            self.inside -= 1
        return "screen"

    def ask(self, _: int = 0) -> str:
        return self.server.test_client().post(UPDATE).text


def test_so_many_screens_at_once_and_the_wall_between_them() -> None:
    crowd = Crowd(2)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(crowd.ask) for _ in range(6)]
        assert crowd.full.wait(10)
        assert crowd.server.test_client().get("/wall/state").text == "wall"
        crowd.sign.set()
        assert {each.result() for each in asked} == {"screen"}
    assert crowd.most == 2


def test_a_fault_gives_the_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.1)
    crowd = Crowd(1)
    crowd.server.view_functions["screen"] = lambda: 1 // 0
    assert crowd.server.test_client().post(UPDATE).status_code == 500
    crowd.server.view_functions["screen"] = lambda: str(g.in_turn)
    assert [crowd.ask() for _ in range(2)] == ["True", "True"]


def test_who_waits_too_long_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.1)
    crowd = Crowd(1)
    crowd.at_once = 2
    crowd.full.clear()
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(crowd.ask) for _ in range(2)]
        assert crowd.full.wait(10)
        crowd.sign.set()
        assert [each.result() for each in asked] == ["screen", "screen"]


def test_no_further_screen_begins_while_a_wall_is_read() -> None:
    crowd = Crowd(2)
    with ThreadPoolExecutor(4) as pool:
        with crowd.turns.before_others():
            asked = [pool.submit(crowd.ask) for _ in range(4)]
            assert not crowd.full.wait(0.2)
            assert not crowd.most
        assert crowd.full.wait(10)
        crowd.sign.set()
        assert {each.result() for each in asked} == {"screen"}


def test_a_slow_wall_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SHUT_S", 0.05)
    crowd = Crowd(1)
    crowd.sign.set()
    with crowd.turns.before_others():
        assert crowd.ask() == "screen"


def test_they_are_let_in_as_they_came() -> None:
    crowd, order = Crowd(1), list[int]()
    crowd.server.view_functions["screen"] = lambda: order.append(int(request.data)) or "screen"

    def ask(number: int) -> None:
        crowd.server.test_client().post(UPDATE, data=str(number))

    with ThreadPoolExecutor(8) as pool, crowd.turns.before_others():
        for number in range(8):
            pool.submit(ask, number)
            while len(crowd.turns._waiting) <= number:  # noqa: SLF001 - until it stands there
                time.sleep(0.001)
    assert order == list(range(8))
