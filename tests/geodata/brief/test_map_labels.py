"""Names on the map of the sheet stand beside the marks of alerts, whatever lies under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geodata.brief import facts, map_labels, sheet_map
from geodata.brief.asked import ask
from geodata.brief.frame import MapFrame
from geodata.engine import Engine
from geodata.paper.frame import FINE
from geodata.store.snapshots import open_city
from geodata.tiles.mercator import to_metres
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.brief.facts import Facts


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    folder: Path = tmp_path_factory.mktemp("labels")
    publish_tiny(folder)
    city = open_city(folder)
    return facts.read(ask(city, Engine(city), period="7d", lang="zh"))


def names(drawn: list[dict[str, Any]]) -> set[str]:
    return {each["text"] for each in drawn}


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_an_alert_on_the_middle_of_a_street_moves_its_name_aside(
    found: Facts, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    """Of as many marks one above the other the name keeps clear."""
    plain = sheet_map.drawn(found)["labels"]
    marks = [
        {"x": each["x"], "y": each["y"] + 9 * line, "level": 1}
        for each in plain
        for line in range(lines)
    ]
    monkeypatch.setattr(map_labels, "marks", lambda *_: marks)
    moved = sheet_map.drawn(found)["labels"]
    assert names(moved) == names(plain) == {"鹤湾街道", "丹坪街道"}
    for label in moved:
        assert all(
            abs(label["y"] - mark["y"]) > map_labels.LINE_PT
            or abs(label["x"] - mark["x"]) > map_labels.MARK_PT
            for mark in marks
        )


def test_a_name_at_the_edge_of_the_map_moves_inwards(found: Facts) -> None:
    places = found.asked.city.places
    street = places.iloc[int(found.asked.city.tree.children(0)[0])]
    lon, lat = (np.array([street[name]]) for name in ("label_lon", "label_lat"))
    (x, y), scale = (float(each[0]) for each in to_metres(lon, lat)), 0.5
    near = 5.0 * FINE / scale  # metres from the edge to the middle of the name
    frame = MapFrame(x - near, y + 1_000, scale, 3_000.0, 3_000.0)
    drawn = {each["text"]: each["x"] for each in map_labels.labels(found, frame)}
    assert frame.paper(lon, lat)[0][0] == pytest.approx(5.0, abs=0.1)
    assert drawn[street["name_zh"]] >= 2 * map_labels.LABEL_PT  # of a name of four letters


def test_what_the_sheet_speaks_of_is_named_first(
    found: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_labels, "MOST_LABELS", 1)
    monkeypatch.setattr(map_labels, "MOST_NAMED", 0)
    city = found.asked.city
    for unit in city.tree.children(0):
        told = facts.Alert(0, int(unit) + 1, 1)  # in a part of it
        monkeypatch.setitem(vars(found), "alerts", [told])
        monkeypatch.setitem(vars(found), "outlier", None)
        drawn = sheet_map.drawn(found)["labels"]
        assert names(drawn) == {city.places["name_zh"].iloc[unit]}
