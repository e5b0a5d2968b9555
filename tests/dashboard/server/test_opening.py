from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dashboard.i18n import t
from dashboard.server import opening

if TYPE_CHECKING:
    from flask.testing import FlaskClient

CLASSES = {"header", "path-row", "headline", "kpis", "map-panel", "side cells", "panel timeline"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_begins_in_its_final_shape(client: FlaskClient, language: str) -> None:
    page = client.get(f"/?lang={language}").text
    assert t("panel.computing", language) in page
    assert t("shell.none_yet", language) in page
    for each in CLASSES:
        assert re.search(rf'class="([^"]* )?{each}( [^"]*)?"', page), each
    assert "Loading" not in page.split("<footer>")[0]


def test_another_screen_begins_with_its_header_alone(client: FlaskClient) -> None:
    page = client.get("/import").text
    assert 'class="header"' in page
    assert "kpis" not in page
    assert "Loading" not in page.split("<footer>")[0]


@pytest.mark.parametrize("shape", [opening.shaped, opening.bare])
def test_a_title_is_text(shape: object) -> None:
    assert callable(shape)
    assert "<b>" not in shape("<b>City</b>", "en")


@pytest.mark.parametrize(("query", "mode"), [("", "cells"), ("?heat=1", "heat")])
def test_the_arrangement_is_known_before_any_script_runs(
    client: FlaskClient, query: str, mode: str
) -> None:
    assert f'data-mode="{mode}"' in client.get(f"/{query}").text.split(">", 2)[1]
