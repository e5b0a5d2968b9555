from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.settings import Settings
from geodata.store import tokens
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of this module's own: its tests write."""
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return folder


@pytest.fixture(scope="module")
def city(data_dir: Path) -> City:
    return open_city(data_dir)


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Flask:
    made: Flask = create_app(Settings(data_dir=data_dir, feed=False)).server
    return made


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def sender(data_dir: Path) -> dict[str, str]:
    """Headers of somebody who may send events and nothing else."""
    return {"Authorization": f"Bearer {tokens.make(data_dir, 'feed', ['ingest'])}"}
