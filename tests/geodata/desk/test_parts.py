from __future__ import annotations

from geodata.desk.parts import parts, wholes

NAMES = ("路.shp", "路.DBF", "路.shx", "路.cpg", "路.shp.xml", "路.csv", "河.dbf", "a.geojson")


def test_a_shapefile_is_one_with_what_belongs_to_it() -> None:
    assert parts("路.shp", NAMES) == ("路.shp", "路.DBF", "路.cpg", "路.shp.xml", "路.shx")
    assert parts("路.csv", NAMES) == ("路.csv",)


def test_what_stands_for_itself_is_listed_once() -> None:
    assert list(wholes(NAMES)) == ["路.shp", "路.csv", "河.dbf", "a.geojson"]
