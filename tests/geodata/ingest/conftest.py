"""Small files of a made-up city, and the account of what was read from them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from geodata.ingest import draft_from_profile
from geodata.publish import publish
from geodata.store.snapshots import City, open_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROFILE = """
key = "t"
name_zh = "试验市"
name_en = "Try"
time_zone = "America/New_York"
as_of = "data"
levels = [
  {key = "city", name_zh = "市", name_en = "City"},
  {key = "area", name_zh = "片", name_en = "Area", sources = [
    {path = "areas.geojson", columns = {name_zh = "name", code = "id"}}]},
]
"""
FEED = """
[[incidents]]
time_formats = ["%Y-%m-%d %H:%M", "%d/%m/%Y"]
place_level = "area"
place_by = "name"
status_open = ["open"]
status_void = ["void"]
[incidents.layer]
path = "cases.csv"
[incidents.layer.columns]
key = "no"
reported = "in"
closed = "out"
due = "due"
status = "status"
department = "dept"
matter = "what"
source = "how"
place = "where"
lon = "x"
lat = "y"
"""


@dataclass(frozen=True)
class Files:
    """A folder with files and a profile."""

    folder: Path

    def areas(self, features: list[dict[str, object]], name: str = "areas.geojson") -> None:
        document = {"type": "FeatureCollection", "features": features}
        text = json.dumps(document).encode()
        (self.folder / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)

    def cases(self, rows: list[dict[str, str]]) -> None:
        columns = ["no", "in", "out", "due", "status", "dept", "what", "how", "where", "x", "y"]
        frame = pd.DataFrame(rows, columns=columns).astype("string").fillna("")
        frame.to_csv(self.folder / "cases.csv", index=False)

    def profile(self, text: str = PROFILE + FEED) -> Path:
        path = self.folder / "t.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def publish(self, text: str = PROFILE + FEED) -> City:
        publish(draft_from_profile(self.profile(text)), self.folder / "data")
        return open_city(self.folder / "data")


def square(name: str, west: float, **more: object) -> dict[str, object]:
    geometry = json.loads(shapely.to_geojson(shapely.box(west, 0, west + 1, 1)))
    return {
        "type": "Feature",
        "properties": {"name": name, "id": name, **more},
        "geometry": geometry,
    }


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path)
    made.areas([square("东片", 1), square("西片", 0)])
    return made


@pytest.fixture(scope="session")
def feature() -> Callable[..., dict[str, object]]:
    return square


@pytest.fixture(scope="session")
def account() -> Callable[[pd.DataFrame], dict[tuple[str, str], int]]:
    """Rows by (action, reason)."""

    def count(findings: pd.DataFrame) -> dict[tuple[str, str], int]:
        summed = findings.groupby(["action", "reason"])["rows"].sum()
        return {(str(action), str(reason)): int(n) for (action, reason), n in summed.items()}

    return count
