from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from dashboard.screens.overview.tables import KEYS
from dashboard.server.export import BOM, harmless, to_csv
from dashboard.server.workbook import to_xlsx

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("panel", sorted(KEYS))
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


MADE = datetime(2026, 11, 21, 14, 22, tzinfo=UTC)
SHEETS = ("data", "notes")


def sheets(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]


def test_no_text_of_a_workbook_is_a_formula_or_a_link() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "{=1}", "https://evil.test/", "12", "鹤湾", "\x00<"]
    frame = pd.DataFrame({"=head": texts, "n": range(len(texts))})
    made = to_xlsx(frame, [("=note", "=2+2")], SHEETS, MADE)
    data, notes = sheets(made)
    assert [row[0] for row in data[:9]] == ["=head", *texts[:-1]]
    assert notes == [["=note", "=2+2"]]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        whole = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "<f>" not in whole
    assert "hyperlink" not in whole
    assert 'quotePrefix="1"' in whole  # stays text when somebody edits the cell


def test_a_workbook_keeps_numbers_moments_and_what_is_unknown() -> None:
    at = pd.to_datetime(["2026-11-21 14:22", None])
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": pd.array([None, -2], dtype="Int64"), "at": at})
    assert sheets(to_xlsx(frame, [], SHEETS, MADE))[0][1:] == [
        [1.5, "", MADE.replace(tzinfo=None)],
        ["", -2.0, ""],
    ]
    assert to_xlsx(frame, [], SHEETS, MADE) == to_xlsx(frame, [], SHEETS, MADE)


@pytest.mark.parametrize("panel", ["queue", "case_list", "map"])
def test_a_workbook_says_on_its_second_sheet_what_it_rests_on(
    client: FlaskClient, panel: str
) -> None:
    answer = client.get(f"/export/{panel}.xlsx?lang=zh&at=991&k=a&t=7d")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    data, notes = sheets(answer.data)
    told = dict(reversed(notes))
    assert len(data) > 1
    assert {"统计时点", "数据截至", "筛选", "城市快照", "口径版本"} <= set(told)
    assert told["筛选"] == "类别：市容"
    assert told["口径版本"] in client.get("/definitions").get_data(as_text=True)
    assert any("。" in str(row[1]) for row in notes)


def test_the_case_list_of_a_department_is_what_is_open_there(client: FlaskClient) -> None:
    rows = cells(client.get("/export/queue.csv?lang=en&on=dept&d=a").data.decode())
    whole = cells(client.get("/export/queue.csv?lang=en").data.decode())
    listed, everywhere = (table[1 : table.index([])] for table in (rows, whole))
    column = rows[0].index("Department")
    assert listed
    assert listed == [row for row in everywhere if row[column] == listed[0][column]]


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_the_cells_of_the_map_are_a_layer(client: FlaskClient, form: str, tmp_path: Path) -> None:
    answer = client.get(f"/export/map.{form}?lang=en&t=7d&lv=street")
    table = cells(client.get("/export/map.csv?lang=en&t=7d&lv=street").data.decode())
    path = tmp_path / f"map.{form}"
    path.write_bytes(answer.data)
    found = pyogrio.read_dataframe(path, layer="cells" if form == "gpkg" else None)
    counted = {
        row[table[0].index("Code")]: row[table[0].index("Cases")]
        for row in table[1:]
        if len(row) > 2
    }
    assert answer.status_code == 200
    assert {code: str(n) for code, n in zip(found["code"], found["reported"], strict=True)} == {
        code: n for code, n in counted.items() if code
    }
    assert found.geometry.is_valid.all()
    told = answer.data.decode(errors="replace")
    assert "Data until" in told
    assert "Definitions version" in told
