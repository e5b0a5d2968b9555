from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dashboard.screens.overview.tables import PANELS
from dashboard.server.export import BOM, harmless, to_csv

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BOM))))


def test_a_spreadsheet_can_tell_the_encoding() -> None:
    assert to_csv(pd.DataFrame({"名": ["鹤湾"]}), []).encode().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")', "\n=1"]
)
def test_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    (_, row, *_) = cells(to_csv(pd.DataFrame({"a": [cell]}), []))
    assert row[0].startswith("'")


@pytest.mark.parametrize("cell", ["鹤湾", "a=b", "1-2", "", -3, 4.5, None])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert harmless(cell) == cell


def test_names_and_notes_are_harmless_too() -> None:
    rows = cells(to_csv(pd.DataFrame({"=a": [1]}), [("=b", "+c")]))
    assert rows == [["'=a"], ["1"], [], ["'=b", "'+c"]]


def test_what_is_unknown_is_empty_and_negative_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": pd.array([None, -2], dtype="Int64")})
    assert cells(to_csv(frame, []))[1:3] == [["1.5", ""], ["", "-2"]]


@pytest.mark.parametrize("panel", sorted(PANELS))
@pytest.mark.parametrize("query", ["lang=zh", "lang=en&at=991&k=a", "at=B991110"])
def test_every_panel_is_a_file(client: FlaskClient, panel: str, query: str) -> None:
    answer = client.get(f"/export/{panel}.csv?{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert f"yiping-{panel}-20261121-1422.csv" in answer.headers["Content-Disposition"]
    rows = cells(answer.data.decode())
    assert ["数据截至", "2026-11-21 14:22"] in rows or ["Data until", "2026-11-21 14:22"] in rows


@pytest.mark.parametrize(("query", "status"), [("at=nowhere", 404), ("bv=2019", 422)])
def test_no_file_of_another_place_than_was_asked_for(
    client: FlaskClient, query: str, status: int
) -> None:
    assert client.get(f"/export/departments.csv?{query}").status_code == status


def test_an_unknown_panel_is_404(client: FlaskClient) -> None:
    assert client.get("/export/nothing.csv").status_code == 404
