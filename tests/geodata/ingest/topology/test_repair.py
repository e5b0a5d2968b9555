from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geodata.ingest import measures
from geodata.ingest.topology import examine, snap, survey
from geodata.model.profile import Layer, Level, Profile

UTM = CRS(32650)
LEVEL = Level(key="unit", name_zh="单元", name_en="Unit", repair="snap")
PARENT = Level(key="parent", name_zh="上级", name_en="Parent")


def crooked() -> gpd.GeoDataFrame:
    """Three strips of 100 m: the first two overlap by 2 m, between the last there is 1 m of air."""
    boxes = [(0, 300), (0, 102), (100, 200), (201, 300)]
    shapes = [shapely.box(4e5 + west, 4.4e6, 4e5 + east, 4.4e6 + 100) for west, east in boxes]
    # A gap is closed where it lies between units; at the rim nobody says where it would end.
    bridge = shapely.box(4e5 + 100, 4.4e6 - 10, 4e5 + 300, 4.4e6)
    lid = shapely.box(4e5 + 100, 4.4e6 + 100, 4e5 + 300, 4.4e6 + 110)
    return gpd.GeoDataFrame(
        {
            "code": ["p", "a", "b", "c", "d", "e"],
            "parent": ["", *"ppppp"],
            "level": ["parent", *["unit"] * 5],
        },
        geometry=gpd.GeoSeries([*shapes, bridge, lid], crs=UTM),
    ).to_crs(4326)


def kinds(frame: gpd.GeoDataFrame) -> dict[str, float]:
    table = survey(frame, ["unit"], UTM)
    inner = table[table["kind"].isin(["overlap", "gap"])]
    return inner.groupby("kind")["area_m2"].sum().round(1).to_dict()


def test_snapping_closes_overlaps_and_slivers_and_says_what_moved() -> None:
    frame, findings = crooked(), []
    assert kinds(frame) == {"gap": 100.0, "overlap": 200.0}
    mended, moved = snap(frame, LEVEL, findings)
    assert kinds(mended) == {}
    assert kinds(frame) == {"gap": 100.0, "overlap": 200.0}
    assert moved["kind"].unique().tolist() == ["moved"]
    # One of two neighbours loses the overlap, one of two gains the gap.
    assert moved["area_m2"].sum() == pytest.approx(300, rel=2e-3)
    (account,) = findings
    assert (account["action"], account["reason"]) == ("repaired", "borders_snapped")
    assert account["rows"] == len(moved) == 2
    measured = measures.read(str(account["detail"]))
    assert measured is not None
    assert measured[1]["total"] == pytest.approx(300, rel=2e-3)


def test_what_is_not_touched_stays_to_a_millimetre() -> None:
    frame = crooked()
    mended, moved = snap(frame, LEVEL, [])
    far = int(np.flatnonzero(frame["code"] == "c")[0])
    assert "c" not in set(moved["unit"])
    before, after = (shapely.get_coordinates(f.geometry.iloc[far]) for f in (frame, mended))
    assert np.sort(after, axis=0) == pytest.approx(np.sort(before, axis=0), abs=1e-8)
    assert len(set(map(tuple, after)) & set(map(tuple, before))) >= 3


def test_a_gap_wider_than_allowed_stays() -> None:
    mended, _ = snap(crooked(), LEVEL.model_copy(update={"repair_gap_m": 0.5}), [])
    assert kinds(mended) == {"gap": 100.0}


def test_a_unit_under_another_does_not_vanish() -> None:
    frame = crooked()
    frame.geometry = [
        frame.geometry[1],
        *frame.geometry[1:2],
        *frame.geometry[1:2],
        *frame.geometry[3:],
    ]
    mended, _ = snap(frame, LEVEL, [])
    assert not mended.geometry.is_empty.any()


@pytest.mark.parametrize(("repair", "moves"), [("", False), ("snap", True)])
def test_repair_happens_only_on_request(repair: str, moves: bool) -> None:  # noqa: FBT001
    source = (Layer(path="units.geojson"),)
    levels = (PARENT, LEVEL.model_copy(update={"repair": repair, "sources": source}))
    profile = Profile(key="t", name_zh="试", name_en="T", levels=levels)
    frame, findings = crooked(), []
    mended, table = examine(frame, profile, findings)
    assert ("moved" in set(table["kind"])) is moves
    assert (mended is frame) is not moves
    # The findings tell what the file held, mended or not.
    reasons = {str(each["reason"]): each["rows"] for each in findings}
    assert reasons["borders_overlap"] == 1
    assert reasons["borders_sliver"] == 1
    assert ("borders_snapped" in reasons) is moves
