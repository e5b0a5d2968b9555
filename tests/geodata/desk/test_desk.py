from __future__ import annotations

import csv
import json
import time
from typing import TYPE_CHECKING

import pytest

from geodata import desk
from geodata.desk import Desk, Job, OutdatedError, results
from geodata.desk.__main__ import main
from geodata.ingest.corrections import FOLDER
from geodata.ingest.quarantine import QUARANTINE
from geodata.model.errors import BusyError, ImportRefusedError
from geodata.report.files import REPORTS
from geodata.store import arrivals
from geodata.store.snapshots import live_id, open_city
from geodata.store.writer import switch
from geodata.wizard.guess import COLUMN
from tests.geodata.desk.conftest import STREETS, square

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.desk import Task


def hand_in_a_wrong_street(home: Path) -> None:
    """A third street under the code of the second."""
    wrong = square("110102", "南街道", 116.02)
    content = json.dumps({**STREETS, "features": [*STREETS["features"], wrong]}).encode()
    arrivals.receive(home, "街道.geojson", 0, len(content), content)
    arrivals.note(home, "choices", {"街道.geojson": {f"{COLUMN}code": "code"}})


def ended(counter: Desk, home: Path) -> Job:
    until = time.monotonic() + 120
    while not (now := counter.job(home)).ended:
        assert time.monotonic() < until
        time.sleep(0.1)
    return now


def done(counter: Desk, home: Path, task: Task) -> Job:
    counter.start(home, task)
    return ended(counter, home)


def test_files_become_a_city_by_look_trial_and_confirmation(tmp_path: Path, home: Path) -> None:
    counter = Desk(tmp_path)
    assert done(counter, home, "look") == Job("look", share=1.0)
    board = arrivals.noted(home, "board")
    (file,) = board["files"]
    assert (file["rows"], file["role"]["value"]) == (2, "level")
    assert file["mapped"]["name_zh"]["value"] == "名称"
    tried = done(counter, home, "trial")
    assert tried.snapshot
    files = arrivals.noted(home, "outcome")["files"]
    assert (files[0]["zh"], files[0]["read"]) == ("街道.geojson", 2)
    assert not [file["zh"] for file in files if "level " in file["zh"] + file["en"]]
    with pytest.raises(Exception, match="publish"):
        live_id(tmp_path)  # nothing of it is in the city's own folder yet
    assert counter.confirm(home) == tried.snapshot
    names = open_city(tmp_path).places["name_zh"].tolist()
    assert {"东风街道", "西山街道"} <= set(names)
    assert counter.job(home).task == "published"


def test_a_choice_after_the_trial_asks_for_another_trial(tmp_path: Path, home: Path) -> None:
    counter = Desk(tmp_path)
    done(counter, home, "look")
    done(counter, home, "trial")
    arrivals.note(home, "choices", {"": {"name_zh": "新城区"}})
    done(counter, home, "guess")
    assert arrivals.noted(home, "board")["city"]["name_zh"]["value"] == "新城区"
    with pytest.raises(ImportRefusedError, match="check the import first"):
        counter.confirm(home)


def test_a_choice_that_cannot_be_is_told_and_the_others_stand(home: Path) -> None:
    main("look", home)
    wrong = {"street.csv": {"role": "level"}, "": {"name_en": "New Town"}}
    arrivals.note(home, "choices", wrong)
    main("guess", home)
    board = arrivals.noted(home, "board")
    assert [fault["file"] for fault in board["faults"]] == ["street.csv"]
    assert board["city"]["name_en"]["value"] == "New Town"


def test_what_cannot_be_imported_says_why(tmp_path: Path) -> None:
    home = arrivals.folder(tmp_path, arrivals.begin(tmp_path))
    arrivals.receive(home, "坏.geojson", 0, 4, b"{{{{")
    main("look", home)
    board = arrivals.noted(home, "board")
    assert not board["ready"]
    fault = board["files"][0]["fault"]
    assert (fault["reason"], fault["zh"]) == ("damaged", "文件已损坏，或与其格式不符")
    assert (fault["cure_zh"], fault["cure_en"]) == ("请重新导出", "export it again")
    assert fault["detail"]
    (question,) = (each for each in board["questions"] if each["file"])
    assert question["zh"] == "无法读取：文件已损坏，或与其格式不符；请重新导出"
    main("trial", home)
    assert desk.job(home).fault
    assert not desk.job(home).snapshot


def test_a_file_refused_while_it_is_tried_is_told_in_both_languages(home: Path) -> None:
    main("look", home)
    (home / arrivals.FILES / "街道.geojson").write_bytes(b"{{{{")
    main("trial", home)
    now = desk.job(home)
    assert now.fault.startswith("街道.geojson: ")
    assert now.fault_zh == "街道.geojson：文件已损坏，或与其格式不符；请重新导出"


def test_one_thing_at_a_time_and_it_can_be_stopped(tmp_path: Path, home: Path) -> None:
    counter = Desk(tmp_path)
    counter.start(home, "look")
    with pytest.raises(BusyError, match="wait for it or stop it"):
        counter.start(home, "look")
    counter.stop(home)
    assert counter.job(home).fault == "stopped"


def test_nothing_changes_under_the_hands_of_the_work(tmp_path: Path, home: Path) -> None:
    counter, edits = Desk(tmp_path), []
    counter.start(home, "look")
    for forbidden in (
        lambda: counter.change(home, lambda: edits.append(1), "guess"),
        lambda: counter.receive(home, "b.csv", 0, 1, b"x"),
        lambda: counter.confirm(home),
    ):
        with pytest.raises(BusyError, match="wait for it or stop it"):
            forbidden()
    counter.stop(home)
    assert edits == []
    assert list(arrivals.files(home)) == ["街道.geojson"]


def test_a_file_received_after_the_trial_asks_for_another_trial(tmp_path: Path, home: Path) -> None:
    desk.tell(home, Job("trial", share=1.0, snapshot="s"))
    counter = Desk(tmp_path)
    counter.receive(home, "b.csv", 0, 1, b"x")
    assert not counter.job(home).snapshot
    with pytest.raises(ImportRefusedError, match="check the import first"):
        counter.confirm(home)


def test_a_fault_does_not_tell_where_the_server_keeps_files(home: Path) -> None:
    desk.tell(home, Job("trial", fault=f"{home}/files/a.csv: is empty"))
    assert desk.job(home).fault == "a.csv: is empty"


def test_work_whose_process_is_gone_has_failed(tmp_path: Path, home: Path) -> None:
    desk.tell(home, Job("trial", "incidents", 0.4, ended=False))
    assert Desk(tmp_path).job(home).fault == "interrupted"
    assert desk.job(home).ended


def test_what_a_trial_rejects_can_be_corrected_like_an_import(tmp_path: Path, home: Path) -> None:
    hand_in_a_wrong_street(home)
    counter = Desk(tmp_path)
    done(counter, home, "look")
    snapshot = done(counter, home, "trial").snapshot
    assert not (tmp_path / QUARANTINE).exists()
    key = open_city(home / desk.TRIAL).profile.key
    old = tmp_path / QUARANTINE / key / "old.csv"
    old.parent.mkdir(parents=True)
    old.write_text("of the last import")
    counter.confirm(home)
    (sheet,) = (tmp_path / QUARANTINE / key).iterdir()
    assert "南街道" in sheet.read_text(encoding="utf-8-sig")
    assert (tmp_path / REPORTS / snapshot / "report.html").exists()
    assert not list((tmp_path / QUARANTINE).glob(".*"))
    (own,) = results.sheets(home).values()  # what a later import replaces, the arrival still has
    assert own.read_bytes() == sheet.read_bytes()


def test_a_trial_uses_what_was_corrected(tmp_path: Path, home: Path) -> None:
    hand_in_a_wrong_street(home)
    main("look", home)
    main("trial", home)
    (sheet,) = (home / "trial" / QUARANTINE).rglob("*.csv")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        (row,) = list(csv.DictReader(file))
    row["code"] = "110103"
    folder = tmp_path / FOLDER / sheet.parent.name
    folder.mkdir(parents=True)
    with (folder / sheet.name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    main("trial", home)
    assert list((home / "trial" / QUARANTINE).rglob("*.csv")) == []
    names = open_city(home / "trial").places["name_zh"].tolist()
    assert "南街道" in names


def test_boundaries_that_a_second_arrival_redraws_are_kept(tmp_path: Path, home: Path) -> None:
    main("look", home)
    main("trial", home)
    Desk(tmp_path).confirm(home)
    moved = {**STREETS, "features": [*STREETS["features"], square("110103", "南街道", 116.02)]}
    path = home / arrivals.FILES / "街道.geojson"
    path.write_text(json.dumps(moved), encoding="utf-8")
    main("look", home)
    main("trial", home)
    tried = open_city(home / "trial")
    (kept,) = tried.divisions
    assert "南街道" in tried.places["name_zh"].tolist()
    assert "南街道" not in tried.division_places(kept)["name_zh"].tolist()


def test_a_trial_beside_another_city_than_the_live_one_is_tried_again(
    tmp_path: Path, home: Path
) -> None:
    counter = Desk(tmp_path)
    main("look", home)
    main("trial", home)
    switch(tmp_path, "published-meanwhile")
    with pytest.raises(OutdatedError, match="try it again"):
        counter.confirm(home)
    now = counter.job(home)
    assert (now.task, now.fault, now.snapshot, now.ended) == ("trial", "outdated", "", True)
    assert live_id(tmp_path) == "published-meanwhile"
    main("trial", home)
    assert counter.confirm(home) == live_id(tmp_path) != "published-meanwhile"


def test_a_confirmation_that_was_killed_after_the_switch_may_be_repeated(
    tmp_path: Path, home: Path
) -> None:
    main("look", home)
    main("trial", home)
    before = desk.job(home)
    Desk(tmp_path).confirm(home)
    desk.tell(home, before)
    assert Desk(tmp_path).confirm(home) == before.snapshot


def test_work_that_is_stopped_leaves_no_reader_and_no_scratch_folder(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    counter = Desk(tmp_path)
    counter.start(home, "look")
    until = time.monotonic() + 60
    while not list(scratch.glob("yiping-read-*")):
        assert time.monotonic() < until
        time.sleep(0.01)
    counter.stop(home)
    assert list(scratch.iterdir()) == []


def test_a_column_of_a_role_that_is_gone_is_no_fault(home: Path) -> None:
    main("look", home)
    arrivals.note(home, "choices", {"街道.geojson": {"role": "roads", f"{COLUMN}parent": "code"}})
    main("guess", home)
    assert arrivals.noted(home, "board")["faults"] == []


def test_every_encoding_is_offered_and_what_is_not_used_is_named(home: Path) -> None:
    rows = "\n".join(f"{n},2026-03-0{n} 08:00,市容,甲{n},116.005,30.005" for n in range(1, 6))
    content = f"任务号,上报时间,大类名称,备注,经度,纬度\n{rows}\n".encode()
    arrivals.receive(home, "案件.csv", 0, len(content), content)
    main("look", home)
    (file,) = (
        each for each in arrivals.noted(home, "board")["files"] if each["file"] == "案件.csv"
    )
    assert file["encodings"] == ["utf-8", "gb18030", "big5", "utf-16", "cp1252"]
    assert file["left"] == ["备注"]
    arrivals.note(home, "choices", {"案件.csv": {"encoding": "big5"}})
    main("look", home)
    (file,) = (
        each for each in arrivals.noted(home, "board")["files"] if each["file"] == "案件.csv"
    )
    assert file["encodings"][0] == "big5"
    assert "任务号" not in file["columns"], "the first rows are shown as the choice reads them"
    assert len(file["head"]) == 5


def test_a_level_has_the_names_that_a_person_gives_it(home: Path) -> None:
    main("look", home)
    *_, entry = arrivals.noted(home, "board")["lists"]["levels"]
    assert (entry["id"], entry["found"], entry["rows"]) == ("street", "街道.geojson", 2)
    names = {"levels:name_zh:street": "街镇", "levels:name_en:street": "Town"}
    arrivals.note(home, "choices", {"": names})
    main("guess", home)
    board = arrivals.noted(home, "board")
    assert board["faults"] == []
    assert (board["levels"][-1]["name_zh"], board["levels"][-1]["name_en"]) == ("街镇", "Town")


def test_names_that_a_person_gives_are_those_of_the_city(home: Path) -> None:
    rows = "\n".join(f"{n},2026-03-0{n} 08:00,市容,水务局,116.005,30.005" for n in range(1, 6))
    content = f"任务号,上报时间,大类名称,处置部门,经度,纬度\n{rows}\n".encode()
    arrivals.receive(home, "案件.csv", 0, len(content), content)
    names = {"departments:name_zh:水务局": "水利局", "departments:name_en:水务局": "Water Bureau"}
    arrivals.note(home, "choices", {"": names, "案件.csv": {"crs": "GCJ-02"}})
    main("look", home)
    board = arrivals.noted(home, "board")
    (entry,) = board["lists"]["departments"]
    assert (entry["found"], entry["name_zh"], entry["rows"]) == ("水务局", "水利局", 5)
    (file,) = (each for each in board["files"] if each["name"] == "案件.csv")
    assert {"GCJ-02", "BD-09"} <= {each["value"] for each in file["offered"]}
    main("trial", home)
    city = open_city(home / "trial")
    assert city.departments["name_en"].tolist() == ["Water Bureau"]
