from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dashboard.server import audit, tiles
from dashboard.server.api import events
from dashboard.server.gate import CALLBACKS
from tests.dashboard.server.bodies import body_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


def test_a_tile_is_kept_for_ever(client: FlaskClient, city: City) -> None:
    answer = client.get(f"/tiles/{city.id}/street/10/807/420")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_an_empty_tile_is_204(client: FlaskClient, city: City) -> None:
    assert client.get(f"/tiles/{city.id}/street/10/0/0").status_code == 204


def test_several_layers_of_a_tile_come_framed(client: FlaskClient, city: City) -> None:
    parts = [
        client.get(f"/tiles/{city.id}/{layer}/10/807/420").data for layer in ("street", "base")
    ]
    both = client.get(f"/tiles/{city.id}/street,base/10/807/420").data
    for part in parts:
        size = int.from_bytes(both[:4], "big")
        assert both[4 : 4 + size] == part
        both = both[4 + size :]
    assert both == b""
    assert parts[0]


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/other/street/10/807/421",
        "/tiles/{id}/nothing/1/0/0",
        "/tiles/{id}/street/1/2/0",
        "/tiles/{id}/street,nothing/10/807/421",
    ],
)
def test_what_is_no_tile_is_404(client: FlaskClient, city: City, path: str) -> None:
    assert client.get(path.format(id=city.id)).status_code == 404


def test_the_units_of_a_level_are_columns(client: FlaskClient, city: City) -> None:
    answer = client.get(f"/units/{city.id}/street.json")
    assert answer.json["code"] == ["991", "992"]
    assert answer.json["zh"] == ["鹤湾街道", "丹坪街道"]
    assert answer.json["parent"] == [0, 0]
    assert answer.json["box"][0] == [104.0, 30.5, 104.02, 30.52]
    assert "immutable" in answer.headers["Cache-Control"]
    assert {len(column) for column in answer.json.values()} == {2}


def test_the_buildings_of_a_unit_are_columns(client: FlaskClient, city: City) -> None:
    unit = city.tree.find("9911")
    answer = client.get(f"/units/{city.id}/building.json?unit={unit}")
    assert answer.json["code"] == ["B991110", "B991111", "B991120", "B991121"]
    assert {len(column) for column in answer.json.values()} == {4}


def test_buildings_are_those_of_a_unit_and_not_too_many(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/units/{city.id}/building.json"
    assert client.get(path).status_code == 422
    monkeypatch.setattr(tiles, "MOST_ASKED", 15)
    assert client.get(f"{path}?unit=0").status_code == 422
    assert client.get(f"{path}?unit={city.tree.find('991')}").status_code == 200


@pytest.mark.parametrize("path", ["other/street.json", "{id}/none.json", "{id}/grid.json?unit=99"])
def test_what_is_no_level_is_404(client: FlaskClient, city: City, path: str) -> None:
    assert client.get("/units/" + path.format(id=city.id)).status_code == 404


def test_a_short_link_leads_to_the_building(client: FlaskClient) -> None:
    answer = client.get("/b/B991110")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/?at=B991110"


def test_a_lasting_address_leads_to_a_departments_desk(client: FlaskClient) -> None:
    answer = client.get("/dept/a?t=7d&lang=en")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/?on=dept&t=7d&d=a&lang=en"


def test_the_state_is_sent_once(client: FlaskClient, city: City) -> None:
    answer = client.get("/live/state")
    assert answer.json["version"] == f"{city.version()}.{city.alerts_version()}"
    assert answer.json["newest"] == city.now()
    texts = answer.json["text"]
    assert texts["zh"]["until"].endswith("2026-11-21 14:22")
    assert texts["en"]["until"].endswith("21 Nov 2026 14:22")
    assert [source["key"] for source in answer.json["sources"]] == ["a", "b"]
    assert set(texts) == {"zh", "en"}
    again = client.get("/live/state", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["X-Yiping-Now"] == str(city.now())


def test_the_state_is_sent_once_even_compressed(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "zstd, br, gzip"}
    answer = client.get("/live/state", headers=packed)
    again = client.get("/live/state", headers={**packed, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_version_names_build_and_snapshot(client: FlaskClient, city: City) -> None:
    answer = client.get("/version")
    assert answer.json["snapshot"] == city.id
    assert answer.json["build"] == client.get("/live/state").json["build"]


def test_ready_when_the_city_can_be_read(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"ready": True, "faults": [], "findings": []}


def test_not_ready_while_events_from_before_the_start_are_folded(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.application.extensions[events.KEY].tail, "behind", True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["faults"]) == (503, ["journal_behind"])


def views(data_dir: Path) -> list[dict[str, object]]:
    lines = [p.read_text("utf-8") for p in sorted((data_dir / audit.FOLDER).glob("*.jsonl"))]
    return [json.loads(line) for line in "".join(lines).splitlines()]


def show(client: FlaskClient, query: str, changed: str = "url.search") -> None:
    for listed in CALLBACKS:
        if any(name == "url.search" for name, _ in listed.inputs):
            body = body_of(listed, url_search=query) | {"changedPropIds": [changed]}
            client.post("/_dash-update-component", json=body)


def test_every_view_of_a_building_is_noted(client: FlaskClient, data_dir: Path) -> None:
    before = len(views(data_dir)) if (data_dir / audit.FOLDER).exists() else 0
    show(client, "?at=B991121")
    (*_, last) = views(data_dir)
    assert len(views(data_dir)) == before + 1
    assert last["building"] == "B991121"
    assert last["actor"] == "local operator"


def test_a_unit_is_nobody_s_home(client: FlaskClient, data_dir: Path) -> None:
    show(client, "?at=B991121")
    before = len(views(data_dir))
    show(client, "?at=9911")
    show(client, "?at=nowhere")
    show(client, "")
    assert len(views(data_dir)) == before


def test_a_view_that_calls_itself_a_refresh_is_noted(client: FlaskClient, data_dir: Path) -> None:
    code = "B992110"
    show(client, f"?at={code}", changed="refresh.data")
    assert views(data_dir)[-1]["building"] == code


def test_of_a_repeated_argument_the_one_that_is_answered_is_noted(
    client: FlaskClient, data_dir: Path
) -> None:
    before = len(views(data_dir))
    client.get("/export/departments.csv?at=9911&at=B991121")
    assert [view["building"] for view in views(data_dir)[before:]] == ["B991121"]


def test_a_refresh_is_no_new_view(client: FlaskClient, data_dir: Path) -> None:
    show(client, "?at=B991121")
    before = len(views(data_dir))
    show(client, "?at=B991121", changed="refresh.data")
    assert len(views(data_dir)) == before
