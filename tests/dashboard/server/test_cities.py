from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any, cast

import pytest

from dashboard.access import KEY
from dashboard.factory import create_app
from dashboard.server import cities, feed
from dashboard.server.cities import Cities
from dashboard.server.freshness import Freshness
from dashboard.settings import Settings
from geodata.engine.freshness import Freshness as Fresh
from geodata.model.errors import NoCityError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City


@pytest.fixture
def own_dir(tmp_path: Path, data_dir: Path) -> Path:
    (tmp_path / "live.json").write_bytes((data_dir / "live.json").read_bytes())
    (tmp_path / "snapshots").mkdir()
    for folder in (data_dir / "snapshots").iterdir():
        (tmp_path / "snapshots" / folder.name).symlink_to(folder)
    return tmp_path


@pytest.fixture
def holder(own_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Cities:
    monkeypatch.setattr(cities, "LOOK_EVERY_S", -1.0)
    return Cities(own_dir)


def publish_again(folder: Path, name: str) -> None:
    own = folder / "snapshots" / json.loads((folder / "live.json").read_text())["snapshot"]
    (folder / "snapshots" / name).symlink_to(own.resolve())
    switch(folder, name)


def switch(folder: Path, name: str) -> None:
    new = folder / "live.new"
    new.write_text(json.dumps({"snapshot": name}))
    new.replace(folder / "live.json")


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoCityError, match="no city is published"):
        Cities(tmp_path).current()


def test_the_first_publication_is_followed(own_dir: Path) -> None:
    live = (own_dir / "live.json").read_bytes()
    (own_dir / "live.json").unlink()
    holder = Cities(own_dir)
    with pytest.raises(NoCityError):
        holder.current()
    (own_dir / "live.json").write_bytes(live)
    assert holder.current().city.id == json.loads(live)["snapshot"]


def test_the_city_is_opened_once_for_all_threads(holder: Cities) -> None:
    seen: list[Any] = []
    threads = [threading.Thread(target=lambda: seen.append(holder.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(held) for held in seen}) == 1


def test_a_publication_is_followed(holder: Cities, own_dir: Path) -> None:
    before = holder.current().city.id
    publish_again(own_dir, "next")
    assert holder.current().city.id == "next" != before


def test_the_old_city_is_shown_until_the_new_one_is_ready(
    own_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cities, "LOOK_EVERY_S", -1.0)
    ready = [False, False, True]
    holder = Cities(own_dir, ready=lambda city: city.id == "next" and ready.pop(0))
    before = holder.current()
    publish_again(own_dir, "next")
    assert [holder.current() is before for _ in range(3)] == [True, True, False]
    assert holder.current().city.id == "next"


def test_a_publication_while_another_is_opened_is_followed(
    holder: Cities, own_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder.current()
    whole = cities.open_snapshot

    def overtaken(data_dir: Path, snapshot: str) -> City:
        opened = whole(data_dir, snapshot)
        if snapshot == "next":
            publish_again(own_dir, "after next")
        return opened

    monkeypatch.setattr(cities, "open_snapshot", overtaken)
    publish_again(own_dir, "next")
    assert holder.current().city.id == "next"
    assert holder.current().city.id == "after next"


def test_a_damaged_publication_leaves_the_old_city(
    holder: Cities, own_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = holder.current()
    assert holder.unopened == ""
    switch(own_dir, "missing")
    for _ in range(3):
        assert holder.current() is before
    assert caplog.text.count("cannot be opened") == 1
    assert holder.unopened == "missing"
    own = (own_dir / "snapshots" / before.city.id).resolve()
    (own_dir / "snapshots" / "missing").symlink_to(own)  # whole after all
    assert holder.current().city.id == "missing"
    assert holder.unopened == ""
    switch(own_dir, "gone")
    holder.current()
    assert caplog.text.count("cannot be opened") == 2


def test_the_old_city_stays_when_the_pointer_is_gone(holder: Cities, own_dir: Path) -> None:
    before = holder.current()
    (own_dir / "live.json").unlink()
    assert holder.current() is before
    assert holder.unopened == "?"


def test_readiness_tells_of_a_city_that_cannot_be_opened(own_dir: Path) -> None:
    app = create_app(Settings(data_dir=own_dir, feed=False))
    client = app.server.test_client()
    assert client.get("/readyz").json == {"ready": True, "faults": [], "findings": []}
    switch(own_dir, "missing")
    cast("Cities", app.server.extensions[KEY])._looked = -100.0  # noqa: SLF001
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["findings"] == ["published_city_unreadable"]


class Clocked:
    """An engine whose newest record follows a clock."""

    def __init__(self) -> None:
        self.asked = 0

    def version(self) -> str:
        return "1"

    def freshness(self, now: int) -> Fresh:
        self.asked += 1
        return Fresh(now - 5, {1: now - 5})


def test_the_ages_are_not_asked_at_every_poll(holder: Cities) -> None:
    held = holder.current()
    engine = Clocked()
    ages = Freshness(held.city, engine)  # type: ignore[arg-type]
    for _ in range(5):
        assert ages.ages().newest == held.city.now() - 5
    assert ages.ages().sources == (0, held.city.now() - 5)
    assert engine.asked == 1


def test_only_a_made_up_city_is_fed(holder: Cities, own_dir: Path) -> None:
    assert not feed.is_made_up(holder.current().city)
    feed.Keeper(own_dir, holder).look()
    assert not (own_dir / "feed").exists()


def test_a_failing_feed_is_tried_again(
    holder: Cities,
    own_dir: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    def fail(city: City) -> bool:
        tried.append(city.id)
        raise ZeroDivisionError

    monkeypatch.setattr(feed, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(feed, "is_made_up", fail)
    keeper = feed.Keeper(own_dir, holder)
    keeper.start()
    until = time.monotonic() + 20
    while len(tried) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    keeper.stop()
    assert len(tried) >= 3
    assert caplog.text.count("trying again") == 1  # the same fault is told once
