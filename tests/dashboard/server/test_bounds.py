"""What the server hands out under other boundaries."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from geodata.store.under import under
from tests.browser.tiny import REDRAWN

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City

THEN = "2026-05-31"


def test_tiles_of_a_division_are_its_own_and_the_ground_is_the_same(
    client: FlaskClient, city: City
) -> None:
    police, before = f"{city.id}.police", f"{city.id}.{REDRAWN}"
    tile = "10/807/420"
    assert client.get(f"/tiles/{police}/police/{tile}").status_code == 200
    assert client.get(f"/tiles/{police}/grid/{tile}").status_code == 404
    assert client.get(f"/tiles/{city.id}/police/{tile}").status_code == 404
    assert client.get(f"/tiles/{city.id}.fire/street/{tile}").status_code == 404
    grids = [client.get(f"/tiles/{each}/grid/14/12925/6733").data for each in (city.id, before)]
    assert grids[0] != grids[1]
    ground = [client.get(f"/tiles/{each}/base/{tile}").data for each in (city.id, before)]
    assert ground[0] == ground[1] != b""


def test_names_of_a_division(client: FlaskClient, city: City) -> None:
    answer = client.get(f"/units/{city.id}.police/police.json")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    found = answer.get_json()
    assert found["code"] == ["P1", "P2", "P3"]
    assert found["zh"] == ["警务1", "警务2", "警务3"]
    codes = under(city, "police").tree.codes
    assert [codes[unit] for unit in found["unit"]] == found["code"]
    blocks = client.get(f"/units/{city.id}.police/building.json?unit={found['unit'][1]}")
    assert blocks.get_json()["code"] == ["B991220", "B991221"]


@pytest.mark.parametrize(
    ("bounds", "codes"),
    [("police", ["P1", "P2", "P3"]), (THEN, [f"99{s}{c}{g}" for s in "12" for c in "12"
                                             for g in "12"])],
)  # fmt: skip
def test_a_file_lists_the_units_and_what_is_unknown(
    client: FlaskClient, bounds: str, codes: list[str]
) -> None:
    level = "police" if bounds == "police" else "grid"
    answer = client.get(f"/export/map.csv?bv={bounds}&lv={level}&lang=en")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    head, end = rows[0], rows.index([])
    code, reported = head.index("Code"), head.index("Cases")
    assert sorted(row[code] for row in rows[1:end]) == sorted(["", *codes])
    today = client.get("/export/map.csv?lv=street&lang=en")
    others = list(csv.reader(io.StringIO(today.data.decode("utf-8-sig"))))
    total = sum(int(row[reported]) for row in rows[1:end])
    column = others[0].index("Cases")
    assert total == sum(int(row[column]) for row in others[1 : others.index([])])
    assert any(row[:1] == ["Boundaries"] for row in rows[end:])


@pytest.mark.parametrize("strange", ["fire", "2031-01-01", "2026-13-01"])
def test_strange_boundaries_are_refused_for_a_file_and_mended_on_the_page(
    client: FlaskClient, strange: str
) -> None:
    assert client.get(f"/export/map.csv?bv={strange}").status_code == 422
    assert client.get(f"/?bv={strange}").status_code == 200
    assert client.get(f"/search?q=P1&bv={strange}").status_code == 200


def test_pictures_and_meetings_under_a_division(client: FlaskClient, city: City) -> None:
    name = f"{city.id}.police"
    assert client.get(f"/heat/{name}?bv=police&at=P1&theme=dark").mimetype == "image/png"
    assert client.get("/heat/other.police?bv=police").status_code == 404
    met = client.get(f"/met/{name}.json?bv=police&lv=police").get_json()
    assert list(met) == [str(row) for row in range(len(city.departments))]
    assert client.get(f"/met/{city.id}.fire.json").status_code == 404


def test_the_search_finds_the_units_that_are_shown(client: FlaskClient) -> None:
    def codes(query: str) -> list[str]:
        return [each["code"] for each in client.get(f"/search?{query}").get_json()]

    assert codes("q=P2&bv=police") == ["P2"]
    assert codes("q=P2") == []
    assert "99111" not in codes("q=99111&bv=police")  # but its houses
    assert "99111" in codes(f"q=99111&bv={THEN}")
    (beat,) = client.get("/search?q=Beat+3&bv=police&lang=en").get_json()
    assert (beat["code"], beat["where"], beat["level"]) == ("P3", "Danping", "police")
    assert client.get("/search?q=a&bv=" + "x" * 65).status_code == 422
    assert client.get("/search?q=a&bv=%3Cb%3E").status_code == 422
