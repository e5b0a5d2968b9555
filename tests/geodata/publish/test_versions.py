"""Boundaries that were in force before stay with the city, and today's cases are asked by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.engine import Engine, Request
from geodata.engine.fused import FusedEngine
from geodata.model.errors import ImportRefusedError
from geodata.model.schemas import SITE_UNKNOWN
from geodata.publish import publish, versions
from geodata.store.prune import prune
from geodata.store.snapshots import City, open_city
from geodata.store.under import under
from geodata.store.writer import switch

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("bare")
BEFORE = date(2025, 3, 1)
HOUSES = [(100, 500, "100w00"), (500, 500, ""), (900, 500, ""), (1500, 200, "")]


def redrawn(sketch: Any, line: float = 200.0) -> gpd.GeoDataFrame:  # noqa: ANN401
    """The first two grids of the first street with their common border at so many metres."""
    units = sketch.units().set_index("code", drop=False)
    cells = ((0.0, line), (line, 2000 / 3))
    for code, (west, east) in zip(("100w00", "100w01"), cells, strict=True):
        box = shapely.box(400_000 + west, 4_400_000, 400_000 + east, 4_401_000)
        units.loc[code, "geometry"] = box
    return gpd.GeoDataFrame(units.reset_index(drop=True), crs="EPSG:32650")


def days(monkeypatch: pytest.MonkeyPatch, *each: date) -> None:
    """The days of the publications to come."""
    left = list(each)
    monkeypatch.setattr(versions, "today_in", lambda _: left.pop(0))


def publications(tmp_path: Path, *drafts: Any) -> City:  # noqa: ANN401
    for draft in drafts:
        publish(draft, tmp_path)
    return open_city(tmp_path)


def old_codes(city: City, key: str) -> dict[str, str]:
    """By code of a house, the unit in which it lay."""
    codes = city.division(key).tree.codes
    mine = city.division(key).units[city.buildings["site"].to_numpy()]
    return dict(zip(city.buildings["code"], [codes[row] for row in mine], strict=True))


def test_what_a_new_publication_redraws_is_kept(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE)
    houses = sketch.buildings(HOUSES)
    first = sketch.draft(buildings=houses)
    city = publications(tmp_path, first, replace(first, units=redrawn(sketch)))
    (kept,) = city.divisions.values()
    assert (kept.key, kept.until, kept.name_zh) == ("2025-03-01", "2025-03-01", "")
    old, today = city.division_places(kept.key), city.places
    assert old["code"].tolist() == today["code"].tolist()
    assert old["name_zh"].tolist() == today["name_zh"].tolist()
    assert [level.key for level in city.division_levels(kept.key)] == [
        "city", "street", "ward", "grid",
    ]  # fmt: skip
    # Only the border has moved: the house at 500 m was in the second grid and is, the one at
    # 100 m was in the first.
    assert old_codes(city, kept.key) == {
        "h0000": "100w00", "h0001": "100w01", "h0002": "100w02", "h0003": "10101",
    }  # fmt: skip


def test_a_house_lies_where_it_lay(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE)
    houses = sketch.buildings([(250, 500, "")])
    first = sketch.draft(buildings=houses)
    city = publications(tmp_path, first, replace(first, units=redrawn(sketch)))
    unit = int(city.buildings["unit"].iloc[0])
    assert city.tree.codes[unit] == "100w01"
    assert old_codes(city, "2025-03-01") == {"h0000": "100w00"}
    # What is only known to lie somewhere in a redrawn grid lay in what held the whole of it.
    sites, divided = city.sites, city.division("2025-03-01")
    unknown = sites[sites["kind"] == SITE_UNKNOWN].set_index("unit")["site"]
    where = {
        city.tree.codes[unit]: divided.tree.codes[divided.units[site]]
        for unit, site in unknown.items()
    }
    assert where["100w01"] == "100w"
    assert {code: old for code, old in where.items() if code not in {"100w00", "100w01"}} == {
        code: code for code in where if code not in {"100w00", "100w01"}
    }


def test_the_same_boundaries_are_kept_once_and_new_names_are_none(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE)
    named = sketch.units().assign(name_zh="改名")
    shaken = sketch.units()
    shaken["geometry"] = shaken.geometry.translate(1e-4, 0)  # a tenth of a millimetre
    drafts = [sketch.draft(), sketch.draft(units=named), sketch.draft(units=shaken)]
    assert publications(tmp_path, *drafts).divisions == {}
    city = publications(tmp_path, sketch.draft(units=redrawn(sketch)), sketch.draft(
        units=redrawn(sketch), notes={"again": 1}))  # fmt: skip
    assert list(city.divisions) == ["2025-03-01"]


def test_versions_are_carried_on_though_their_snapshots_go(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = versions.MOST + 2
    days(monkeypatch, *(BEFORE + timedelta(days=n) for n in range(count)))
    monkeypatch.setattr("geodata.store.prune.SERVED_S", -1)
    publish(sketch.draft(), tmp_path)
    for number in range(count):
        publish(sketch.draft(units=redrawn(sketch, 100.0 + number)), tmp_path)
        prune(tmp_path, keep=1)
    city = open_city(tmp_path)
    wanted = [(BEFORE + timedelta(days=n)).isoformat() for n in range(count)]
    assert list(city.divisions) == wanted[: -versions.MOST - 1 : -1]  # the newest, newest first
    newest = city.division_places(wanted[-1]).set_index("code")
    first = gpd.GeoSeries([newest.geometry["100w00"]], crs="EPSG:4326").to_crs("EPSG:32650")
    assert first.total_bounds[2] == pytest.approx(400_000 + 100 + count - 2, abs=0.01)


def test_two_publications_of_one_day_leave_what_was_in_force_before_it(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE, BEFORE)
    drafts = [sketch.draft(units=redrawn(sketch, line)) for line in (200.0, 300.0, 400.0)]
    city = publications(tmp_path, *drafts)
    (kept,) = city.divisions
    shape = city.division_places(kept).set_index("code").geometry["100w00"]
    metres = gpd.GeoSeries([shape], crs="EPSG:4326").to_crs("EPSG:32650")
    assert metres.total_bounds[2] == pytest.approx(400_200, abs=0.01)


def test_another_city_and_a_made_up_one_keep_nothing(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    other = sketch.draft(profile=sketch.profile(key="other"), units=redrawn(sketch))
    assert publications(tmp_path, sketch.draft(), other).divisions == {}
    made_up = sketch.draft(units=redrawn(sketch), keeps_past=False)
    assert publications(tmp_path, made_up).divisions == {}


def test_declared_boundaries_stand_beside_those_of_the_last_publication(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE, BEFORE)
    declared = {date(2024, 5, 1): redrawn(sketch, 300.0)}
    draft = sketch.draft(units=redrawn(sketch), earlier=declared)
    city = publications(tmp_path, sketch.draft(), draft)
    assert list(city.divisions) == ["2025-03-01", "2024-05-01"]
    twice = redrawn(sketch).assign(code="1")
    with pytest.raises(ImportRefusedError, match="until 2024-05-01: unit codes 1 occur twice"):
        publish(sketch.draft(earlier={date(2024, 5, 1): twice}), tmp_path)


@settings(max_examples=6, deadline=None)
@given(
    lines=st.lists(st.floats(20, 640), min_size=1, max_size=3, unique=True),
    houses=st.lists(st.tuples(st.floats(-50, 2050), st.floats(-50, 1050)), max_size=12),
    place=st.integers(0, 9),
)
def test_under_every_version_the_totals_are_the_citys(
    tmp_path_factory: pytest.TempPathFactory,
    sketch: Any,  # noqa: ANN401
    lines: list[float],
    houses: list[tuple[float, float]],
    place: int,
) -> None:
    folder = tmp_path_factory.mktemp("versions")
    declared = {
        BEFORE + timedelta(days=number): redrawn(sketch, line) for number, line in enumerate(lines)
    }
    buildings = sketch.buildings([(x, y, "") for x, y in houses])
    publish(sketch.draft(buildings=buildings, earlier=declared), folder)
    city = open_city(folder)
    asked = Request(0, "grid", 0, 2**31, 2**31)
    fused, files = FusedEngine(city, grain_s=1), Engine(city, grain_s=1)
    whole = files.screen(asked).total["reported"]
    assert len(city.divisions) == len(lines)
    for key in city.divisions:
        tree = city.division(key).tree
        for level in tree.level_keys:
            request = replace(asked, level=level, division=key)
            numbers = fused.screen(request)
            assert numbers.cells["reported"].sum() == numbers.total["reported"] == whole
        inner = replace(asked, place=place % len(tree), division=key)
        mine, theirs = fused.screen(inner), files.screen(inner)
        assert mine.total["reported"] == theirs.total["reported"]
        assert mine.total["reported"] == len(under(city, key).inside(inner.place))
        np.testing.assert_array_equal(mine.cells["reported"], theirs.cells["reported"])


def test_a_publication_that_was_withdrawn_was_never_in_force_for_the_next(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, *(BEFORE + timedelta(days=n) for n in range(3)))
    good = publish(sketch.draft(), tmp_path)
    publish(sketch.draft(units=redrawn(sketch)), tmp_path)
    switch(tmp_path, good)
    city = publications(tmp_path, sketch.draft(notes={"again": 1}))
    assert city.divisions == {}
    city = publications(tmp_path, sketch.draft(units=redrawn(sketch, 300.0)))
    assert list(city.divisions) == ["2025-03-02"]


def test_of_two_cities_in_one_folder_each_keeps_its_own(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE)
    other = sketch.draft(profile=sketch.profile(key="other"))
    city = publications(tmp_path, sketch.draft(), other, sketch.draft(units=redrawn(sketch)))
    assert list(city.divisions) == ["2025-03-01"]


@pytest.mark.parametrize("name", ["meta.json", "profile.toml", "places.parquet", "live.json"])
def test_a_publication_before_that_cannot_be_read_is_told_in_the_account(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    days(monkeypatch, BEFORE)
    publish(sketch.draft(), tmp_path)
    broken = publish(sketch.draft(incidents=lambda _: iter(())), tmp_path)
    path = tmp_path / "snapshots" / broken / name
    (path if path.exists() else tmp_path / name).write_text("[", encoding="utf-8")
    city = publications(tmp_path, sketch.draft(units=redrawn(sketch)))
    told = city.findings[city.findings["reason"] == versions.LOST]
    assert told["file"].tolist() == [name if name == "live.json" else broken]
    assert told["action"].tolist() == ["read"]
    assert list(city.divisions) == ["2025-03-01"]  # those of the one before that


def test_the_publication_before_may_lie_elsewhere(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days(monkeypatch, BEFORE)
    publish(sketch.draft(), tmp_path / "live")
    publish(sketch.draft(units=redrawn(sketch)), tmp_path / "trial", past=tmp_path / "live")
    assert list(open_city(tmp_path / "trial").divisions) == ["2025-03-01"]
