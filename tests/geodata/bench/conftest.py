from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.bench.cities import given
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from geodata.store.snapshots import City


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A small city that is only read."""
    folder = tmp_path_factory.mktemp("bench")
    publish_tiny(folder)
    return given(folder, lambda _, __: None)
