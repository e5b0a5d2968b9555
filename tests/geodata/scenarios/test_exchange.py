"""Plans leave as files and come back; what others drew is fitted, cut or refused by name."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.model.errors import ImportRefusedError, RequestError
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError
from geodata.scenarios import asked, exports, fitting, grounds, importing, writing
from geodata.scenarios.drawn import Drawn
from geodata.scenarios.exports import Moved
from geodata.scenarios.grounded import degrees
from geodata.scenarios.operations import done
from geodata.scenarios.refused import DrawingError
from tests.geodata.scenarios.conftest import SIDE_M

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.scenario import Scenarios
    from geodata.store.snapshots import City

NOTES: Final = [("方案", "试拟")]
WRITERS: Final[dict[str, Callable[[gpd.GeoDataFrame], bytes]]] = {
    "grids.gpkg": lambda frame: writing.to_gpkg(frame, NOTES),
    "grids.geojson": lambda frame: writing.to_geojson(frame, NOTES),
    "grids.parquet": lambda frame: writing.to_parquet(frame, NOTES),
    "grids.zip": lambda frame: writing.to_shp(frame, NOTES, "gbk"),
    "utf.zip": lambda frame: writing.to_shp(frame, NOTES, "utf-8"),
}


@pytest.fixture(scope="module")
def street(made: City) -> Grounded:
    return grounds.opened(grounds.folder_of(made), "101")


def whole(there: Grounded, plan: Plan) -> Moved:
    return Moved(there, plan, np.arange(len(there.ground.communities), dtype=np.int32))


def codes(plan: Plan) -> list[str]:
    return np.array(plan.codes)[plan.grid].tolist()


def edited(there: Grounded, picks: list[tuple[int, int]]) -> tuple[Grounded, Plan]:
    """A few operations one after the other; what a rule forbids is left out."""
    plan = there.today
    for what, number in picks:
        alive = plan.living.tolist()
        code = plan.codes[alive[number % len(alive)]]
        corner = shapely.get_coordinates(shapely.centroid(
            shapely.union_all(there.ground.shapes[plan.atoms(plan.number(code))])
        ))[0] + number % 37  # fmt: skip
        sides = np.array([[-400, -130], [400, 90]]) + corner
        line = shapely.get_coordinates(degrees(there, np.array([shapely.linestrings(sides)])))
        near = next(
            (plan.codes[plan.grid[other]] for atom in plan.atoms(plan.number(code)).tolist()
             for other in there.ground.neighbours.of(atom).tolist()
             if plan.codes[plan.grid[other]] != code), code,
        )  # fmt: skip
        given: dict[str, Any] = {
            0: {"do": "merge", "survivor": code, "other": near},
            1: {"do": "split_line", "grid": code, "line": line.tolist()},
            2: {"do": "reassign", "atoms": plan.atoms(plan.number(code))[:1].tolist(), "to": near},
        }[what]
        try:
            made = done(asked.read(given), there, plan)
        except PlanRefusedError:
            continue
        there, plan = made.there, made.plan
    return there, plan


def written(folder: Path, name: str, frame: gpd.GeoDataFrame) -> Path:
    path = folder / name
    path.write_bytes(WRITERS[name](frame))
    return path


def taken(there: Grounded, drawn: Drawn, *, cut: bool) -> Any:  # noqa: ANN401
    return done(asked.Import(do="import", drawn=drawn, cut=cut), there, there.today)


@settings(max_examples=6)
@example(picks=[(1, 198), (0, 499), (0, 4)], name="grids.geojson")  # as many atoms from either
@given(
    picks=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 500)), min_size=1, max_size=6),
    name=st.sampled_from(sorted(WRITERS)),
)
def test_what_was_exported_comes_back_as_the_same_plan(
    tmp_path_factory: pytest.TempPathFactory,
    street: Grounded,
    picks: list[tuple[int, int]],
    name: str,
) -> None:
    there, plan = edited(street, picks)
    frame = exports.grids(whole(there, plan), "p@1")
    path = written(tmp_path_factory.mktemp("files"), name, frame)
    drawn = importing.read(path, street.crs)
    assert drawn.own
    # On the ground that it was drawn on, atom by atom.
    again = fitting.proposed(there, plan, drawn, fitting.gathered(drawn, there.ground))
    assert codes(again.plan) == codes(plan)
    assert (again.misfits, again.new, again.gone) == ((), (), ())
    # On a ground that nobody has cut, the same grids, with the same people in them.
    fresh = taken(street, drawn, cut=True)
    assert faults(fresh.there.ground, fresh.plan, None) == []
    back = exports.grids(whole(fresh.there, fresh.plan), "p@1")
    same = ["code", "households", "people", "cases", "buildings", "state", "before"]
    assert back[same].to_dict("list") == frame[same].to_dict("list")
    off = shapely.hausdorff_distance(np.array(frame.geometry), np.array(back.geometry))
    assert off.max() < 0.06


def test_without_cuts_each_atom_goes_where_most_of_it_lies_and_the_rest_is_told(
    street: Grounded, tmp_path: Path
) -> None:
    there, plan = edited(street, [(1, 3)])
    frame = exports.grids(whole(there, plan), "p@1")
    drawn = importing.read(written(tmp_path, "grids.gpkg", frame), street.crs)
    made = fitting.proposed(street, street.today, drawn, fitting.gathered(drawn, street.ground))
    through = [each for each in made.misfits if each.kind == "through"]
    assert through
    assert all(each.area_m2 > 1 for each in through)
    assert len(made.plan.grid) == len(street.ground)
    assert faults(street.ground, made.plan, street.today) == []


def test_polygons_without_codes_take_those_of_the_grids_they_share_most_with(
    street: Grounded, tmp_path: Path
) -> None:
    frame = exports.grids(whole(street, street.today), "p@1")[["geometry"]]
    drawn = importing.read(written(tmp_path, "grids.geojson", frame), street.crs)
    assert not drawn.own
    made = fitting.proposed(street, street.today, drawn, fitting.gathered(drawn, street.ground))
    assert codes(made.plan) == codes(street.today)


def test_a_messy_drawing_is_cleaned_and_covers_every_atom(street: Grounded, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    frame = exports.grids(whole(street, street.today), "p@1").drop(columns="plan")
    middles = shapely.get_coordinates(shapely.centroid(np.array(frame.geometry)))
    shaken = [
        shapely.transform(shape, lambda at, c=c, k=k, by=by: (at - c) * k + c + by)
        for shape, c, k, by in zip(
            frame.geometry,
            middles,
            random.uniform(0.996, 1.004, len(frame)),
            random.uniform(-0.6, 0.6, (len(frame), 2)),
            strict=True,
        )
    ]  # overlaps and gaps of a metre everywhere
    assert not shapely.coverage_is_valid(shaken)
    drawn = importing.read(
        written(tmp_path, "grids.gpkg", frame.set_geometry(shaken, crs=frame.crs)), street.crs
    )
    outlines = fitting.gathered(drawn, street.ground)
    assert shapely.coverage_is_valid(outlines.shapes)
    made = fitting.proposed(street, street.today, drawn, outlines)
    assert codes(made.plan) == codes(street.today)


def test_part_of_a_street_leaves_the_rest_as_it_is(street: Grounded, tmp_path: Path) -> None:
    frame = exports.grids(whole(street, street.today), "p@1").iloc[:2]
    drawn = importing.read(written(tmp_path, "grids.parquet", frame), street.crs)
    made = fitting.proposed(street, street.today, drawn, fitting.gathered(drawn, street.ground))
    assert codes(made.plan) == codes(street.today)
    assert (made.read, made.used) == (2, 2)
    assert [each.kind for each in made.misfits] == ["bare"]


def test_a_scenario_takes_a_file_over_in_one_step_that_can_be_undone(
    plans: Scenarios, key: str, street: Grounded, tmp_path: Path
) -> None:
    there, plan = edited(street, [(1, 3), (0, 9)])
    frame = exports.grids(whole(there, plan), "p@1")
    drawn = importing.read(written(tmp_path, "grids.gpkg", frame), street.crs)
    given = {"do": "import", "drawn": drawn, "cut": True}
    assert plans.attempt(key, "", given).refused is None
    made = plans.do(key, "", given, "li", "grids.gpkg")
    back = exports.grids(whole(made.grounded, made.plan), "p@1")
    assert back["households"].tolist() == frame["households"].tolist()
    again = type(plans)(tmp_path / "data").opened(key)
    assert again.plan.key == made.plan.key
    assert again.grounded.ground.key == made.grounded.ground.key
    assert codes(plans.undo(key, made.head, "li").plan) == codes(made.grounded.today)


def geojson(folder: Path, shapes: list[Any], **columns: Any) -> Path:  # noqa: ANN401
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)
    path = folder / "草图.geojson"
    path.write_bytes(writing.to_geojson(frame, NOTES))
    return path


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda box: ([shapely.Point(116, 39), box], {"code": ["a", "b"]}), "feature 1 is no area"),
        (lambda box: ([None, box], {"code": ["a", "b"]}), "feature 1 has no shape"),
        (lambda box: ([box, box], {"code": ["a", ""]}), "feature 2 has no code in code"),
        (
            lambda _: ([shapely.box(10, 10, 11, 11)], {"code": ["a"]}),
            "no grid of it lies on the land",
        ),
        (lambda box: ([box], {"code": ["102001001"]}), "row 1: grid 102001001 has the code of a"),
        (lambda box: ([box], {"code": ["101002001"]}), "lies in community 101001, its code is of"),
    ],
)
def test_a_bad_file_is_refused_by_file_row_and_grid(
    street: Grounded,
    tmp_path: Path,
    build: Callable[[Any], tuple[list[Any], dict[str, list[str]]]],
    told: str,
) -> None:
    first = shapely.coverage_union_all(street.ground.shapes[street.today.atoms(0)])
    shapes, columns = build(degrees(street, np.array([first]))[0])
    path = geojson(tmp_path, shapes, **columns)
    with pytest.raises(DrawingError) as refused:
        fitted(street, path)
    assert told in refused.value.en
    assert refused.value.en.startswith("草图.geojson")
    assert refused.value.zh.startswith("草图.geojson：")


def fitted(street: Grounded, path: Path) -> fitting.Proposal:
    drawn = importing.read(path, street.crs)
    outlines = fitting.gathered(drawn, street.ground)
    return fitting.proposed(street, street.today, drawn, outlines)


def test_a_grid_too_small_for_any_atom_is_named(street: Grounded, tmp_path: Path) -> None:
    middle = degrees(street, shapely.point_on_surface(street.ground.shapes[:1]))[0]
    path = geojson(tmp_path, [middle.buffer(2e-6)], code=["1010019"])
    with pytest.raises(DrawingError, match="grid 1010019 has no parcel with most"):
        fitted(street, path)


def test_what_the_refusal_of_a_small_grid_names_lets_it_in(
    street: Grounded, tmp_path: Path
) -> None:
    largest = int(np.argmax(street.ground.area_m2))
    spot = shapely.point_on_surface(street.ground.shapes[largest])
    wide, tiny = degrees(street, np.array([spot.buffer(40), spot.buffer(0.3)]))
    drawn = importing.read(geojson(tmp_path, [wide], code=["1010019"]), street.crs)
    with pytest.raises(DrawingError, match="set 'Cut parcels along the borders' to Yes"):
        taken(street, drawn, cut=False)
    made = taken(street, drawn, cut=True)
    assert "1010019" in {made.plan.codes[number] for number in made.plan.living}
    drawn = importing.read(geojson(tmp_path, [tiny], code=["1010019"]), street.crs)
    with pytest.raises(DrawingError, match="too small to cut a parcel out"):
        taken(street, drawn, cut=True)


def test_ground_that_two_grids_of_a_file_cover_is_told_with_its_area(
    street: Grounded, tmp_path: Path
) -> None:
    frame = exports.grids(whole(street, street.today), "p@1").drop(columns="plan")
    wider = frame.set_geometry(frame.geometry.buffer(20), crs=frame.crs)
    drawn = importing.read(written(tmp_path, "grids.gpkg", wider), street.crs)
    made = fitting.proposed(street, street.today, drawn, fitting.gathered(drawn, street.ground))
    told = {
        frozenset((each.grid, each.other)): each for each in made.misfits if each.kind == "twice"
    }
    shapes = dict(zip(wider["code"], wider.geometry, strict=True))
    common = {
        frozenset((one, two)): shapes[one].intersection(shapes[two]).area
        for one in shapes for two in shapes if one < two and shapes[one].intersects(shapes[two])
    }  # fmt: skip
    assert {pair: each.area_m2 for pair, each in told.items()} == pytest.approx(common, rel=1e-3)
    rows = dict(zip(drawn.codes, drawn.rows, strict=True))
    assert all(rows[each.other] == each.other_row for each in told.values())
    assert made.misfits[0].kind == "twice"


def test_some_words_of_a_file_are_kept_as_they_were_decoded(
    street: Grounded, tmp_path: Path
) -> None:
    frame = exports.grids(whole(street, street.today), "p@1")
    path = written(tmp_path, "grids.zip", frame)
    assert set(importing.read(path, street.crs).names) <= set(frame["name_zh"])
    wrong = importing.read(path, street.crs, importing.Said(encoding="latin-1")).names
    assert not set(wrong) & set(frame["name_zh"])


def test_what_is_no_file_of_grids_is_refused(street: Grounded, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("code,households\n1,2\n", encoding="utf-8")
    with pytest.raises(DrawingError, match=r"rows\.csv: holds no polygons"):
        importing.read(table, street.crs)
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"SQLite format 3\0" + b"?" * 200)
    with pytest.raises(ImportRefusedError, match=r"broken\.gpkg"):
        importing.read(broken, street.crs)


def test_metres_without_a_system_must_be_named_and_shifted_degrees_are_understood(
    street: Grounded, tmp_path: Path
) -> None:
    frame = exports.grids(whole(street, street.today), "p@1")
    bare = tmp_path / "bare.zip"
    with zipfile.ZipFile(io.BytesIO(writing.to_shp(frame, NOTES))) as full, \
            zipfile.ZipFile(bare, "w") as less:  # fmt: skip
        for name in full.namelist():
            if not name.endswith(".prj"):
                less.writestr(name, full.read(name))
    with pytest.raises(DrawingError, match="name it, like EPSG:4547"):
        importing.read(bare, street.crs)
    named = importing.read(bare, street.crs, importing.Said(crs=street.crs))
    plain = importing.read(written(tmp_path, "grids.gpkg", frame), street.crs)
    assert (shapely.hausdorff_distance(named.shapes, plain.shapes) < 1e-6).all()
    with pytest.raises(DrawingError, match="EPSG:99 is not known"):
        importing.read(bare, street.crs, importing.Said(crs="EPSG:99"))
    shifted = importing.read(
        written(tmp_path, "grids.geojson", frame), street.crs, importing.Said(crs="GCJ-02")
    )
    off = shapely.distance(shapely.centroid(shifted.shapes[0]), shapely.centroid(plain.shapes[0]))
    assert 100 < off < 1_000


def test_a_shapefile_says_its_encoding_and_refuses_what_gbk_has_not(street: Grounded) -> None:
    frame = exports.grids(whole(street, street.today), "p@1")
    with zipfile.ZipFile(io.BytesIO(writing.to_shp(frame, NOTES, "gbk"))) as archive:
        assert archive.read("grids.cpg") == b"GBK"
        assert "101001001号".encode("gbk") in archive.read("grids.dbf")
    assert writing.to_shp(frame, NOTES, "gbk") == writing.to_shp(frame, NOTES, "gbk")
    rare = frame.assign(name_zh="𠮷家网格")
    with pytest.raises(RequestError, match="grid 101001001: name_zh has '𠮷', which GBK has not"):
        writing.to_shp(rare, NOTES, "gbk")
    assert writing.to_shp(rare, NOTES, "utf-8")


def test_the_register_lists_each_building_that_changes_and_who_looks_after_it(
    made: City, street: Grounded
) -> None:
    there, plan = edited(street, [(0, 2)])
    moved = whole(there, plan)
    (gone,) = moved.gone()
    officers = {code: f"officer of {code}" for code in there.today.codes}
    table = exports.register(moved, officers, made)
    inside = there.today.grid[there.buildings.atom] == there.today.number(gone)
    assert sorted(table["building"]) == sorted(there.buildings.id[inside])
    assert table["households"].sum() == there.buildings.households[inside].sum()
    assert set(table["grid_before"]) == {gone}
    assert set(table["officer_before"]) == {officers[gone]}
    assert (table["officer_after"] == table["grid_after"].map(officers)).all()
    ledger = exports.ledger(moved, officers, there.ground.load())
    assert len(ledger) == len(plan.living)
    assert ledger["households"].sum() == there.ground.households.sum()
    assert sorted(ledger["state"].value_counts().items()) == [("changed", 1), ("kept", 14)]


def test_only_the_asked_communities_are_in_a_file(street: Grounded) -> None:
    one = replace(whole(street, street.today), communities=np.array([1], dtype=np.int32))
    assert exports.grids(one, "p@1")["community"].unique().tolist() == ["101002"]


def test_names_of_files_do_not_matter(street: Grounded, tmp_path: Path) -> None:
    frame = exports.grids(whole(street, street.today), "p@1")
    path = written(tmp_path, "grids.gpkg", frame)
    shutil.copy(path, tmp_path / "无扩展名")
    assert importing.read(tmp_path / "无扩展名", street.crs).codes == tuple(frame["code"])


def test_many_grids_on_one_spot_are_refused_before_each_two_of_them_are_compared(
    street: Grounded, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, spot = 600, shapely.box(*fitting.land_of(street.ground).box)
    names, rows = tuple(f"G{n}" for n in range(count)), tuple(range(1, count + 1))
    shapes = np.array([spot] * count, dtype=object)
    drawn = Drawn("layers.gpkg", shapes, names, rows, street.crs, "", own=False)
    monkeypatch.setattr(fitting, "twice", None)
    with pytest.raises(DrawingError, match="its grids lie over each other"):
        fitting.gathered(drawn, street.ground)


@pytest.mark.parametrize("name", ["grids.geojson", "grids.gpkg"])
def test_of_a_file_of_a_street_a_community_takes_its_own_grids(
    street: Grounded, made: City, tmp_path: Path, name: str
) -> None:
    """Rounded coordinates of neighbours lie a hair over the border: they are none of its grids."""
    frame = exports.grids(whole(street, street.today), "p@1")
    inner = grounds.opened(grounds.folder_of(made), "101001")
    drawn = importing.read(written(tmp_path, name, frame), inner.crs)
    outlines = fitting.gathered(drawn, inner.ground)
    taken = fitting.proposed(inner, inner.today, drawn, outlines, cut=True)
    assert codes(taken.plan) == codes(inner.today)
    assert (taken.read, taken.used, taken.misfits) == (16, 4, ())


def test_what_rounding_leaves_along_borders_is_one_figure_and_no_list(
    street: Grounded, tmp_path: Path
) -> None:
    frame = exports.grids(whole(street, street.today), "p@1")
    exact = fitted(street, written(tmp_path, "grids.gpkg", frame))
    assert (exact.misfits, exact.stripped) == ((), 0)
    moved = frame.set_geometry(frame.geometry.translate(0.04, 0.03), crs=frame.crs)
    rounded = fitted(street, written(tmp_path, "grids.gpkg", moved))
    assert rounded.misfits == ()
    assert rounded.stripped == len(frame) - 1, "what one of them has lies beyond the land"
    borders = 3 * 4 * SIDE_M / 4  # between the grids, in either direction
    assert rounded.strips_m2 == pytest.approx((0.04 + 0.03) * borders, rel=0.01)
