"""An arrival with one file of streets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path


def square(code: str, name: str, west: float) -> dict[str, object]:
    ring = [[west, 30], [west + 0.01, 30], [west + 0.01, 30.01], [west, 30.01], [west, 30]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "名称": name}, "geometry": shape}


STREETS: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [square("110101", "东风街道", 116.0), square("110102", "西山街道", 116.01)],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found = arrivals.folder(tmp_path, arrivals.begin(tmp_path))
    content = json.dumps(STREETS, ensure_ascii=False).encode()
    arrivals.receive(found, "街道.geojson", 0, len(content), content)
    return found
