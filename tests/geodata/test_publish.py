from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.model.errors import ImportRefusedError
from geodata.model.places import Tree
from geodata.model.schemas import SITE_OUTDOOR, SITE_UNKNOWN
from geodata.publish import arrange, publish
from geodata.publish.divisions import professional
from geodata.publish.numbering import initials
from geodata.publish.shapes import label_points
from geodata.store.snapshots import City, open_city
from geodata.store.writer import damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.model.draft import Arranged

pytestmark = pytest.mark.usefixtures("bare")
FULL = "no space left"


@pytest.fixture(scope="module")
def city(
    tmp_path_factory: pytest.TempPathFactory,
    sketch: Any,  # noqa: ANN401
    bare: None,
) -> City:
    assert bare is None
    data_dir = tmp_path_factory.mktemp("data")
    publish(sketch.draft(), data_dir)
    return open_city(data_dir)


def cases(city: City) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(path) for path in city.incident_files()])


def test_places_are_depth_first_and_measured(city: City) -> None:
    places = city.places
    assert places["code"].tolist()[:5] == ["1", "100", "100w", "100w00", "100w01"]
    assert places["area_km2"].iloc[0] == pytest.approx(2.0, rel=2e-3)
    labels = shapely.points(places["label_lon"], places["label_lat"])
    assert shapely.contains(places.geometry.to_numpy(), labels).all()
    assert places.crs == "EPSG:4326"
    assert places["initials"].iloc[0] == "cts"


def test_sites_of_every_unit_are_one_range(city: City) -> None:
    for row in city.places.itertuples():
        inside = city.sites["unit"].isin(city.tree.subtree(row.unit))
        assert np.flatnonzero(inside).tolist() == list(range(row.site_from, row.site_to))


def test_buildings_find_their_unit_by_code_and_by_polygon(city: City) -> None:
    codes = city.places["code"].to_numpy()[city.buildings["unit"]]
    assert dict(zip(city.buildings["code"], codes, strict=True)) == {
        "h0000": "100w00",
        "h0001": "10100",
        "h0002": "10101",
    }
    own = city.sites.iloc[city.buildings["site"]]
    assert own["building"].tolist() == city.buildings["building"].tolist()
    assert city.building("h0002") == 2
    assert city.building("h9999") is None


def test_incidents_are_split_by_month_and_sorted(city: City) -> None:
    assert len(city.incident_files()) == len(city.meta["months"])
    for path in city.incident_files():
        reported = pd.read_parquet(path)["reported"]
        months = pd.to_datetime(reported, unit="s").dt.strftime("%Y-%m").unique()
        assert months.tolist() == [path.stem]
        assert reported.is_monotonic_increasing
    assert len(cases(city)) == len(city.sites) == city.meta["counts"]["incidents"]


def test_a_frame_may_span_months_and_come_in_any_order(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    moments = np.array([1_764_000_000, 1_750_000_000, 1_757_000_000, 1_750_000_001])

    def incidents(arranged: Arranged) -> Iterator[pd.DataFrame]:
        assert len(arranged.sites)
        yield sketch.cases(np.zeros(4, dtype=int), moments)
        yield sketch.cases(np.zeros(0, dtype=int), moments[:0])
        yield sketch.cases(np.zeros(4, dtype=int), moments[::-1], first_id=4)

    publish(sketch.draft(incidents=incidents), tmp_path)
    city = open_city(tmp_path)
    assert city.meta["months"] == ["2025-06", "2025-09", "2025-11"]
    assert cases(city)["id"].tolist() == [1, 6, 3, 4, 2, 5, 0, 7]
    assert (city.meta["first"], city.meta["last"]) == (1_750_000_000, 1_764_000_000)


def test_outlines_are_made_before_the_switch(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def prepare(folder: Path, *_: object) -> None:
        seen.append((folder / "places.parquet").exists() and not (tmp_path / "live.json").exists())
        (folder / "outlines").mkdir()
        (folder / "outlines" / "city.parquet").write_bytes(b"x")

    monkeypatch.setattr("geodata.publish.draw", prepare)
    publish(sketch.draft(), tmp_path)
    assert seen == [True]
    assert "outlines/city.parquet" in open_city(tmp_path).meta["files"]


def test_the_same_draft_is_the_same_snapshot(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    first = publish(sketch.draft(), tmp_path / "a")
    assert publish(sketch.draft(), tmp_path / "b") == first
    assert publish(sketch.draft(), tmp_path / "a") == first
    assert damage(open_city(tmp_path / "a").folder) == []


def test_a_publication_that_fails_leaves_the_old_one_live(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    before = publish(sketch.draft(), tmp_path)

    def broken(arranged: Arranged) -> Iterator[pd.DataFrame]:
        yield sketch.cases(np.arange(2), np.array([1_750_000_000, 1_760_000_000]))
        assert len(arranged.sites)
        raise OSError(FULL)

    with pytest.raises(OSError, match="no space"):
        publish(sketch.draft(incidents=broken), tmp_path)
    assert open_city(tmp_path).id == before
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [before]


def test_a_damaged_snapshot_is_replaced_by_publishing_again(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    snapshot = publish(sketch.draft(), tmp_path)
    sites = tmp_path / "snapshots" / snapshot / "sites.parquet"
    sites.write_bytes(sites.read_bytes()[:-1])
    assert publish(sketch.draft(), tmp_path) == snapshot
    assert damage(sites.parent) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parent": "nowhere"}, "do not exist"),
        ({"code": "100"}, "occur twice"),
        ({"parent": ""}, "one root"),
        ({"level": "moon"}, "not in profile"),
        ({"parent": "10101"}, "higher level"),
    ],
)
def test_units_that_contradict_each_other_are_refused(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    change: dict[str, str],
    words: str,
) -> None:
    units = sketch.units()
    for column, value in change.items():
        units.loc[len(units) - 1, column] = value
    with pytest.raises(ImportRefusedError, match=words):
        publish(sketch.draft(units=units), tmp_path)


def test_a_site_that_does_not_exist_is_refused(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    def incidents(arranged: Arranged) -> Iterator[pd.DataFrame]:
        yield sketch.cases(np.array([len(arranged.sites)]), np.array([1_750_000_000]))

    with pytest.raises(ImportRefusedError, match="column site"):
        publish(sketch.draft(incidents=incidents), tmp_path)


def test_levels_without_geometry_and_a_city_without_cases(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    units = sketch.units()
    units.loc[units["level"] == "grid", "geometry"] = None
    units["people"] = -1
    draft = sketch.draft(units=units, incidents=lambda _: iter(()))
    publish(draft, tmp_path)
    city = open_city(tmp_path)
    grids = city.places[city.places["level"] == "grid"]
    assert grids["label_lon"].isna().all()
    assert grids.geometry.isna().all()
    assert (city.places["people"] == -1).all()
    assert city.meta["months"] == []
    assert city.estates is None
    assert city.rosters is None
    # A building with no grid around it is known to its ward or street.
    assert city.places["code"].iloc[city.buildings["unit"].iloc[-1]] == "101"


def test_what_is_outside_belongs_to_the_nearest_unit_or_to_the_city(sketch: Any) -> None:  # noqa: ANN401
    points = [(2020, 500, ""), (9000, 500, ""), (100, 100, "gone")]
    outdoors = gpd.GeoDataFrame(
        {"unit": [""]}, geometry=[shapely.Point(400_010, 4_400_010)], crs="EPSG:32650"
    )
    draft = sketch.draft(buildings=sketch.buildings(points), outdoors=outdoors)
    arranged, _ = arrange(draft)
    codes = arranged.places["code"].to_numpy()
    where = dict(zip(arranged.buildings["code"], codes[arranged.buildings["unit"]], strict=True))
    assert where == {"h0000": "10102", "h0001": "1", "h0002": "100w00"}
    outdoor = arranged.sites[arranged.sites["kind"] == SITE_OUTDOOR]
    assert codes[outdoor["unit"]].tolist() == ["100w00"]
    reasons = {finding["reason"]: finding["rows"] for finding in draft.findings}
    assert reasons == {"unit_code_unknown": 1, "unit_by_nearest": 1, "outside_every_unit": 1}


def test_borders_that_overlap_are_a_finding(sketch: Any) -> None:  # noqa: ANN401
    units = sketch.units()
    last = len(units) - 1
    units.loc[[last], "geometry"] = units.geometry.iloc[[last]].buffer(7)
    draft = sketch.draft(units=units)
    arrange(draft)
    found = [f for f in draft.findings if f["reason"] == "borders_do_not_fit"]
    assert [(f["file"], f["rows"]) for f in found] == [("level grid", 2)]


def division(codes: list[str], units: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"code": codes, "name_zh": codes, "name_en": codes, "unit": units})


def test_a_division_knows_every_site_below_its_units(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    table = division(["P", "P", "Q"], ["100", "10100", "10101"])
    draft = sketch.draft(divisions={"police": table})
    publish(draft, tmp_path)
    city = open_city(tmp_path)
    units, divided = city.division_places("police"), city.division("police")
    # P reaches into both streets, so that only the city holds the whole of it.
    assert units["code"].tolist() == ["1", "P", "Q"]
    assert units["parent"].tolist() == [-1, 0, 0]
    assert units["area_km2"].tolist()[1:] == pytest.approx([4 / 3, 1 / 3], rel=2e-3)
    assert units["people"].tolist()[1:] == [20, 10]
    owners = city.sites.assign(owner=divided.units).groupby("unit")["owner"].first()
    known = {city.places["code"].iloc[unit]: row for unit, row in owners.items()}
    assert [known[c] for c in ("1", "100", "100w01", "101", "10100", "10101", "10102")] == [
        0, 1, 1, 0, 1, 2, 0,
    ]  # fmt: skip
    missing = [f["rows"] for f in draft.findings if f["reason"] == "division_unit_missing"]
    assert missing == [1]
    assert list(city.divisions) == ["police"]
    assert [level.key for level in city.division_levels("police")] == ["city", "police"]


def test_a_division_hangs_under_the_levels_that_hold_its_units(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    streets = ["100", "10100", "10101", "10102"]
    publish(sketch.draft(divisions={"police": division(["P", "Q", "Q", "R"], streets)}), tmp_path)
    city = open_city(tmp_path)
    units, divided = city.division_places("police"), city.division("police")
    assert units["code"].tolist() == ["1", "100", "P", "101", "Q", "R"]
    assert [divided.tree.level(row) for row in range(6)] == [
        "city", "street", "police", "street", "police", "police",
    ]  # fmt: skip
    # What a street holds it holds under either.
    for code in ("1", "100", "101"):
        here, there = city.tree.find(code), divided.tree.find(code)
        assert here is not None
        assert there is not None
        np.testing.assert_array_equal(np.flatnonzero(divided.inside(there)), city.inside(here))


@settings(max_examples=15, deadline=None)
@given(
    streets=st.integers(1, 3),
    grids=st.integers(1, 4),
    houses=st.lists(st.tuples(st.floats(-100, 3100), st.floats(-100, 1100)), max_size=15),
    owners=st.data(),
)
def test_site_ranges_partition_and_totals_with_unknown_are_the_citys(
    sketch: Any,  # noqa: ANN401
    streets: int,
    grids: int,
    houses: list[tuple[float, float]],
    owners: st.DataObject,
) -> None:
    buildings = sketch.buildings([(x, y, "") for x, y in houses])
    draft = sketch.draft(units=sketch.units(streets, grids), buildings=buildings)
    arranged, tree = arrange(draft)
    places, sites = arranged.places, arranged.sites
    total = len(sites)
    assert (sites["kind"] == SITE_UNKNOWN).sum() == len(places)
    assert sites["building"].max() == len(buildings) - 1 or not len(buildings)
    spans = (places["site_to"] - places["site_from"]).to_numpy()
    assert spans[0] == total
    for unit in range(len(places)):
        children = np.flatnonzero(tree.parents == unit)
        own = int((sites["unit"] == unit).sum())
        assert spans[unit] == own + spans[children].sum()
    leaves = [c for c, end in zip(tree.codes, tree.ends, strict=True) if tree.find(c) == end - 1]
    codes = owners.draw(
        st.lists(st.sampled_from("PQR"), min_size=len(leaves), max_size=len(leaves))
    )
    table = division(codes, leaves)
    (made,) = professional(replace(draft, divisions={"police": table}), arranged, tree)
    whole = Tree.of(made.places, draft.profile.model_copy(update={"levels": made.levels}))
    assert len(made.units) == total
    assert ((made.units >= 0) & (made.units < len(whole))).all()
    owned = made.places["code"].to_numpy()[made.units[sites["unit"].isin(_rows(tree, leaves))]]
    assert set(owned) <= set("PQR")
    # A unit that both have holds the same sites in both, those of unknown place among them.
    for code in set(tree.codes) & set(whole.codes):
        mine, theirs = tree.find(code), whole.find(code)
        assert mine is not None
        assert theirs is not None
        inside = (made.units >= theirs) & (made.units < whole.ends[theirs])
        assert inside.sum() == spans[mine]


def _rows(tree: Tree, codes: list[str]) -> list[int | None]:
    return [tree.find(code) for code in codes]


def test_labels_stand_in_the_largest_part() -> None:
    ring = shapely.Point(0, 0).buffer(100).difference(shapely.Point(0, 0).buffer(60))
    shapes = [shapely.MultiPolygon([shapely.box(500, 0, 510, 10), shapely.box(0, 0, 90, 90)]), ring]
    points = label_points(np.array(shapes, dtype=object))
    assert shapely.contains(shapely.box(0, 0, 90, 90), points[0])
    assert shapely.contains(ring, points[1])


@pytest.mark.parametrize(
    ("name", "letters"),
    [("鹤湾街道", "hwjd"), ("Wyman Park", "wp"), ("第3网格", "d3wg"), ("", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_meta_names_every_file(city: City) -> None:
    meta = json.loads((city.folder / "meta.json").read_text(encoding="utf-8"))
    there = {p.relative_to(city.folder).as_posix() for p in city.folder.rglob("*") if p.is_file()}
    assert set(meta["files"]) == there - {"meta.json"}
