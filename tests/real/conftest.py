"""Tests with the files of other cities, which are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with the files; a missing one fails the test, so that it cannot pass by absence."""
    default = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("YIPING_REAL_DATA", default)).resolve()
    if not folder.is_dir():
        pytest.fail(f"{folder}: not there; set YIPING_REAL_DATA to the folder of real data")
    os.environ.setdefault("YIPING_REAL_DATA", str(folder))
    return folder
