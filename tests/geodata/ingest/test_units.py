from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geodata.ingest import draft_from_profile
from geodata.model.errors import ImportRefusedError
from geodata.report.account import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("bare")
LIST = """
  {key = "spot", name_zh = "点", name_en = "Spot", geometry = false, sources = [
    {path = "spots.csv", where = {city = "t"}, code_digits = {parent = 2}, COLUMNS}]},
]
"""


LIST = LIST.replace("COLUMNS", 'columns = {code = "c", parent = "p", name_zh = "n", people = "m"}')


def test_a_city_without_an_outline_is_the_union_of_its_areas(files: Any) -> None:  # noqa: ANN401
    files.cases([])
    city = files.publish()
    assert city.places["name_zh"].tolist() == ["试验市", "东片", "西片"]
    assert city.places["name_en"].tolist() == ["Try", "Dongpian", "Xipian"]
    assert city.places.geometry.iloc[0].bounds == (0, 0, 2, 1)
    assert city.places["parent"].tolist() == [-1, 0, 0]


def test_every_row_is_kept_or_rejected_by_name(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    crooked = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}
    files.areas(
        [
            feature("一", 0),
            {**feature("二", 1), "geometry": bow},
            {**feature("三", 1), "geometry": None},
            {**feature("四", 1), "geometry": crooked},
            feature("一", 2),
            feature("五", 2, id=None),
        ]
    )
    files.cases([])
    city = files.publish()
    assert city.places["name_zh"].tolist()[1:] == ["一", "三", "二", "四"]
    areas = city.findings[city.findings["file"] == "areas.geojson"]
    assert account(areas) == {
        ("read", "read"): 6,
        ("rejected", "code_missing"): 1,
        ("rejected", "code_twice"): 1,
        ("kept", "geometry_missing"): 2,
        ("kept", "geometry_not_understood"): 1,
        ("repaired", "invalid_polygon"): 1,
    }
    assert (areas.loc[areas["action"] != "read", "cure"] != "").all()
    rejected = areas[areas["action"] == "rejected"].set_index("reason")["row"]
    assert rejected.to_dict() == {"code_twice": 5, "code_missing": 6}
    assert city.places.geometry.is_valid[city.places.geometry.notna()].all()


def test_lists_without_geometry_hang_under_their_parents(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    files.areas([feature("甲", 0, id=11), feature("乙", 1, id=12)])
    rows = ["c,p,n,m,city", "1101,1199,甲一村,7,t", "1201,12,乙一,,t", "1301,13,丙,,t", "9,9,外,,z"]
    (files.folder / "spots.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    head = (files.profile().read_text(encoding="utf-8")).split("]\n\n[[incidents]]")[0]
    city = files.publish(head + LIST)
    assert city.places["code"].tolist() == ["t", "11", "1101", "12", "1201"]
    assert city.places["people"].tolist() == [-1, -1, 7, -1, -1]
    assert city.tree.next_level(1) == "spot"
    spots = city.findings[city.findings["file"] == "spots.csv"]
    assert account(spots) == {
        ("read", "read"): 4,
        ("rejected", "parent_not_found"): 1,
        ("set_aside", "belongs_elsewhere"): 1,
    }
    (file,) = [each for each in accounts(city.findings) if each.name == "spots.csv"]
    (lost,) = [each for each in file.reasons if each.key == "parent_not_found"]
    assert lost.place("en").endswith("parent 13")


def test_parents_not_named_are_found_around_the_unit(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    small = feature("s", 1.2)
    files.areas([small, feature("far", 9)], "spots.geojson")
    level = """
  {key = "spot", name_zh = "点", name_en = "Spot", sources = [
    {path = "spots.geojson", columns = {name_en = "name"}}]},
]
"""
    head = (files.profile().read_text(encoding="utf-8")).split("]\n\n[[incidents]]")[0]
    city = files.publish(head + level)
    spot = city.tree.find("s")
    assert city.places["name_zh"].iloc[city.tree.parent(spot)] == "东片"
    assert (city.findings["reason"] == "parent_not_found").sum() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("areas.geojson", b"{", "breaks off being JSON"),
        ("areas.geojson", b"<OGRVRTDataSource/>", "only points at other files"),
        ("areas.geojson", b"[1]", "holds no feature at all"),
        ("areas.geojson.gz", b"plain", "contents are no gzip archive"),
        ("areas.parquet", b"PAR1", "is damaged"),
        ("areas.shp", b"", "is empty"),
        ("areas.csv", b"a,b\n1,2", "has no column id, name; it has a, b"),
        ("missing.csv", None, "cannot be read"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_their_name(
    files: Any,  # noqa: ANN401
    name: str,
    content: bytes | None,
    words: str,
) -> None:
    if content is not None:
        (files.folder / name).write_bytes(content)
    text = files.profile().read_text(encoding="utf-8").replace("areas.geojson", name)
    with pytest.raises(ImportRefusedError, match=words) as refused:
        draft_from_profile(files.profile(text))
    assert name in str(refused.value)


def test_metres_without_a_declared_crs_are_refused(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    files.areas([feature("a", 400_000)])
    with pytest.raises(ImportRefusedError, match="declare its crs"):
        draft_from_profile(files.profile())
    text = files.profile().read_text(encoding="utf-8")
    unknown = text.replace('"areas.geojson"', '"areas.geojson", crs = "EPSG:0"')
    with pytest.raises(ImportRefusedError, match="EPSG:0 is not known"):
        draft_from_profile(files.profile(unknown))


def test_paths_hold_variables(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    files.cases([])
    text = 'root = "${TRY_ROOT}"\n' + files.profile().read_text(encoding="utf-8")
    monkeypatch.delenv("TRY_ROOT", raising=False)
    with pytest.raises(ImportRefusedError, match="environment variable TRY_ROOT"):
        draft_from_profile(files.profile(text))
    monkeypatch.setenv("TRY_ROOT", str(files.folder))
    assert len(draft_from_profile(files.profile(text)).units) == 3
