"""What an import came to, as files: of the trial and of the publication, for the operator alone."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from dashboard.factory import create_app
from dashboard.settings import Settings
from geodata import desk, report
from geodata.desk import Desk, Job
from geodata.ingest.quarantine import QUARANTINE
from geodata.ingest.spreadsheet import write_sheet
from geodata.publish import publish
from geodata.store import arrivals, tokens
from geodata.store.snapshots import open_snapshot
from tests.browser.conftest import PAYLOAD
from tests.browser.tiny import tiny
from tests.dashboard.server.test_identity import STRANGER

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

FORMULA = "=HYPERLINK(1)"
SHEET = "案件.csv"
TITLES = {"zh": "数据导入报告", "en": "Import report"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def client(data_dir: Path) -> FlaskClient:
    return create_app(Settings(data_dir=data_dir, feed=False)).server.test_client()


@pytest.fixture
def home(data_dir: Path) -> Path:
    """An arrival that was tried, with a finding that means harm and a rejected row."""
    home = arrivals.folder(data_dir, arrivals.begin(data_dir))
    found = {
        "file": PAYLOAD, "row": 3, "key": FORMULA, "action": "rejected", "reason": "no_shape",
        "detail": FORMULA, "cure": "", "rows": 1,
    }  # fmt: skip
    snapshot = publish(replace(tiny(), findings=[found]), home / desk.TRIAL)
    folder = home / desk.TRIAL / QUARANTINE / "tiny"
    write_sheet(folder / SHEET, ["code"], [[FORMULA]])
    desk.tell(home, Job("trial", share=1.0, snapshot=snapshot))
    return home


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("language", TITLES)
def test_the_account_is_taken_away_in_the_readers_language(
    client: FlaskClient, data_dir: Path, home: Path, language: str, *, published: bool
) -> None:
    if published:
        Desk(data_dir).confirm(home)
    query = {"a": home.name, "lang": language}
    page = client.get("/import/report.html", query_string=query)
    assert page.status_code == 200
    assert TITLES[language] in page.text
    assert "<script" not in page.text
    assert "onerror=window" in page.text  # as text, that is
    table = rows(client.get("/import/findings.csv", query_string=query).text)
    assert len(table) > 1
    cells = [cell for row in table for cell in row]
    assert f"'{FORMULA}" in cells
    assert FORMULA not in cells


@pytest.mark.parametrize("published", [False, True])
def test_rejected_rows_are_taken_away_by_file(
    client: FlaskClient, data_dir: Path, home: Path, *, published: bool
) -> None:
    if published:
        Desk(data_dir).confirm(home)
    for language, end in (("zh", quote("-未导入")), ("en", "-rejected")):
        query = {"a": home.name, "file": SHEET, "lang": language}
        answer = client.get("/import/rejected.csv", query_string=query, buffered=True)
        assert rows(answer.data.decode()) == [["code"], [f"'{FORMULA}"]]
        named = answer.headers["Content-Disposition"]
        assert named.isascii()
        assert "filename=rejected.csv;" in named
        assert f"filename*=UTF-8''{quote('案件')}{end}.csv" in named


@pytest.mark.parametrize(
    ("path", "more"),
    [("report.html", {}), ("findings.csv", {}), ("rejected.csv", {"file": SHEET})],
)
def test_no_text_of_a_file_is_shown_as_ours(
    client: FlaskClient, data_dir: Path, home: Path, path: str, more: dict[str, str]
) -> None:
    query = {"a": home.name} | more
    answer = client.get(f"/import/{path}", query_string=query, buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    headers = {"Authorization": f"Bearer {tokens.make(data_dir, f'wall-{home.name}')}"}
    viewer = client.get(
        f"/import/{path}", query_string=query, headers=headers, environ_base=STRANGER
    )
    assert viewer.status_code == 403


@pytest.mark.parametrize(
    "name", ["no.csv", "../job.json", "../../../job.json", "/etc/passwd", "tiny/案件.csv", ""]
)
def test_no_other_file_can_be_asked_for(client: FlaskClient, home: Path, name: str) -> None:
    query = {"a": home.name, "file": name}
    assert client.get("/import/rejected.csv", query_string=query).status_code == 404


def test_what_was_changed_since_its_trial_has_no_account(client: FlaskClient, home: Path) -> None:
    desk.tell(home, Job("look"))
    query = {"a": home.name, "lang": "en"}
    answer = client.get("/import/report.html", query_string=query)
    assert answer.status_code == 422
    assert "nothing was tried since the last change" in answer.json["detail"]
    query = {"a": home.name, "file": SHEET}
    assert client.get("/import/rejected.csv", query_string=query).status_code == 404


@pytest.mark.parametrize("query", [{"lang": "de"}, {"more": "1"}, {"a": "../.."}])
def test_arguments_nobody_listed_are_422(
    client: FlaskClient, home: Path, query: dict[str, str]
) -> None:
    asked = {"a": home.name} | query
    assert client.get("/import/report.html", query_string=asked).status_code == 422


def test_files_that_were_not_used_stand_in_the_account(client: FlaskClient, home: Path) -> None:
    left = {"name": "说明.csv", "unreadable": False, "zh": "看不出用途", "en": "for nothing"}
    arrivals.note(home, "outcome", {"unused": [left]})
    query = {"a": home.name, "lang": "zh"}
    page = client.get("/import/report.html", query_string=query).text
    assert "另有 1 个文件未使用" in page
    assert "说明.csv" in page
    table = rows(client.get("/import/findings.csv", query_string=query).text)
    assert table[-1][0] == "说明.csv"
    assert {"未使用", "看不出用途", "file_unused"} <= set(table[-1])


def test_a_past_import_can_still_be_taken_away(
    client: FlaskClient, data_dir: Path, home: Path
) -> None:
    city = open_snapshot(home / desk.TRIAL, desk.job(home).snapshot)
    report.write(city, home / desk.TRIAL, "zh", [])
    snapshot = Desk(data_dir).confirm(home)
    arrivals.discard(home)
    for path, more in (
        ("report.html", {}),
        ("findings.csv", {}),
        ("rejected.csv", {"file": SHEET}),
    ):
        query = {"s": snapshot, "lang": "en"} | more
        answer = client.get(f"/import/{path}", query_string=query, buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        for wrong in ({"s": ".."}, {"s": "tiny-0"}):
            asked = query | wrong
            assert client.get(f"/import/{path}", query_string=asked).status_code == 404
    asked = {"s": snapshot, "file": "report.html"}
    assert client.get("/import/rejected.csv", query_string=asked).status_code == 404
