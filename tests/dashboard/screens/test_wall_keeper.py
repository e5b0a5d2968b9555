"""The tour, the answers and the one reader behind every wall of a city."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.screens.wall import moments, orders, readings
from dashboard.screens.wall.keeper import Keeper
from dashboard.screens.wall.reading import read
from geodata.engine.freshness import Freshness
from geodata.model.errors import NotYetError, SnapshotError
from geodata.model.tuning import Wall
from geodata.tour import kept
from geodata.tour.kept import Direction
from tests.dashboard.screens.conftest import NOW, FakeEngine, make_city

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """The server's clock, set by hand."""

    def __init__(self) -> None:
        self.at = float(NOW)

    def __call__(self) -> float:
        return self.at


class Engine(FakeEngine):
    """Counts how many ask at once."""

    most, asking, state = 0, 0, "v1"
    lock = threading.Lock()

    def version(self) -> str:
        return self.state

    def freshness(self, now: int) -> Freshness:
        return Freshness(min(now, NOW - 5), {0: min(now, NOW - 5)})

    def screen(self, request: Any) -> Any:  # noqa: ANN401
        with self.lock:
            Engine.asking += 1
            Engine.most = max(Engine.most, Engine.asking)
        time.sleep(0.002)
        try:
            return super().screen(request)
        finally:
            with self.lock:
                Engine.asking -= 1


class Town:
    """A holder of one city whose alerts and clock a test sets."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.alerted = "0"
        city = make_city(now=lambda: int(self.clock.at), alerts_version=lambda: self.alerted)
        self.opened = SimpleNamespace(city=city, engine=Engine(city))
        self.broken = False

    def current(self) -> Any:  # noqa: ANN401
        if self.broken:
            message = "locked"
            raise SnapshotError(message)
        return self.opened

    def alert(self, number: int, **more: object) -> None:
        row = make_city().alerts.iloc[0].to_dict() | {
            "level": 1, "raised": int(self.clock.at), "cleared": pd.NA,
            "title_zh": f"事{number}", "topic": f"id:{number}", "kind": "raised",
        }  # fmt: skip
        old = self.opened.city.alerts
        self.opened.city.alerts = pd.concat([old, pd.DataFrame([row | more])], ignore_index=True)
        self.alerted = str(int(self.alerted) + 1)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first numbers may be long in coming."""
    monkeypatch.setattr(readings, "PATIENCE_S", 20.0)


@pytest.fixture
def town() -> Town:
    return Town()


def made(town: Town, folder: Path, **more: Any) -> Keeper:  # noqa: ANN401
    return Keeper(folder, town, "build", town.clock, **more)


def state(keeper: Keeper, **asked: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(keeper.answer(**asked).body)
    return told


def test_a_reload_and_a_restart_resume_the_same_place(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    first = state(keeper)["focus"]
    town.clock.at += 61
    second = state(keeper)["focus"]
    assert second["code"] != first["code"]
    town.clock.at += 20
    keeper.told("topic", topic="arrival")
    again = state(made(town, tmp_path))
    assert again["focus"] == second
    assert again["topic"] == "arrival"


def test_all_viewers_of_one_look_share_one_answer(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    answers = [keeper.answer(language="zh") for _ in range(12)]
    assert len({id(answer) for answer in answers}) == 1
    english = keeper.answer(language="en")
    assert english.tag != answers[0].tag
    town.clock.at += 7
    assert keeper.answer(language="zh").tag == answers[0].tag  # nothing has changed but the clock


def test_the_numbers_are_never_read_twice_at_once(town: Town, tmp_path: Path) -> None:
    Engine.most = 0
    keeper = made(town, tmp_path)
    threads = [
        threading.Thread(target=keeper.answer, kwargs={"language": ("zh", "en")[n % 2], "at": at})
        for n, at in enumerate(["", "", "", "0", "0", ""])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Engine.most == 1


def test_a_stale_answer_is_served_while_the_next_is_made(town: Town, tmp_path: Path) -> None:
    going, held = threading.Event(), threading.Event()

    def slow(*asked: Any) -> Any:  # noqa: ANN401
        if asked[-1] is not None:  # not the first reading
            held.set()
            assert going.wait(20)
        return read(*asked)

    keeper = made(town, tmp_path, readings=readings.Readings(town, slow))  # type: ignore[arg-type]
    try:
        first = keeper.answer()
        town.opened.engine.state = "v2"
        town.alert(1)
        assert held.wait(20)
        shown = state(keeper)
        assert shown["focus"]["why"] == "alert"  # alerts do not wait for the numbers
        assert shown["newest"] == json.loads(first.body)["newest"]
    finally:
        going.set()


def test_the_last_numbers_stay_where_the_next_cannot_be_read(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = made(town, tmp_path)
    first = state(keeper)
    tried = threading.Semaphore(0)

    def broken(_request: Any) -> None:  # noqa: ANN401
        tried.release()
        message = "the database is locked"
        raise OSError(message)

    for name in ("PAUSE_S", "REST"):
        monkeypatch.setattr(readings, name, 0.0)
    town.opened.engine.screen = broken
    town.opened.engine.state = "v2"
    for _ in range(3):
        assert tried.acquire(timeout=20)
    assert state(keeper)["panels"]["figures"] == first["panels"]["figures"]
    assert sum("could not be read" in each.message for each in caplog.records) == 1


def test_a_red_alert_ends_what_was_held_or_played(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    for do, more in (("freeze", {}), ("replay", {"day": "2026-11-20"})):
        keeper.told(do, **more)
        assert state(keeper)["clock"] == "replay"
        town.clock.at += 10
        town.alert(len(do))
        shown = state(keeper)
        if shown["clock"] == "replay":  # the answer at hand still was of that moment
            shown = state(keeper)
        assert shown["focus"]["why"] == "alert"
        told = kept.read(tmp_path)
        assert (told.frozen, told.replay) == (0, "")


def test_acknowledging_leads_back_to_the_tour_and_none_of_that_key_is_an_error(
    town: Town, tmp_path: Path
) -> None:
    keeper = made(town, tmp_path)
    assert state(keeper)["focus"]["alert"] == ""
    place = state(keeper)["focus"]["code"]
    town.alert(1)
    shown = state(keeper)["focus"]
    assert (shown["why"], keeper.status("zh")["alert"]) == ("alert", shown["alert"])
    keeper.told("acknowledge", alert=shown["alert"])
    back = state(keeper)
    assert (back["focus"]["why"], back["focus"]["code"]) == ("tour", place)
    assert "已确认" in json.dumps(back["panels"]["alerts"], ensure_ascii=False)
    for gone in (shown["alert"], "other"):
        with pytest.raises(ValueError, match="no alert of that key is open"):
            keeper.told("acknowledge", alert=gone)


def test_an_alert_that_came_after_the_one_that_was_seen_stays_in_focus(
    town: Town, tmp_path: Path
) -> None:
    keeper = made(town, tmp_path)
    state(keeper)
    town.alert(1)
    first = state(keeper)["focus"]["alert"]
    town.clock.at += 3
    town.alert(2)
    second = state(keeper)["focus"]["alert"]
    keeper.told("acknowledge", alert=first)
    assert state(keeper)["focus"]["alert"] == second
    assert set(kept.read(tmp_path).acknowledged) == {first}


class Noting:
    """Reads, and knows which readings are still in memory."""

    def __init__(self) -> None:
        self.made: list[weakref.ref[Any]] = []

    def __call__(self, *asked: Any) -> Any:  # noqa: ANN401
        reading = read(*asked)
        self.made.append(weakref.ref(reading))
        return reading

    def held(self, first: int) -> bool:
        gc.collect()
        return any(each() is not None for each in self.made[:first])


def test_a_city_that_nobody_shows_any_more_is_let_go(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading holds the whole city of its day: after a publication, and where nobody looks."""
    noting = Noting()
    keeper = made(town, tmp_path, readings=readings.Readings(town, noting))  # type: ignore[arg-type]
    for asked in ({}, {"language": "en"}, {"at": town.opened.city.tree.codes[1]}):
        keeper.answer(**asked)
    for name, value in {"PAUSE_S": 0.0, "REST": 0.0, "LOOK_S": 0.02, "ASKED_S": 0.5}.items():
        monkeypatch.setattr(readings, name, value)
    before = len(noting.made)
    city = make_city(id="next", now=town.opened.city.now, alerts_version=lambda: "0")
    town.opened = SimpleNamespace(city=city, engine=Engine(city))
    until = time.monotonic() + 20
    while noting.held(before) and time.monotonic() < until:
        keeper.answer()
        time.sleep(0.05)
    assert not noting.held(before)
    while noting.held(len(noting.made)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not noting.held(len(noting.made))


def test_who_asks_while_the_first_numbers_are_read_is_told_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()

    def slow(*asked: Any) -> Any:  # noqa: ANN401
        assert going.wait(20)
        return read(*asked)

    monkeypatch.setattr(readings, "PATIENCE_S", 0.05)
    reader = readings.Readings(town, slow)  # type: ignore[arg-type]
    shown = moments.shown("", Direction(), town.opened.city, NOW)
    try:
        with pytest.raises(NotYetError):
            reader.of("", shown)
    finally:
        going.set()
    monkeypatch.setattr(readings, "PATIENCE_S", 20.0)
    assert reader.of("", shown).now == NOW


def test_pause_previous_and_next(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    first = state(keeper)["focus"]["code"]
    keeper.told("next")
    keeper.told("pause")
    town.clock.at += 600
    shown = state(keeper)
    assert shown["look"]["paused"]
    assert (shown["focus"]["why"], shown["focus"]["ends"]) == ("held", 0.0)
    keeper.told("previous")
    assert state(keeper)["focus"]["code"] == first
    keeper.told("resume")
    assert not state(keeper)["look"]["paused"]


def test_a_held_wall_shows_its_moment_until_it_is_let_go(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    state(keeper)
    keeper.told("freeze")
    town.clock.at += 500
    assert state(keeper)["now"] == NOW
    assert state(made(town, tmp_path))["look"]["frozen"]
    keeper.told("thaw")
    assert state(keeper)["now"] == NOW + 500
    keeper.told("replay", day="2026-11-20")
    town.clock.at += 600
    keeper.told("freeze")  # of what is played
    town.clock.at += 60
    assert state(keeper)["now"] < NOW - 86_400 / 2


def test_a_replayed_minute_concerns_that_address_alone(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    shown = state(keeper, replay="2026-11-20T09:30")
    assert shown["clock"] == "replay"
    assert shown["now"] < NOW - 86_400
    assert state(keeper)["clock"] == "now"


def test_a_day_is_played_by_the_minute_and_then_the_wall_shows_now(town: Town) -> None:
    began = Direction(replay="2026-11-19", replay_began=float(NOW))
    at = [moments.shown("", began, town.opened.city, NOW + 2 * minute) for minute in range(1442)]
    assert {b.moment - a.moment for a, b in pairwise(at[:1439])} == {60}
    assert not at[1438].done
    assert at[-1].done
    assert moments.over(began, at[-1]).replay == ""
    assert moments.over(began, at[0]) is began
    same = moments.shown("2026-11-19", began, town.opened.city, NOW)
    assert same.own


@pytest.mark.parametrize(
    ("first", "last", "clock", "dim"),
    [
        ("22:00", "06:00", 0, False),
        ("14:00", "15:00", 0, True),
        ("14:00", "14:00", 0, False),
        ("22:00", "06:00", 8 * 3_600, True),
        ("22:00", "06:00", 15.4 * 3_600, True),
        ("22:00", "06:00", 15.5 * 3_600, False),
    ],
)
def test_it_is_dim_at_night(first: str, last: str, clock: float, *, dim: bool) -> None:
    wall = Wall(dim_from=first, dim_to=last)
    assert moments.is_dim(wall, NOW + clock, "Asia/Shanghai") is dim  # NOW is 14:31


def test_no_city_and_no_disk_do_not_stop_the_wall(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = made(town, tmp_path)
    state(keeper)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "write", full)
    town.clock.at += 61
    assert state(keeper)["focus"]["n"] == 2
    town.broken = True
    with pytest.raises(SnapshotError):
        keeper.answer()


def test_an_unknown_command_is_an_error(town: Town, tmp_path: Path) -> None:
    keeper = made(town, tmp_path)
    with pytest.raises(ValueError, match="no such command"):
        keeper.told("sing")
    assert orders.MAIN == ""


def test_a_reading_asks_for_what_has_arrived_up_to_then(town: Town) -> None:
    asked: list[str] = []

    class Block:
        def __enter__(self) -> None:
            asked.append("at once")

        def __exit__(self, *_: object) -> None:
            asked.append("as usual")

    def version() -> str:
        asked.append("version")
        return "v1"

    town.opened.engine.version = version
    readings.Readings(town, at_once=Block).attempt(
        readings.Kind("", moments.Shown(moments.NOW, NOW, "now"))
    )
    assert asked[:3] == ["at once", "version", "as usual"]
