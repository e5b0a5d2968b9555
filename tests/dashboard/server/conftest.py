from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.settings import Settings
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dash import Dash
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return folder


@pytest.fixture(scope="session")
def city(data_dir: Path) -> City:
    return open_city(data_dir)


@pytest.fixture(scope="session")
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, feed=False)


@pytest.fixture(scope="session")
def dash_app(settings: Settings) -> Dash:
    return create_app(settings)


@pytest.fixture
def client(dash_app: Dash) -> Iterator[FlaskClient]:
    with dash_app.server.test_client() as client:
        yield client
