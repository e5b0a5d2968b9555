"""Plans leave as files, come back, are shown on the overview, and wait for their day."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import geopandas as gpd
import pytest
from python_calamine import CalamineWorkbook

from dashboard import divided
from dashboard.server.planning import files, law, previews
from dashboard.server.planning.filenames import safe
from geodata.desk import job
from geodata.desk.__main__ import main
from geodata.store import drawings
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from geodata.paper.typeset import Sheet

    Ask = Callable[..., dict[str, Any]]

MAGIC: Final = {
    "gpkg": b"SQLite format 3", "shp": b"PK", "geojson": b"{", "parquet": b"PAR1", "xlsx": b"PK",
    "csv": b"\xef\xbb\xbf", "pdf": b"%PDF",
}  # fmt: skip
MERGED: Final = {"do": "merge", "survivor": "9911001", "other": "9911002"}


@pytest.fixture
def merged(ask: Ask, plan: str) -> str:
    """A scenario in which two grids are one."""
    ask("do", op=MERGED)
    return plan


@pytest.mark.parametrize("kind", sorted(MAGIC))
def test_every_kind_of_file_is_what_it_is_called(
    client: FlaskClient, merged: str, kind: str
) -> None:
    answer = client.get(f"/export/plan/{merged}.{kind}?at=9911&lang=zh")
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(MAGIC[kind])
    assert f"{merged}-" in answer.headers["Content-Disposition"]


def test_files_are_named_after_plan_place_and_encoding(client: FlaskClient, merged: str) -> None:
    names = {}
    for query in ("shp?encoding=gbk", "shp?encoding=utf-8", "csv?at=9911"):
        address = f"/export/plan/{merged}.{query}&lang=zh"
        header = client.get(address).headers["Content-Disposition"]
        assert header.isascii()
        names[query] = unquote(header.partition("filename*=UTF-8''")[2])
    assert names["shp?encoding=gbk"].startswith("网格界线_方案A_")
    assert "_GBK_" in names["shp?encoding=gbk"]
    assert "_UTF-8_" in names["shp?encoding=utf-8"]
    assert names["csv?at=9911"].startswith("变更登记表_方案A_")
    assert safe(' 方案<2>/甲："x"\n*.. ') == "方案-2-甲-x"
    assert len(set(names.values())) == 3


def test_files_say_what_they_are_of_in_the_language_of_the_page(
    client: FlaskClient, merged: str
) -> None:
    rows = list(csv.reader(io.StringIO(
        client.get(f"/export/plan/{merged}.csv?lang=en").data.decode("utf-8-sig")
    )))  # fmt: skip
    assert rows[0][:2] == ["Building code", "Name"]
    changed = rows[1 : rows.index([])]
    assert {(row[7], row[10]) for row in changed} == {("9911002", "9911001")}
    assert rows[0][8] == "Name of the grid before"
    assert all(row[8] and row[8] != row[7] and row[11] for row in changed)
    assert ["Scenario", f"方案A ({merged})"] in rows
    content = client.get(f"/export/plan/{merged}.xlsx?lang=zh").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names[0] == "网格台账"
    head, *ledger = book.get_sheet_by_index(0).to_python()
    assert head[0] == "网格编码"
    assert {row[0] for row in ledger} == {"9911001", "9912001", "9912002", "9912003"}
    assert {row[11] for row in ledger} == {"调整", "不变"}
    packed = client.get(f"/export/plan/{merged}.shp?encoding=gbk").data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read("grids.cpg") == b"GBK"


def test_the_sheet_has_the_figures_of_the_desk_and_the_households_of_its_grids(
    client: FlaskClient, merged: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Sheet] = []
    monkeypatch.setattr(files, "pdf", lambda sheet, _: seen.append(sheet) or b"%PDF")
    assert client.get(f"/export/plan/{merged}.pdf?at=9911&lang=zh").status_code == 200
    content = seen[0].content
    rows = ask("state?at=9911")["table"]["rows"]
    assert content["figures"] == [
        [row[name] for name in ("name", "before", "after", "change")] for row in rows
    ]
    assert all(label["note"].endswith("户") for each in content["maps"] for label in each["labels"])


def test_a_walk_sheet_is_of_one_community(client: FlaskClient, merged: str) -> None:
    sheet = client.get(f"/export/plan/{merged}/walk.pdf?at=9912&lang=zh")
    assert sheet.data.startswith(b"%PDF")
    several = client.get(f"/export/plan/{merged}/walk.pdf?lang=zh")
    assert several.status_code == 422
    assert "一个社区" in several.json["text"]
    assert client.get(f"/export/plan/{merged}/other.pdf").status_code == 404
    assert client.get(f"/export/plan/{merged}.doc").status_code == 404
    assert client.get("/export/plan/0000000000.gpkg").status_code == 404
    assert client.get(f"/export/plan/{merged}.shp?encoding=latin").status_code == 422


def test_what_was_exported_is_tried_and_taken_by_another_plan(
    client: FlaskClient, merged: str, ask: Ask
) -> None:
    content = client.get(f"/export/plan/{merged}.gpkg").data
    made = client.post("/api/plans?lang=zh", json={"name": "方案B", "scope": "991"}).json["id"]
    address = f"/api/plans/{made}/import?lang=zh&name=grids.gpkg"
    tried = client.post(address, data=content).json
    assert (tried["refused"], tried["gone"], tried["new"]) == (None, ["9911002"], [])
    assert (tried["own"], tried["misfits"], tried["read"]) == (True, [], 4)
    assert [each["code"] for each in tried["grids"]] == ["9911001", "9911002"]
    assert client.get(f"/api/plans/{made}/state").json["plan"]["undo"] == 0
    done = client.post(f"{address}&do=take", data=content)
    assert done.status_code == 200, done.text
    theirs = client.get(f"/api/plans/{made}/state").json["grids"]
    ours = ask("state?at=991")["grids"]
    assert [(each["code"], each["households"]) for each in theirs] == [
        (each["code"], each["households"]) for each in ours
    ]
    step = client.get(f"/api/plans/{made}/history?lang=zh").json["steps"][0]
    assert step["reason"] == "grids.gpkg"


def test_a_preview_tells_overlaps_and_how_the_file_was_read(
    client: FlaskClient, plan: str, tmp_path: Path
) -> None:
    source = tmp_path / "grids.gpkg"
    source.write_bytes(client.get(f"/export/plan/{plan}.gpkg?at=9912").data)
    frame = gpd.read_file(source, layer="grids")[["code", "name_zh", "geometry"]]
    wider = frame.set_geometry(frame.geometry.buffer(20, join_style="mitre"))
    content = wider.to_crs(4326).to_json(drop_id=True).encode()
    address = f"/api/plans/{plan}/import?lang=zh&name=grids.geojson&cut=no"
    told = client.post(address, data=content).json
    twice = [each for each in told["misfits"] if each["kind"] == "twice"]
    assert twice
    assert all(each["area_m2"] > 100 and "重叠" in each["text"] for each in twice)
    assert told["overlaps"].replace("\u2009", "").startswith(f"文件中的网格相互重叠{len(twice)}处")
    assert told["crs_name"].replace("\u2009", " ") == "WGS 84 经纬度"
    assert told["encoding_name"].startswith("UTF-8")
    assert frame["name_zh"][0] in told["sample"]


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "WGS 84 经纬度"),
        ("EPSG:4490", "CGCS2000 经纬度"),
        ("EPSG:4547", "CGCS2000 高斯投影（中央经线 114E）"),
        ("EPSG:4523", "CGCS2000 高斯投影（中央经线 105E，横坐标带带号 35）"),
        ("gcj02", "GCJ-02 经纬度"),
        ("EPSG:4610", "Xian 1980"),
    ],
)
def test_coordinate_systems_are_told_as_people_call_them(given: str, called: str) -> None:
    assert previews.system(given, "zh").replace("\u2009", " ") == called


def test_areas_are_told_in_the_unit_of_their_size() -> None:
    told = [previews.area(m2, "en") for m2 in (812.4, 55_800, 10_840_000)]
    assert told == ["812 m²", "5.6 ha", "10.84 km²"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "rows.csv：没有面要素"), ("en", "rows.csv: holds no polygons")],
)
def test_a_file_without_grids_is_refused_in_words(
    client: FlaskClient, plan: str, lang: str, said: str
) -> None:
    answer = client.post(f"/api/plans/{plan}/import?lang={lang}&name=rows.csv", data=b"a,b\n1,2\n")
    assert answer.status_code == 422
    assert answer.json["why"] == "file"
    assert said in answer.json["text"]


def test_the_overview_is_shown_under_a_draft(
    client: FlaskClient, merged: str, planned_dir: Path
) -> None:
    answer = client.get(f"/plan/{merged}/shown?at=9911&lang=zh")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/?at=9911&bv=draft.{merged}&lang=zh"
    dark = client.get(f"/plan/{merged}/shown?at=9911&lang=zh&theme=dark")
    assert dark.headers["Location"].endswith("&lang=zh&theme=dark")
    city = open_city(planned_dir)
    division = divided.find(f"draft.{merged}", city, city.now())
    assert division is not None
    assert (division.name_zh, division.name_en) == ("草案“方案A”", "draft '方案A'")
    assert divided.asked_for(division) == f"draft.{merged}"
    assert division in divided.offered(city)
    units = client.get(f"/units/{city.id}.{division.key}/grid.json")
    assert "9911002" not in units.json["code"]
    answer = client.get(f"/export/map.geojson?bv=draft.{merged}&lv=grid")
    assert answer.status_code == 200, answer.text
    drawn = gpd.read_file(io.BytesIO(answer.data))
    assert len(drawn) == 4
    with pytest.raises(KeyError):
        divided.find("draft.0000000000", city, city.now())


def test_an_approved_plan_is_coming_until_its_day(
    client: FlaskClient, ask: Ask, merged: str, planned_dir: Path
) -> None:
    assert ask("law")["state"] == "none"
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    for state in ("community", "street", "district"):
        ask("move", to=state, reason="同意")
    ask("move", to="published", reason="同意", effective=day)
    told = ask("law")
    assert (told["state"], told["since"]) == ("coming", day)
    assert told["text"].endswith("起生效")
    posted = client.post(f"/api/plans/{merged}/law?lang=en", data=b"")
    assert posted.json["state"] == "coming"
    assert not drawings.home_of(planned_dir, merged).exists()


def test_the_keeper_begins_what_is_due_once_a_day(
    planned_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(law, "begin", lambda _desk, _dir, plan: begun.append(plan))
    monkeypatch.setattr(law.lawful, "due", lambda *_: ["a1", "b2"])
    holder: Any = type("Holder", (), {
        "current": lambda _: type("Held", (), {"city": open_city(planned_dir)})()
    })()  # fmt: skip
    keeper = law.Keeper(planned_dir, holder)
    assert [keeper.look() for _ in range(3)] == [True, True, False]
    assert begun == ["a1", "b2"]


def test_a_plan_that_cannot_be_published_says_why(
    planned_dir: Path, client: FlaskClient, merged: str
) -> None:
    home = drawings.home_of(planned_dir, merged)
    home.mkdir(parents=True)
    main(law.lawful.TASK, home)  # as the desk's child does
    told = job(home)
    assert "was not approved" in told.fault
    assert "尚未批准" in told.fault_zh
    assert client.get(f"/api/plans/{merged}/law?lang=zh").json["state"] == "none"
