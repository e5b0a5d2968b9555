"""The city that is measured: YIPING_DATA_DIR, or what `make run` has published here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geodata.store.snapshots import City, open_city


@pytest.fixture(scope="module")
def city() -> City:
    folder = Path(os.environ.get("YIPING_DATA_DIR", Path(__file__).parents[2] / "data"))
    if not (folder / "live.json").exists():
        pytest.fail(f"{folder}: no city is published here; run `make run` first")
    return open_city(folder)
