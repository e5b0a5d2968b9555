from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from geodata import desk
from geodata.desk import Desk, Job
from geodata.desk.__main__ import main
from geodata.model.errors import ImportRefusedError
from geodata.store import arrivals
from geodata.store.snapshots import live_id, open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.desk import Task


def square(code: str, name: str, west: float) -> dict[str, object]:
    ring = [[west, 30], [west + 0.01, 30], [west + 0.01, 30.01], [west, 30.01], [west, 30]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "名称": name}, "geometry": shape}


STREETS = {
    "type": "FeatureCollection",
    "features": [square("110101", "东风街道", 116.0), square("110102", "西山街道", 116.01)],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found = arrivals.folder(tmp_path, arrivals.begin(tmp_path))
    content = json.dumps(STREETS, ensure_ascii=False).encode()
    arrivals.receive(found, "街道.geojson", 0, len(content), content)
    return found


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
    assert arrivals.noted(home, "outcome")["files"][0]["read"] == 2
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
    assert board["files"][0]["fault"]
    main("trial", home)
    assert desk.job(home).fault
    assert not desk.job(home).snapshot


def test_one_thing_at_a_time_and_it_can_be_stopped(tmp_path: Path, home: Path) -> None:
    counter = Desk(tmp_path)
    counter.start(home, "look")
    with pytest.raises(ImportRefusedError, match="wait for it or stop it"):
        counter.start(home, "look")
    counter.stop(home)
    assert counter.job(home).fault == "stopped"


def test_work_whose_process_is_gone_has_failed(tmp_path: Path, home: Path) -> None:
    desk.tell(home, Job("trial", "incidents", 0.4, ended=False))
    assert Desk(tmp_path).job(home).fault == "interrupted"
    assert desk.job(home).ended
