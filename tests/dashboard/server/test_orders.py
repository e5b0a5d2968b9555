from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.access import NOBODY, Live
from dashboard.place import from_query
from dashboard.question import ask
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.department import order
from geodata.engine import Engine
from geodata.model.errors import RequestError
from geodata.paper.typeset import pdf
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from dashboard.screens.overview.scene import Scene
    from geodata.store.snapshots import City

MOST_BYTES = 500_000


@pytest.fixture(scope="module")
def live(city: City) -> Live:
    return Live(city, Engine(city), NOBODY)


def told(live: Live, query: str) -> dict[str, Any]:
    return dict(order.sheet(ask(from_query(query), live.city), live).content)


def scene_of(live: Live, query: str) -> Scene:
    return scenes.answer(ask(from_query(query), live.city), live)


def overdue(scene: Scene, live: Live) -> pd.DataFrame:
    """What is open there, as if every deadline had been long ago."""
    cases = live.engine.open_cases(scene.numbers.request)
    hours = range(1, len(cases) + 1)
    return cases.assign(due=[scene.now - 3_600.0 * hour for hour in hours], overdue=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_order_of_a_department_is_a_pdf(client: FlaskClient, lang: str) -> None:
    query = f"lang={lang}&on=dept&d=a"
    answer = client.get(f"/order?{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert len(answer.data) <= MOST_BYTES
    assert "yiping-order-20261121-1422.pdf" in answer.headers["Content-Disposition"]
    assert answer.data == client.get(f"/order?{query}").data


def test_it_lists_what_is_overdue_the_longest_first(live: Live) -> None:
    scene = scene_of(live, "?on=dept&d=a&lang=zh")
    late = overdue(scene, live)
    said = order.of_department(scene, pd.concat([late, late.assign(overdue=False)]))
    assert len(late) > 1
    assert [row[1] for row in said["rows"]] == late["key"].tolist()[::-1]
    assert said["rows"][-1][5] == "1:00"
    assert f"{len(late)} 件" in said["heading"].replace("\u2009", " ")


def test_more_than_fit_are_told(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MOST", 1)
    scene = scene_of(live, "?on=dept&d=a&lang=en")
    late = overdue(scene, live)
    said = order.of_department(scene, late)
    assert len(said["rows"]) == 1
    assert said["rest"].startswith(f"{len(late) - 1} more")


def test_the_longest_order_weighs_less_than_is_allowed(live: Live) -> None:
    scene = scene_of(live, "?on=dept&d=a&lang=zh")
    late = pd.concat([overdue(scene, live)] * order.MOST).head(order.MOST)
    sheet = order.sheet(ask(from_query("?on=dept&d=a&lang=zh"), live.city), live)
    full = replace(sheet, content={**sheet.content, **order.of_department(scene, late)})
    assert len(pdf(full)) <= MOST_BYTES


def test_the_order_of_a_case_says_what_is_known_of_it(live: Live) -> None:
    case = overdue(scene_of(live, "?on=dept&d=a"), live).iloc[0]
    said = told(live, f"?on=dept&d=a&c={case['id']}&lang=en")
    facts = dict(said["facts"])
    assert facts["Case"] == case["key"]
    assert "left" in facts["Due"]
    assert said["steps"][0][0] == "Report"
    assert "rows" not in said


def test_where_nothing_is_overdue_nothing_is_asked_for(live: Live) -> None:
    said = told(live, "?on=dept&d=a&lang=zh")  # every case of the small city is young
    assert said["rows"] == []
    assert said["asked"] == ""
    assert "无需督办" in said["heading"]


@pytest.mark.parametrize("query", ["?lang=zh", "?on=dept&d=a&c=999999999"])
def test_an_order_needs_a_department_or_a_case_that_is_there(live: Live, query: str) -> None:
    with pytest.raises(RequestError):
        told(live, query)


@pytest.mark.parametrize("query", ["on=dept&d=nobody", "on=dept&d=a&c=x", "at=nowhere&d=a"])
def test_what_makes_no_sense_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/order?{query}").status_code in {404, 422}


def test_names_are_text_whatever_stands_in_them(tmp_path: Path) -> None:
    publish_tiny(tmp_path, lambda text: '#panic("x") $ *b* <l> \u202e' + text)
    city = open_city(tmp_path)
    asked = ask(from_query("?on=dept&d=a&lang=zh"), city)
    sheet = order.sheet(asked, Live(city, Engine(city), NOBODY))
    assert "#panic" in str(sheet.content["heading"])
    assert "\u202e" not in json.dumps(sheet.content, ensure_ascii=False)
    assert pdf(sheet).startswith(b"%PDF-")
