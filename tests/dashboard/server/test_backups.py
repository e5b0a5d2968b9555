from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.server import backups
from dashboard.settings import Settings
from geodata.backup import newest, restore
from geodata.store import tokens
from tests.faults import until

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    tokens.make(tmp_path / "data", "wall")
    return tmp_path / "data"


def server(data_dir: Path) -> Flask:
    made: Flask = create_app(Settings(data_dir=data_dir, feed=False)).server
    return made


def findings(app: Flask) -> list[str]:
    answer = app.test_client().get("/readyz").get_json()
    return list(answer["findings"])


def test_one_a_day_is_made(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, app = backups.Keeper(house, tmp_path / "to"), server(house)
    keeper.start(app)
    until(lambda: newest(tmp_path / "to") > 0)
    keeper.stop()
    assert backups.FAILED not in findings(app)
    assert not keeper.look()
    (folder,) = (tmp_path / "to").glob("2*")
    restore(folder, tmp_path / "new")
    assert [token.name for token in tokens.read(tmp_path / "new")] == ["wall"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_401)
    assert keeper.look()
    assert len(list((tmp_path / "to").glob("2*"))) == 2


def test_one_that_cannot_be_made_is_told_and_tried_again(house: Path, tmp_path: Path) -> None:
    keeper, app = backups.Keeper(house, tmp_path / "to"), server(house)
    (tmp_path / "to").write_text("in the way", encoding="utf-8")
    keeper.start(app)
    until(lambda: keeper.fault != "")
    keeper.stop()
    assert backups.FAILED in findings(app)
    assert "to" in keeper.fault
    (tmp_path / "to").unlink()
    assert keeper.look()
    assert backups.FAILED not in findings(app)
