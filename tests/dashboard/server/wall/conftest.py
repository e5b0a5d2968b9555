from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.screens.wall import readings
from dashboard.settings import Settings
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City

PIN = "135790"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first numbers may be long in coming."""
    monkeypatch.setattr(readings, "PATIENCE_S", 20.0)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of its own: what is told to its walls is kept there."""
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return folder


@pytest.fixture(scope="session")
def city(data_dir: Path) -> City:
    return open_city(data_dir)


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Flask:
    made: Flask = create_app(Settings(data_dir=data_dir, feed=False, wall_pin=PIN)).server  # type: ignore[arg-type]
    return made


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        told = client.get("/wall/state").json
        if seen := told["focus"]["alert"]:  # that the city begins with
            client.post("/wall/command", json={"do": "acknowledge", "alert": seen})
        yield client
