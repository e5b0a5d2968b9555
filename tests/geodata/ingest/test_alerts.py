"""Alerts as other systems write them: shifted, coloured in words, drawn, and wrong in places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.crs import from_wgs84
from geodata.ingest.alerts import level_of
from tests.geodata.ingest.conftest import PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.store.snapshots import City

    Account = Callable[..., dict[tuple[str, str], int]]

pytestmark = pytest.mark.usefixtures("bare")
HEADS = ("title", "level", "kind", "n", "from", "to", "where", "house", "x", "y")
COLUMNS = {
    "title_zh": "title", "level": "level", "category": "kind", "cases": "n", "raised": "from",
    "cleared": "to", "unit": "where", "building": "house", "lon": "x", "lat": "y",
}  # fmt: skip
AT = {"from": "2024-07-02 10:00:00", "level": "1", "x": "0.5", "y": "0.5"}


def layer(path: str = "alerts.csv", crs: str = "", columns: dict[str, str] = COLUMNS) -> str:
    mapped = "\n".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
    head = f'[[alerts]]\npath = "{path}"\n' + (f'crs = "{crs}"\n' if crs else "")
    lists = '[[categories]]\nkey = "flood"\nname_zh = "内涝"\nname_en = "Flooding"\n'
    return f"{lists}{head}[alerts.columns]\n{mapped}\n"


def publish(files: Any, alerts: list[dict[str, str]], crs: str = "") -> City:  # noqa: ANN401
    frame = pd.DataFrame(alerts, columns=list(HEADS)).astype("string").fillna("")
    frame.to_csv(files.folder / "alerts.csv", index=False)
    city: City = files.publish(PROFILE + layer(crs=crs))
    return city


def mine(city: City) -> pd.DataFrame:
    return city.findings[city.findings["file"].str.startswith("alerts")]


def test_shifted_alerts_are_moved_back(files: Any) -> None:  # noqa: ANN401
    x, y = from_wgs84("GCJ-02", np.array([116.4]), np.array([39.9]))
    city = publish(files, [{**AT, "x": str(x[0]), "y": str(y[0])}], "GCJ-02")
    assert city.alerts.loc[0, ["lon", "lat"]].tolist() == pytest.approx([116.4, 39.9], abs=1e-5)


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("红色", 1), ("橙色预警", 2), ("黄", 3), ("蓝色", 4), ("Red", 1), ("orange alert", 2),
        ("YELLOW", 3), ("blue", 4), ("1", 1), ("2.0", 2), ("Ⅲ级", 3), ("IV", 4), ("一级", 1),
        ("特别重大", 1), ("重大", 2), ("较大", 3), ("一般", 4), ("4级", 4), ("２", 2),
    ],
)  # fmt: skip
def test_levels_are_read_as_they_are_written(written: str, level: int) -> None:
    assert level_of(written) == level


@pytest.mark.parametrize("written", ["紫色", "7", "0", "", "红色转橙色", "scored"])
def test_a_level_that_is_none_is_none(written: str) -> None:
    assert level_of(written) is None


def test_a_level_that_cannot_be_read_is_told(files: Any, account: Account) -> None:  # noqa: ANN401
    city = publish(files, [{**AT, "level": each} for each in ("红色", "紫色", "")])
    assert city.alerts["level"].tolist() == [1, 4, 4]
    assert account(mine(city))["kept", "level_unreadable"] == 2


def test_what_cannot_be_read_of_an_alert_is_told(files: Any, account: Account) -> None:  # noqa: ANN401
    wrong = {"to": "soon", "kind": "fire", "where": "no such", "house": "b9", "n": "many"}
    rows = [{**AT, "kind": "内涝", "where": "东片", "n": "1,234"}, {**AT, **wrong}]
    astray = {"x": "30.5", "y": "0.5"}
    city = publish(files, [*rows, {**AT, "x": "", "y": ""}, {**AT, **astray}, {"from": "x"}])
    counts = account(mine(city))
    assert {reason: n for (action, reason), n in counts.items() if action == "kept"} == {
        "cleared_unreadable": 1,
        "category_unknown": 1,
        "number_unreadable": 1,
        "place_not_found": 1,
        "building_not_found": 1,
        "point_outside_city": 1,
        "coordinates_missing": 2,
        "level_unreadable": 1,
        "place_unknown": 1,
    }
    assert counts["rejected", "raised_unreadable"] == 1
    assert city.alerts["cases"].tolist() == [1234, 0, 0, 0]
    assert city.alerts["category"].tolist() == [0, -1, -1, -1]
    told = mine(city).set_index("reason")
    assert told.loc["place_not_found", "row"] == told.loc["building_not_found", "row"] == 3
    assert told.loc["place_unknown", "row"] == 4


def test_alerts_may_be_drawn(files: Any) -> None:  # noqa: ANN401
    feature = {
        "type": "Feature",
        "properties": {"title": "a", "from": "2024-07-02 10:00:00"},
        "geometry": {"type": "Point", "coordinates": [1.5, 0.25]},
    }
    (files.folder / "alerts.geojson").write_text(json.dumps(feature), encoding="utf-8")
    city = files.publish(
        PROFILE + layer("alerts.geojson", "", {"title_zh": "title", "raised": "from"})
    )
    assert city.alerts.loc[0, ["lon", "lat"]].tolist() == [1.5, 0.25]
    assert city.places["name_zh"].iloc[int(city.alerts.loc[0, "unit"])] == "东片"
    assert "level_unreadable" not in set(city.findings["reason"])
