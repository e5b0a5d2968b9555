"""The import of grids: which coordinate systems it offers, and how a wrong one is told."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata import crs as shifted
from geodata.scenarios import fitting, writing

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.dashboard.server.planning.conftest import Ask

OWN = "EPSG:4544"


@pytest.fixture
def bare(client: FlaskClient, plan: str, tmp_path: Path) -> bytes:
    """The grids of the plan in its own metres, as a shapefile that does not say so."""
    source = tmp_path / "grids.gpkg"
    source.write_bytes(client.get(f"/export/plan/{plan}.gpkg").data)
    frame = gpd.read_file(source, layer="grids")[["code", "geometry"]]
    out = io.BytesIO()
    whole = io.BytesIO(writing.to_shp(frame, [("方案", "试拟")]))
    with zipfile.ZipFile(whole) as full, zipfile.ZipFile(out, "w") as less:
        for name in full.namelist():
            if not name.endswith(".prj"):
                less.writestr(name, full.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["本方案所用：EPSG:4544 CGCS2000 高斯投影（中央经线 105E）",
                "EPSG:4490 经纬度（国家2000）"]),
        ("en", ["The scenario's own: EPSG:4544 CGCS2000 Gauss–Kruger, meridian 105E",
                "EPSG:4490 longitude, latitude (CGCS2000)"]),
    ],
)  # fmt: skip
def test_the_plans_own_system_is_offered_first_in_plain_words(
    client: FlaskClient, plan: str, lang: str, words: list[str]
) -> None:
    told = client.get(f"/api/plans/{plan}/import?lang={lang}").json["systems"]
    values = [each["value"] for each in told]
    assert values[:5] == [OWN, "EPSG:4490", "EPSG:4326", "GCJ-02", "BD-09"]
    assert values[5:] == ["EPSG:4543", "EPSG:4545", "EPSG:4523"]
    assert [each["word"].replace("\u2009", " ") for each in told[:2]] == words
    assert "35" in told[-1]["word"]  # the number before its eastings


def test_what_is_offered_is_asked_of_a_plan_that_is_there(client: FlaskClient, ask: Ask) -> None:
    offered = ask("import")
    assert offered["systems"]
    assert offered["most_bytes"] == 4 << 20
    assert client.get("/api/plans/0000000000/import").status_code == 404


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "其坐标与本方案所用的 EPSG:4544 相符"), ("en", "fit the plan's own EPSG:4544")],
)
def test_metres_without_a_system_are_refused_with_the_one_they_fit(
    client: FlaskClient, plan: str, bare: bytes, lang: str, said: str
) -> None:
    address = f"/api/plans/{plan}/import?lang={lang}&name=grids.zip"
    answer = client.post(address, data=bare)
    assert (answer.status_code, answer.json["why"]) == (422, "file")
    assert said in answer.json["text"].replace("\u2009", " ")
    wrong = client.post(f"{address}&crs=4547", data=bare)
    assert wrong.status_code == 422
    assert "EPSG:4547" in wrong.json["text"]
    assert said in wrong.json["text"].replace("\u2009", " ")
    assert client.post(f"{address}&crs=4544", data=bare).json["crs"] == OWN


@pytest.fixture
def aside(client: FlaskClient, plan: str, tmp_path: Path) -> gpd.GeoDataFrame:
    """The grids of the plan in degrees of a web map that say they are others."""
    source = tmp_path / "grids.gpkg"
    source.write_bytes(client.get(f"/export/plan/{plan}.gpkg").data)
    frame = gpd.read_file(source, layer="grids")[["code", "geometry"]].to_crs(4326)
    frame.geometry = shapely.transform(
        frame.geometry.array,
        lambda at: np.column_stack(shifted.from_wgs84("GCJ-02", at[:, 0], at[:, 1])),
    )
    return frame


def test_a_file_that_lies_aside_as_a_web_map_is_taken_on_trial_and_told_so(
    client: FlaskClient, plan: str, aside: gpd.GeoDataFrame
) -> None:
    data = aside.drop(columns="code").to_json().encode()
    address = f"/api/plans/{plan}/import?lang=zh&name=grids.geojson&cut=yes"
    told = client.post(address, data=data).json
    said = told["aside"].replace("\u2009", "").replace(" ", "")
    assert "按GCJ-02经纬度读取（整体移动约370米）" in said
    assert client.post(f"{address}&crs=GCJ-02", data=data).json["aside"] == ""


def test_a_refusal_of_such_a_file_names_the_system(
    client: FlaskClient, plan: str, aside: gpd.GeoDataFrame
) -> None:
    aside["code"] = list(reversed(aside["code"]))  # of other communities
    data = aside.to_json().encode()
    address = f"/api/plans/{plan}/import?lang=en&name=grids.geojson"
    answer = client.post(address, data=data)
    assert (answer.status_code, answer.json["why"]) == (422, "file")
    assert "code is of another" in answer.json["text"]
    assert "GCJ-02" in answer.json["text"]
    right = client.post(f"{address}&crs=GCJ-02", data=data)
    assert right.status_code == 422
    assert "GCJ-02" not in right.json["text"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "text.gpkg：文件名写作 GeoPackage（.gpkg），内容却不是"),
     ("en", "text.gpkg: ends in .gpkg, but its contents are no GeoPackage; export it anew")],
)  # fmt: skip
def test_a_text_named_as_a_geopackage_is_told_to_be_none(
    client: FlaskClient, plan: str, lang: str, said: str
) -> None:
    address = f"/api/plans/{plan}/import?lang={lang}&name=text.gpkg"
    answer = client.post(address, data=b"a text\n")
    assert answer.status_code == 422
    assert answer.json["text"].replace("\u2009", " ").startswith(said)


def test_what_rounding_leaves_along_borders_is_told_in_one_line(
    client: FlaskClient, plan: str, tmp_path: Path
) -> None:
    source = tmp_path / "grids.gpkg"
    source.write_bytes(client.get(f"/export/plan/{plan}.gpkg").data)
    exact = client.post(f"/api/plans/{plan}/import?name=grids.gpkg", data=source.read_bytes())
    assert (exact.json["misfits"], exact.json["strips"]) == ([], "")
    frame = gpd.read_file(source, layer="grids")
    frame.geometry = frame.geometry.translate(0.05, 0.05)
    data = frame.to_crs(4326).to_json().encode()
    told = {
        lang: client.post(f"/api/plans/{plan}/import?lang={lang}&name=a.geojson", data=data).json
        for lang in ("zh", "en")
    }
    assert told["zh"]["misfits"] == []
    assert "不逐处列出" in told["zh"]["strips"]
    assert "nowhere as wide as 1 m" in told["en"]["strips"]


@pytest.mark.parametrize("code", ["A/1", "<b>", "9911\n001", "网" * 65])
def test_a_code_that_no_address_takes_is_refused_with_its_row(
    client: FlaskClient, plan: str, tmp_path: Path, code: str
) -> None:
    """Such a grid could be neither commented on nor given land."""
    source, file = tmp_path / "grids.gpkg", tmp_path / "new.gpkg"
    source.write_bytes(client.get(f"/export/plan/{plan}.gpkg").data)
    frame = gpd.read_file(source, layer="grids")[["code", "geometry"]]
    frame.loc[0, "code"] = code
    frame.to_file(file, layer="grids")
    address = f"/api/plans/{plan}/import?name=new.gpkg&cut=no&do=take"
    for lang, words in (("zh", "编码不可用"), ("en", "that no address takes")):
        answer = client.post(f"{address}&lang={lang}", data=file.read_bytes())
        assert (answer.status_code, words in answer.json["text"]) == (422, True), answer.text
    assert client.get(f"/api/plans/{plan}/state").json["plan"]["head"] == ""


def test_what_is_tried_is_fitted_once(
    client: FlaskClient, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted, file = [], client.get(f"/export/plan/{plan}.gpkg").data
    one = fitting.proposed

    def counted(*given: Any, **named: Any) -> fitting.Proposal:  # noqa: ANN401 (passed on)
        fitted.append(given)
        return one(*given, **named)

    monkeypatch.setattr(fitting, "proposed", counted)
    told = client.post(f"/api/plans/{plan}/import?name=a.gpkg&lang=zh", data=file).json
    assert (told["refused"], told["misfits"], len(fitted)) == (None, [], 1)
