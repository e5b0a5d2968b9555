"""A file that does not lie on its plan is refused with where it lies and what would help."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.scenarios import exports, fitting, grounds, importing, landing, writing
from geodata.scenarios.exports import Moved
from geodata.scenarios.importing import Said
from geodata.scenarios.refused import DrawingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.scenarios.drawn import Drawn
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Floats = np.ndarray

OWN: Final = "EPSG:4548"  # of the town


@pytest.fixture(scope="module")
def street(made: City) -> Grounded:
    return grounds.opened(grounds.folder_of(made), "101")


@pytest.fixture(scope="module")
def frame(street: Grounded) -> gpd.GeoDataFrame:
    moved = Moved(street, street.today, np.arange(len(street.ground.communities), dtype=np.int32))
    return exports.grids(moved, "p@1")[["code", "geometry"]]


def bare(folder: Path, frame: gpd.GeoDataFrame, ending: str = ".zip") -> Path:
    """A shapefile without its .prj; or what it holds of shapes alone."""
    whole = folder / "whole.zip"
    whole.write_bytes(writing.to_shp(frame, [("方案", "试拟")]))
    path = folder / f"bare{ending}"
    with zipfile.ZipFile(whole) as full:
        if ending == ".shp":
            path.write_bytes(full.read("grids.shp"))
            return path
        with zipfile.ZipFile(path, "w") as less:
            for name in full.namelist():
                if not name.endswith(".prj"):
                    less.writestr(name, full.read(name))
    return path


def turned(at: Floats) -> Floats:
    return at[:, ::-1]


def read(street: Grounded, path: Path, crs: str = "") -> Drawn:
    land = fitting.land_of(street.ground)
    return importing.read(path, land.crs, Said(crs=crs), land.box)


def refused(street: Grounded, path: Path, crs: str = "") -> DrawingError:
    with pytest.raises(DrawingError) as found:
        read(street, path, crs)
    return found.value


def test_metres_that_fit_the_plans_own_system_are_told_so_and_not_guessed(
    street: Grounded, frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = bare(tmp_path, frame)
    told = refused(street, path)
    assert f"its coordinates fit the plan's own {OWN}: choose it under" in told.en
    assert f"其坐标与本方案所用的 {OWN} 相符，请在“坐标系”中选择它" in told.zh
    assert len(read(street, path, "4548").shapes) == len(frame)  # a bare code will do


def test_shapes_alone_are_told_to_bring_the_rest(
    street: Grounded, frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    told = refused(street, bare(tmp_path, frame, ".shp"))
    assert "hand in the whole shapefile as a ZIP" in told.en
    assert ".prj" in told.zh


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        ("EPSG:4547", ("(CGCS2000 / 3-degree Gauss-Kruger CM 114E): choose it", "选择它")),
        ("EPSG:3857", ("(WGS 84 / Pseudo-Mercator): choose 'Another…'", "选“其他”并填写")),
    ],
)
def test_metres_of_another_system_have_it_named(
    street: Grounded, frame: gpd.GeoDataFrame, tmp_path: Path, crs: str, told: tuple[str, str]
) -> None:
    found = refused(street, bare(tmp_path, frame.to_crs(crs)))
    assert f"fit {crs} {told[0]}" in found.en
    assert f"其坐标与 {crs}（" in found.zh
    assert told[1] in found.zh


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda at: at + 300_000, ("fit neither the plan's own EPSG:4548 nor", "均不相符")),
        (turned, ("look turned round: the other way they fit EPSG:4548", "疑似写反")),
    ],
)
def test_metres_of_no_system_here_are_told_so(
    street: Grounded,
    frame: gpd.GeoDataFrame,
    tmp_path: Path,
    change: Callable[[Floats], Floats],
    told: tuple[str, str],
) -> None:
    shapes = shapely.transform(np.array(frame.geometry), change)
    found = refused(street, bare(tmp_path, frame.set_geometry(shapes, crs=frame.crs)))
    assert told[0] in found.en
    assert told[1] in found.zh


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        ("EPSG:4547", (r"it lies about \d+ km west of its middle", r"方案中心以西约 \d+ 公里处")),
        (
            "EPSG:32618",
            (r"about 1\d,\d+ km away, at 39\.\d°N 7\d\.\d°W", r"西经 7\d\.\d°，北纬 39"),
        ),
        ("EPSG:4490", ("that system has degrees, but the file has metres", "而文件的坐标单位为米")),
        ("EPSG:4513", ("its coordinates are nowhere on earth", "坐标不在地球上")),
    ],
)
def test_a_wrong_system_is_told_by_where_the_file_lands(
    street: Grounded, frame: gpd.GeoDataFrame, tmp_path: Path, crs: str, told: tuple[str, str]
) -> None:
    found = refused(street, bare(tmp_path, frame), crs)
    assert re.search(told[0], found.en), found.en
    assert re.search(told[1], found.zh), found.zh
    assert f"; its coordinates fit the plan's own {OWN}: choose it" in found.en
    assert f"；其坐标与本方案所用的 {OWN} 相符，请在“坐标系”中选择它" in found.zh


def test_what_a_file_declares_wrongly_is_told_alike(
    street: Grounded, frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "grids.gpkg"
    wrong = frame.set_crs("EPSG:4547", allow_override=True)
    path.write_bytes(writing.to_gpkg(wrong, [("方案", "试拟")]))
    told = refused(street, path)
    assert "read as EPSG:4547" in told.en
    assert "the plan's own EPSG:4548" in told.en
    assert len(read(street, path, OWN).shapes) == len(frame)


def test_degrees_are_told_from_metres(
    street: Grounded, frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    degrees = frame.to_crs("EPSG:4326")
    path = tmp_path / "grids.geojson"
    path.write_bytes(writing.to_geojson(degrees, [("方案", "试拟")]))
    assert "its coordinates fit EPSG:4326" in refused(street, path, OWN).en
    assert len(read(street, path).shapes) == len(frame)


def test_coordinates_that_are_no_numbers_are_nowhere(street: Grounded) -> None:
    land = fitting.land_of(street.ground)
    ring = [(np.inf, 0), (np.inf, 1), (0, np.inf), (np.inf, 0)]
    with pytest.raises(DrawingError, match="nowhere on earth"):
        landing.astray("a.gpkg", np.array([shapely.Polygon(ring)]), OWN, land)


def test_grids_beside_a_plan_are_told_how_far_they_are(street: Grounded, tmp_path: Path) -> None:
    land = fitting.land_of(street.ground)
    _, south, east, north = land.box
    beside = gpd.GeoDataFrame(
        {"code": ["a"]}, geometry=[shapely.box(east + 20, south, east + 40, north)], crs=land.crs
    )
    path = tmp_path / "grids.gpkg"
    path.write_bytes(writing.to_gpkg(beside, [("方案", "试拟")]))
    told = refused(street, path)
    assert " m east of its middle; check that it is of this place" in told.en
    assert "方案中心以东约" in told.zh
    drawn = importing.read(path, land.crs)  # nobody has looked at where it lies
    with pytest.raises(DrawingError, match="no grid of it lies on the land"):
        fitting.gathered(replace(drawn, codes=("",)), street.ground)
