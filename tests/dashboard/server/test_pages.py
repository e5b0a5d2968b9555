from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.mark.parametrize(("prefix", "own"), [("/", "map-state"), ("/import/", "import-main")])
def test_each_screen_has_its_own_layout_and_callbacks(
    client: FlaskClient, prefix: str, own: str
) -> None:
    layout = client.get(f"{prefix}_dash-layout").text
    assert f'"{own}"' in layout
    specs = client.get(f"{prefix}_dash-dependencies").json
    for spec in specs:
        for item in (*spec["inputs"], *spec["state"]):
            assert f'"{item["id"]}"' in layout


def test_the_page_of_a_screen_asks_below_its_own_address(client: FlaskClient) -> None:
    for path, prefix in (("/", "/"), ("/import", "/import/")):
        page = client.get(path).text
        config = page.split('id="_dash-config"')[1].split(">", 1)[1].split("</script>")[0]
        assert json.loads(config)["requests_pathname_prefix"] == prefix


def test_who_may_only_view_meets_no_import(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.access import Actor  # noqa: PLC0415
    from dashboard.server.identity import Doorkeeper  # noqa: PLC0415

    monkeypatch.setattr(Doorkeeper, "actor", lambda _: Actor("wall"))
    for path in ("/import", "/import/_dash-layout", "/import/state?a=0123456789abcdef"):
        assert client.get(path).status_code == 403
    for path in ("files?name=a.csv&at=0&size=1", "act?a=0123456789abcdef&do=look"):
        assert client.post(f"/import/{path}").status_code == 403
