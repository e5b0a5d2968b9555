from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dashboard.factory import create_app
from dashboard.place import from_query, to_query
from dashboard.question import ask, exact
from dashboard.settings import Settings
from dashboard.theme.tokens import TOKENS
from geodata.paper.palette import palette

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


@pytest.mark.parametrize("query", ["lang=zh&t=7d", "lang=en&at=991&theme=light"])
def test_the_brief_is_a_pdf_of_the_place(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/brief?{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert "yiping-brief-20261121-1422.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == client.get(f"/brief?{query}").data


def test_every_link_is_an_address_that_the_screens_understand(
    client: FlaskClient, city: City
) -> None:
    made = client.get("/brief?lang=zh&t=7d").data
    found = {match.decode() for match in re.findall(rb"/URI\(([^)]*)\)", made)}
    assert len(found) >= 4
    for address in found:
        parts = urlsplit(address)
        place = from_query(parts.query)
        assert (parts.netloc, parts.path) == ("localhost", "/")
        assert to_query(place) == f"?{parts.query}"
        assert exact(ask(place, city), place).notices == ()


@pytest.mark.parametrize(
    ("query", "status"),
    [("at=nowhere", 404), ("at=B991110", 422), ("t=soon", 422), ("k=a", 422), ("lang=fr", 422)],
)
def test_what_makes_no_sense_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/brief?{query}").status_code == status


def test_whoever_asks_for_a_building_is_noted(client: FlaskClient, data_dir: Path) -> None:
    client.get("/brief?at=B991111")
    files = (data_dir / "audit").glob("*.jsonl")
    rows = [json.loads(line) for path in files for line in path.read_text().splitlines()]
    assert ("B991111", "/brief") in {(row.get("building"), row.get("through")) for row in rows}


def test_a_machine_without_the_font_says_what_to_install(data_dir: Path, tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=data_dir, feed=False, fonts=tmp_path))
    with app.server.test_client() as client:
        answer = client.get("/brief")
    assert answer.status_code == 503
    assert "fonts-noto-cjk" in answer.get_data(as_text=True)


def test_paper_has_the_light_colours_of_the_screens() -> None:
    assert palette() == {name: TOKENS["light"][name] for name in palette()}
