"""Where cases lie, told by their shapes as by their columns: what stands for nowhere is nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.crs import from_wgs84
from tests.geodata.ingest.conftest import FEED, PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

    Account = Callable[..., dict[tuple[str, str], int]]

pytestmark = pytest.mark.usefixtures("bare")
DRAWN = """
[[incidents]]
time_formats = ["%Y-%m-%d %H:%M"]
[incidents.layer]
path = "cases.geojson"
[incidents.layer.columns]
key = "no"
reported = "in"
"""


def drawn(files: Any, points: dict[str, list[float] | None], crs: str = "") -> Any:  # noqa: ANN401
    features = [
        {
            "type": "Feature",
            "properties": {"no": key, "in": "2024-07-02 10:00"},
            "geometry": at and {"type": "Point", "coordinates": at},
        }
        for key, at in points.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    (files.folder / "cases.geojson").write_text(json.dumps(document), encoding="utf-8")
    text = DRAWN.replace("[incidents.layer.columns]", f'crs = "{crs}"\n[incidents.layer.columns]')
    return files.publish(PROFILE + (text if crs else DRAWN))


def rows(city: Any) -> pd.DataFrame:  # noqa: ANN401
    return pd.concat([pd.read_parquet(path) for path in city.incident_files()]).set_index("key")


POINTS: dict[str, list[float] | None] = {
    "good": [0.5, 0.25], "nought": [0, 0], "one": [1, 1], "degrees": [121, 31], "none": None,
    "far": [190.5, 0.5],
}  # fmt: skip


@pytest.mark.parametrize("crs", ["", "GCJ-02"])
def test_shapes_that_stand_for_nowhere_are_told_and_left_out(
    files: Any,  # noqa: ANN401
    account: Account,
    crs: str,
) -> None:
    city = drawn(files, POINTS, crs)
    found = rows(city)
    assert found.loc["good", ["lon", "lat"]].tolist() == pytest.approx([0.5, 0.25])
    assert found.drop("good")[["lon", "lat"]].isna().all(axis=None)
    counts = account(city.findings[city.findings["file"] == "cases.geojson"])
    told = {reason: n for (_, reason), n in counts.items() if reason.startswith("coordinates")}
    assert told == {
        "coordinates_missing": 1,
        "coordinates_rounded_away": 3,
        "coordinates_not_on_earth": 1,
    }


def test_whole_metres_are_no_placeholder(files: Any) -> None:  # noqa: ANN401
    plane = FEED.replace('path = "cases.csv"', 'path = "cases.csv"\ncrs = "EPSG:3857"')
    files.cases([{"no": "a", "in": "2024-07-02 10:00", "x": "55660", "y": "27830"}])
    case = rows(files.publish(PROFILE + plane)).loc["a"]
    assert [case["lon"], case["lat"]] == pytest.approx([0.5, 0.25], abs=1e-4)


def test_shifted_shapes_are_moved_back(files: Any) -> None:  # noqa: ANN401
    x, y = from_wgs84("GCJ-02", np.array([116.4]), np.array([39.9]))
    found = rows(drawn(files, {"a": [float(x[0]), float(y[0])]}, "GCJ-02"))
    assert found.loc["a", ["lon", "lat"]].tolist() == pytest.approx([116.4, 39.9], abs=1e-5)
