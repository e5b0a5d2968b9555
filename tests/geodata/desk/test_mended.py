"""A sheet of rejected rows, corrected and dropped on the import page beside the original files."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from geodata.desk import Desk, job
from geodata.desk.__main__ import main
from geodata.desk.naming import PLACEHOLDER, unnamed
from geodata.store import arrivals
from geodata.store.snapshots import open_city
from geodata.wizard.guess import COLUMN
from tests.geodata.desk.conftest import STREETS, square

if TYPE_CHECKING:
    from pathlib import Path


def reject_one(home: Path) -> Path:
    """Hand in a third street under the code of the second, and try; gives the sheet of it."""
    wrong = square("110102", "南街道", 116.02)
    content = json.dumps({**STREETS, "features": [*STREETS["features"], wrong]}).encode()
    arrivals.receive(home, "街道.geojson", 0, len(content), content)
    arrivals.note(home, "choices", {"街道.geojson": {f"{COLUMN}code": "code"}})
    main("look", home)
    main("trial", home)
    (sheet,) = (home / "trial" / "quarantine").rglob("*.csv")
    return sheet


def corrected(sheet: Path) -> bytes:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["code"] = "110103"
    target = sheet.parent / "mended.csv"
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target.read_bytes()


def test_a_corrected_sheet_is_applied_and_kept_with_the_publication(
    tmp_path: Path, home: Path
) -> None:
    content = corrected(reject_one(home))
    arrivals.receive(home, "街道-未导入.csv", 0, len(content), content)
    main("look", home)
    assert arrivals.noted(home, "mended") == ["街道-未导入.csv"]
    assert [file["name"] for file in arrivals.noted(home, "board")["files"]] == ["街道.geojson"]
    main("trial", home)
    assert job(home).snapshot
    assert list((home / "trial" / "quarantine").rglob("*.csv")) == []
    assert not (tmp_path / "corrections").exists(), "a trial changes nothing of the city"
    Desk(tmp_path).confirm(home)
    assert "南街道" in open_city(tmp_path).places["name_zh"].tolist()
    assert list((tmp_path / "corrections").rglob("*.csv"))


def test_a_sheet_that_is_taken_out_again_corrects_nothing(home: Path) -> None:
    content = corrected(reject_one(home))
    arrivals.receive(home, "mended.csv", 0, len(content), content)
    main("look", home)
    arrivals.remove(home, "mended.csv")
    main("trial", home)
    assert list((home / "trial" / "quarantine").rglob("*.csv"))


def test_a_city_of_which_no_file_says_its_name_is_unnamed(home: Path) -> None:
    main("look", home)
    board = arrivals.noted(home, "board")
    assert board["city"]["name_en"]["value"] == PLACEHOLDER
    assert unnamed(board, {})
    arrivals.note(home, "choices", {"": {"name_zh": "东城区"}})
    main("guess", home)
    board = arrivals.noted(home, "board")
    assert board["city"]["name_en"]["value"] not in {"", PLACEHOLDER}
    assert not unnamed(board, arrivals.noted(home, "choices"))


def test_a_file_that_is_not_used_is_told_by_the_trial(home: Path) -> None:
    arrivals.receive(home, "坏.geojson", 0, 4, b"{{{{")
    main("look", home)
    main("trial", home)
    (left,) = arrivals.noted(home, "outcome")["unused"]
    assert (left["name"], left["unreadable"]) == ("坏.geojson", True)
    assert left["cure_zh"] == "请重新导出"
    (page,) = (home / "trial" / "reports").rglob("report.html")
    said = page.read_text(encoding="utf-8")
    assert "坏.geojson" in said
    assert "试导入时间" in said
