"""Tests with the files of other cities, which are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

import geodata
from geodata.ingest import draft_from_profile
from geodata.publish import publish
from geodata.store.snapshots import City, open_city


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with the files; a missing one fails the test, so that it cannot pass by absence."""
    default = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("YIPING_REAL_DATA", default)).resolve()
    if not folder.is_dir():
        pytest.fail(f"{folder}: not there; set YIPING_REAL_DATA to the folder of real data")
    os.environ.setdefault("YIPING_REAL_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def baltimore(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city as it is published from its files, once for all tests."""
    assert real_data.is_dir()
    data_dir = tmp_path_factory.mktemp("baltimore")
    profile = Path(geodata.__file__).parent / "profiles" / "baltimore.toml"
    publish(draft_from_profile(profile), data_dir)
    return open_city(data_dir)


@pytest.fixture(scope="session")
def requests_311(real_data: Path) -> pd.DataFrame:
    """Baltimore's requests as the city wrote them, every cell as text."""
    path = real_data / "us_baltimore_311" / "311_sample.csv.gz"
    return pd.read_csv(path, dtype=str, keep_default_na=False)
