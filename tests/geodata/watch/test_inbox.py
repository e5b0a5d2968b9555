from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd
import pytest

from geodata.ingest import draft_from_profile
from geodata.journal.codes import Codes
from geodata.journal.errors import JournalFullError
from geodata.journal.journal import Journal, url_of
from geodata.journal.opening import cases_of
from geodata.publish import publish
from geodata.store.snapshots import open_city
from geodata.watch import Inbox
from geodata.watch.inbox import DONE, REFUSED, TAKING
from tests.geodata.formats.writing import xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geodata.journal.cases import Cases
    from geodata.journal.events import Event
    from geodata.journal.tables import Receipt
    from geodata.store.snapshots import City
    from geodata.watch.inbox import Outcome

PROFILE = """
key = "t"
name_zh = "试验市"
name_en = "Try"
language = "en"
time_zone = "Asia/Shanghai"
as_of = "data"
categories = [{key = "holes", name_zh = "Holes", name_en = "Holes"}]
matters = [{key = "gap", name_zh = "Gap", name_en = "Gap", category = "holes", limit = 2}]
levels = [
  {key = "city", name_zh = "市", name_en = "City"},
  {key = "area", name_zh = "片", name_en = "Area", sources = [
    {path = "areas.geojson", columns = {name_zh = "name", code = "id"}}]},
]
[[incidents]]
time_formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
place_level = "area"
place_by = "name"
source = "hotline"
[incidents.layer]
path = "cases.csv"
[incidents.layer.columns]
key = "no"
reported = "in"
closed = "out"
department = "dept"
category = "what"
place = "where"
lon = "x"
lat = "y"
[[incidents.layer.versions]]
key = "no"
reported = "in"
closed = "out"
department = "dept"
matter = "kind"
place = "where"
"""
HEAD = "no,in,out,dept,what,where,x,y\n"
HISTORY = "1,2026-11-01 10:00,,Parks,Trees,East,,\n2,2026-11-01 11:00,,Roads,Holes,West,,\n"
NOW = 1_795_242_600  # 2026-11-21 14:30 in Shanghai
TEN = 1_795_226_400  # 2026-11-21 10:00


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    squares = [
        {
            "type": "Feature",
            "properties": {"name": name, "id": name[0]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 30], [x + 0.1, 30], [x + 0.1, 30.1], [x, 30.1], [x, 30]]],
            },
        }
        for x, name in ((104.0, "West"), (104.1, "East"))
    ]
    document = {"type": "FeatureCollection", "features": squares}
    (folder / "areas.geojson").write_bytes(orjson.dumps(document))
    (folder / "cases.csv").write_text(HEAD + HISTORY, encoding="utf-8")
    profile = folder / "t.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    publish(draft_from_profile(profile), folder / "data")
    return open_city(folder / "data")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(url_of(tmp_path))


@pytest.fixture
def inbox(tmp_path: Path, journal: Journal) -> Inbox:
    return Inbox(tmp_path, journal)


def drop(inbox: Inbox, name: str, data: str | bytes) -> Path:
    path = inbox.folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    old = time.time() - 60
    os.utime(path, (old, old))
    return path


def looked(inbox: Inbox, city: City) -> list[Outcome]:
    return list(inbox.look(Codes(city), NOW))


def folded(journal: Journal, city: City) -> dict[str, dict[str, Any]]:
    cases: Cases = cases_of(city)
    for part in journal.entries():
        cases.apply(part)
    columns = cases.columns()
    return {
        key: {name: columns[name][n] for name in columns} for n, key in enumerate(columns["key"])
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_becomes_cases_and_is_put_away_with_its_account(
    inbox: Inbox, journal: Journal, city: City
) -> None:
    rows = "9,2026-11-21 10:00,2026-11-21 12:00,Roads,Trees,East,104.05,30.05\n"
    drop(
        inbox,
        "morning.csv",
        HEAD + rows + "1,2026-11-01 10:00,2026-11-20 09:00,Parks,Trees,East,,\n",
    )
    (outcome,) = looked(inbox, city)
    assert (outcome.rows, outcome.accepted, outcome.refused) == (2, 4, [])
    assert names(inbox.folder / DONE) == ["morning.csv", "morning.csv.report.txt"]
    assert names(inbox.folder) == [TAKING, DONE, REFUSED]
    assert "new events: 4" in (inbox.folder / DONE / "morning.csv.report.txt").read_text()
    found = folded(journal, city)
    new, old = found["9"], found["1"]
    assert (new["reported"], new["closed"]) == (TEN, TEN + 7_200)
    assert city.departments["key"][new["department"]] == "roads"
    east = city.places.index[city.places["name_zh"] == "East"][0]
    assert city.sites["unit"][new["site"]] == east  # as the profile says: the name, not the point
    assert old["id"] < 10  # the published case, closed now
    assert old["closed"] == TEN - 86_400 - 3_600


def test_a_deadline_that_a_file_lacks_follows_the_case(
    inbox: Inbox, journal: Journal, city: City
) -> None:
    drop(inbox, "a.csv", "no,in,out,dept,kind,where\n9,2026-11-21 10:00,,Roads,Gap,East\n")
    looked(inbox, city)
    assert folded(journal, city)["9"]["due"] == TEN + 2 * 3_600
    drop(inbox, "b.csv", f"source,case,stage,at\nhotline,9,extended,{TEN + 60}\n")
    looked(inbox, city)
    found = folded(journal, city)["9"]
    assert (found["due"], found["due_original"]) == (TEN + 4 * 3_600, TEN + 2 * 3_600)


def test_the_same_file_again_is_known_again(inbox: Inbox, journal: Journal, city: City) -> None:
    text = HEAD + "9,2026-11-21 10:00,,Roads,Trees,East,,\n"
    for _ in range(2):
        drop(inbox, "a.csv", text)
        (outcome,) = looked(inbox, city)
    assert (outcome.accepted, outcome.repeated) == (0, 1)
    assert journal.last() == 1
    assert names(inbox.folder / DONE) == [
        "a (2).csv", "a (2).csv.report.txt", "a.csv", "a.csv.report.txt",
    ]  # fmt: skip


def test_a_later_file_is_the_newer_word(inbox: Inbox, journal: Journal, city: City) -> None:
    drop(inbox, "1.csv", HEAD + "9,2026-11-21 10:00,,Roads,Trees,East,,\n")
    looked(inbox, city)
    drop(inbox, "2.csv", HEAD + "9,2026-11-21 10:00,2026-11-21 11:00,Parks,Trees,West,,\n")
    looked(inbox, city)
    row = folded(journal, city)["9"]
    assert city.departments["key"][row["department"]] == "parks"
    assert row["closed"] == TEN + 3_600


def test_bad_rows_are_told_by_number_and_cost_no_other(
    inbox: Inbox, journal: Journal, city: City
) -> None:
    rows = (
        "9,2026-11-21 10:00,,Roads,Trees,East,,\n"
        "10,soon,,Roads,Trees,East,,\n"
        "11,2026-11-21 10:00,,Fountains,Trees,East,,\n"
        "12,2026-11-21 10:00,2026-11-21 11:00,Roads,Cats,East,,\n"
        ",2026-11-21 10:00,,Roads,Trees,East,,\n"
        "13,2026-12-24 10:00,,Roads,Trees,East,,\n"
    )
    drop(inbox, "a.csv", HEAD + rows)
    (outcome,) = looked(inbox, city)
    assert [(told.line, told.reason, told.detail) for told in outcome.refused] == [
        (3, "reported_unreadable", ""),
        (4, "department_unknown", "Fountains"),
        (5, "category_unknown", "Cats"),
        (6, "case_missing", ""),
        (7, "time_in_future", f"at: {TEN + 33 * 86_400}"),
    ]
    assert list(folded(journal, city)) == ["9"]
    text = (inbox.folder / DONE / "a.csv.report.txt").read_text()
    assert "rows refused: 5" in text
    assert "row 4: department that this city does not have (Fountains) →" in text


def test_a_day_without_a_time_stays_a_day(inbox: Inbox, journal: Journal, city: City) -> None:
    drop(inbox, "a.csv", HEAD + "9,2026-11-20,2026-11-21,Roads,Trees,East,,\n")
    looked(inbox, city)
    assert folded(journal, city)["9"]["by_day"] == 1 + 128


def test_a_workbook_is_read(inbox: Inbox, city: City) -> None:
    frame = pd.DataFrame(
        [["9", "2026-11-21 10:00", "", "Roads", "Trees", "East", "", ""]],
        columns=HEAD.strip().split(","),
    )
    drop(inbox, "a.xlsx", xlsx([list(frame), *frame.to_numpy().tolist()]))
    (outcome,) = looked(inbox, city)
    assert (outcome.accepted, outcome.refused) == (1, [])


def test_a_file_of_events_needs_no_mapping(inbox: Inbox, journal: Journal, city: City) -> None:
    text = (
        "source,case,stage,at,category,department,building\n"
        f"hotline,7,reported,{TEN},trees,,\n"
        "hotline,7,dispatched,2026-11-21T10:05:00+08:00,,parks,\n"
        "fax,8,reported,2026-11-21T10:05:00+08:00,trees,,\n"
    )
    drop(inbox, "events.csv", text)
    (outcome,) = looked(inbox, city)
    assert (outcome.accepted, [told.reason for told in outcome.refused]) == (2, ["source_unknown"])
    assert folded(journal, city)["7"]["dispatched"] == TEN + 300


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("strange.csv", b"a,b\n1,2\n"),
        ("empty.csv", b""),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 200),
        ("broken.xlsx", b"PK\x03\x04nothing"),
        ("all[0-9]*${HOME}.csv", b"a,b\n1,2\n"),
        ("none.csv", (HEAD + "9,soon,,Roads,Trees,East,,\n").encode()),
    ],
)
def test_what_cannot_be_used_is_put_aside_with_the_reason(
    inbox: Inbox, journal: Journal, city: City, name: str, data: bytes
) -> None:
    drop(inbox, name, data)
    (outcome,) = looked(inbox, city)
    assert not outcome.taken
    assert outcome.why or outcome.refused
    assert str(inbox.folder) not in outcome.why
    assert names(inbox.folder / REFUSED) == [name, f"{name}.report.txt"]
    assert journal.last() == 0


def test_a_file_still_on_its_way_waits(inbox: Inbox, city: City) -> None:
    (inbox.folder / "new.csv").write_text(HEAD, encoding="utf-8")
    drop(inbox, "big.csv.part", HEAD)
    drop(inbox, ".hidden.csv", HEAD)
    (inbox.folder / "link.csv").symlink_to("/etc/passwd")
    assert looked(inbox, city) == []


def test_the_oldest_is_taken_first(inbox: Inbox) -> None:
    for age, name in ((100, "b.csv"), (300, "c.csv"), (200, "a.csv")):
        drop(inbox, name, HEAD)
        os.utime(inbox.folder / name, (time.time() - age,) * 2)
    assert [path.name for path in inbox.waiting()] == ["c.csv", "a.csv", "b.csv"]


def test_a_journal_that_cannot_keep_leaves_the_file_waiting(tmp_path: Path, city: City) -> None:
    class Full:
        def append(self, events: Sequence[Event], sender: str = "") -> Receipt:
            raise JournalFullError(sender + str(len(events)))

    inbox = Inbox(tmp_path, Full())
    drop(inbox, "a.csv", HEAD + "9,2026-11-21 10:00,,Roads,Trees,East,,\n")
    with pytest.raises(JournalFullError):
        looked(inbox, city)
    assert [path.name for path in inbox.waiting()] == ["a.csv"]


def test_a_file_in_hand_when_the_process_ended_is_taken_again(
    tmp_path: Path, journal: Journal, city: City
) -> None:
    first = Inbox(tmp_path, journal)
    path = drop(first, "a.csv", HEAD + "9,2026-11-21 10:00,,Roads,Trees,East,,\n")
    path.replace(first.folder / TAKING / "a.csv")
    again = Inbox(tmp_path, journal)
    assert [outcome.accepted for outcome in looked(again, city)] == [1]
    assert names(again.folder / TAKING) == []
