from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from dashboard import access
from dashboard.factory import create_app
from dashboard.server.api import events, inbox
from dashboard.settings import Settings
from tests.browser.tiny import NOW
from tests.postgres import postgres, postgres_server

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from flask import Flask

__all__ = ["postgres", "postgres_server"]


def keeper_of(server: Flask, data_dir: Path) -> inbox.Keeper:
    extensions = server.extensions
    return inbox.Keeper(data_dir, extensions[access.KEY], extensions[events.KEY])


def drop(data_dir: Path, name: str) -> Path:
    path = data_dir / "inbox" / name
    path.write_text(f"source,case,stage,at,category\na,{name},reported,{NOW},b\n", encoding="utf-8")
    os.utime(path, (time.time() - 60,) * 2)
    return path


def test_a_dropped_file_is_taken_by_who_writes_the_journal(server: Flask, data_dir: Path) -> None:
    keeper = keeper_of(server, data_dir)
    keeper.look()
    path = drop(data_dir, "one.csv")
    other = create_app(Settings(data_dir=data_dir, feed=False)).server
    keeper_of(other, data_dir).look()  # another process: it leaves the file alone
    assert path.exists()
    keeper.look()
    assert not path.exists()
    keeper.let_go()
    found = server.test_client().get("/open311/v2/requests/a:one.csv.json")
    assert found.json[0]["status"] == "open"


def test_of_several_writers_one_looks(data_dir: Path, postgres: str) -> None:
    settings = Settings(data_dir=data_dir, feed=False, journal=postgres)
    servers = [create_app(settings).server for _ in range(2)]
    first, second = (keeper_of(server, data_dir) for server in servers)
    first.look()
    path = drop(data_dir, "two.csv")
    second.look()
    assert path.exists()
    first.let_go()
    second.look()
    assert not path.exists()
    second.let_go()
    for server in servers:
        intake = server.extensions[events.KEY]
        intake.writer.close()
        intake.tail.close()


def test_the_thread_goes_on_after_a_failure(
    server: Flask, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, looked = keeper_of(server, data_dir), threading.Semaphore(0)

    def look() -> None:
        looked.release()
        raise RuntimeError

    monkeypatch.setattr(keeper, "look", look)
    monkeypatch.setattr(inbox, "LOOK_EVERY_S", 0.01)
    keeper.start()
    assert looked.acquire(timeout=60)
    assert looked.acquire(timeout=60)
    keeper.stop()


def test_without_a_city_nothing_is_taken(tmp_path: Path) -> None:
    server = create_app(Settings(data_dir=tmp_path, feed=False)).server
    keeper_of(server, tmp_path).look()
    assert not (tmp_path / "inbox").exists()
