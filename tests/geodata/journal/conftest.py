from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.journal.codes import Codes
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from geodata.store.snapshots import City


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return open_city(folder)


@pytest.fixture(scope="session")
def codes(city: City) -> Codes:
    return Codes(city)
