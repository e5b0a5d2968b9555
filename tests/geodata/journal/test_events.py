from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata
from geodata.crs import from_wgs84
from geodata.journal import events, reasons
from geodata.journal.vocabulary import CODES, KNOWN

if TYPE_CHECKING:
    from geodata.journal.codes import Codes
    from geodata.journal.events import Batch

NOW = 1_795_242_600
REPORT = {"source": "a", "case": "S-1", "stage": "reported", "at": NOW - 60, "category": "b"}


def read(codes: Codes, *lines: object) -> Batch:
    texts = [line if isinstance(line, bytes) else orjson.dumps(line) for line in lines]
    return events.read(texts, codes, NOW)


def words(codes: Codes, **more: object) -> dict[str, Any]:
    batch = read(codes, {**REPORT, **more})
    assert not batch.refused
    found: dict[str, Any] = orjson.loads(batch.events[0].text)
    return found


def test_an_event_is_kept_in_canonical_words(codes: Codes) -> None:
    assert words(codes, floor="3") == {
        "source": "a",
        "case": "S-1",
        "stage": "reported",
        "at": NOW - 60,
        "set": {"category": "b", "floor": 3},
    }


@pytest.mark.parametrize(
    "at", ["2026-11-21T14:29:00+08:00", "2026-11-21T06:29:00Z", NOW - 60, NOW - 59.5]
)
def test_a_moment_is_known_however_it_is_written(codes: Codes, at: object) -> None:
    assert words(codes, at=at)["at"] == NOW - 60


def test_the_same_event_is_known_again(codes: Codes) -> None:
    first, second = read(codes, REPORT, {**REPORT, "category": " 设施", "floor": None}).events
    assert first.id == second.id
    assert first.id != read(codes, {**REPORT, "category": "c"}).events[0].id


def test_a_number_of_the_sources_own_names_the_event(codes: Codes) -> None:
    first, second = read(
        codes, {**REPORT, "event": "e1"}, {**REPORT, "event": "e1", "case": 7}
    ).events
    assert first.id == second.id == "a/e1"
    assert first.text != second.text


def test_a_name_stands_for_its_key(codes: Codes) -> None:
    assert words(codes, department="住建局", source="热线")["set"]["department"] == "b"


def test_a_matter_brings_its_category(codes: Codes) -> None:
    batch = read(codes, {**REPORT, "category": None, "matter": "c"})
    assert orjson.loads(batch.events[0].text)["set"] == {"matter": "c"}


def test_shifted_coordinates_are_taken_back(codes: Codes) -> None:
    lon, lat = (float(x[0]) for x in from_wgs84("GCJ-02", [104.01], [30.51]))
    said = words(codes, lon=lon, lat=lat, crs="gcj02")["set"]
    assert said["lon"] == pytest.approx(104.01, abs=1e-6)
    assert said["lat"] == pytest.approx(30.51, abs=1e-6)


REFUSED = {
    "line_not_json": [b"{", b"[]", b'{"a": NaN}', b"\xff", b"1"],
    "line_too_long": [b'"' + b"x" * 20_000 + b'"'],
    "field_missing": [
        {**REPORT, "source": None},
        {**REPORT, "case": ""},
        {**REPORT, "at": None},
        {**REPORT, "stage": None},
        {**REPORT, "stage": "rated"},
        {**REPORT, "stage": "due"},
        {**REPORT, "stage": "suspended"},
        {**REPORT, "stage": "duplicate"},
    ],
    "field_personal": [
        {**REPORT, "phone": "13912345678"},
        {"source": "a", "case": "1", "stage": "corrected", "at": NOW, "fields": {"reporter": "张"}},
    ],
    "field_unknown": [{**REPORT, "colour": 1}, {**REPORT, "fields": {"floor": 1}}],
    "field_out_of_range": [
        {**REPORT, "case": "x" * 200},
        {**REPORT, "case": "a\nb"},
        {**REPORT, "case": True},
        {**REPORT, "floor": 1_000},
        {**REPORT, "floor": True},
        {**REPORT, "lon": "east", "lat": 30},
        {**REPORT, "building": []},
        {**REPORT, "duplicate_of": "S-1"},
        {**REPORT, "duplicate_of": ["a", "S-1"]},
        {**REPORT, "duplicate_of": ["fax", "S-1"]},
        {**REPORT, "duplicate_of": ["a"]},
        {**REPORT, "duplicate_of": ["a", None]},
        {"source": "a", "case": "1", "stage": "corrected", "at": NOW, "fields": {"category": None}},
    ],
    "nothing_said": [{"source": "a", "case": "1", "stage": "corrected", "at": NOW, "fields": {}}],
    "stage_unknown": [{**REPORT, "stage": "done"}, {**REPORT, "stage": []}],
    "time_unreadable": [{**REPORT, "at": "yesterday"}, {**REPORT, "at": [1]}],
    "time_without_zone": [{**REPORT, "at": "2026-11-21T14:29:00"}, {**REPORT, "due": "2026-11-30"}],
    "time_out_of_range": [{**REPORT, "at": -1}, {**REPORT, "at": NOW * 1_000}],
    "time_in_future": [{**REPORT, "at": NOW + 90_000}],
    "source_unknown": [{**REPORT, "source": "fax"}, {**REPORT, "source": 1}],
    "category_unknown": [{**REPORT, "category": "x"}],
    "department_unknown": [{**REPORT, "department": "x"}],
    "matter_unknown": [{**REPORT, "matter": "x"}],
    "category_missing": [{**REPORT, "category": None}],
    "place_incomplete": [{**REPORT, "lon": 104.0}],
    "place_not_on_earth": [{**REPORT, "lon": 30.5, "lat": 104.0}],
    "crs_unknown": [{**REPORT, "lon": 1.0, "lat": 2.0, "crs": "EPSG:4547"}],
}


@pytest.mark.parametrize(
    ("reason", "line"), [(reason, line) for reason, lines in REFUSED.items() for line in lines]
)
def test_a_bad_line_is_refused_by_name_and_costs_no_other(
    codes: Codes, reason: str, line: object
) -> None:
    batch = read(codes, REPORT, b"", line, {**REPORT, "case": "S-2"})
    assert [(told.line, told.reason) for told in batch.refused] == [(3, reason)]
    assert [event.line for event in batch.events] == [1, 4]


def test_what_is_unknown_is_named(codes: Codes) -> None:
    assert read(codes, {**REPORT, "department": "喷泉局"}).refused[0].detail == "喷泉局"


def test_a_strange_place_is_taken_and_told(codes: Codes) -> None:
    batch = read(codes, {**REPORT, "building": "nowhere", "unit": "999"})
    assert len(batch.events) == 1
    assert [(told.reason, told.detail) for told in batch.remarks] == [
        ("building_not_found", "nowhere"),
        ("unit_not_found", "999"),
    ]


def test_a_known_place_is_not_remarked_on(codes: Codes) -> None:
    assert not read(codes, {**REPORT, "building": "B991110", "unit": "9911"}).remarks


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(REFUSED) <= set(reasons.catalogue())
    for entry in reasons.catalogue().values():
        assert set(entry) == {"zh", "en", "cure_zh", "cure_en"}
        assert all(entry.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "source",
        "case",
        "stage",
        "at",
        "event",
        "by_day",
        "fields",
        "lon",
        "lat",
        "crs",
        "building",
        "unit",
        "category",
        "matter",
        "department",
        "floor",
        "due",
        "satisfaction",
        "duplicate_of",
    ]
)
LIKELY = st.sampled_from(["a", "b", "corrected", "rated", *sorted(KNOWN)]) | st.just(NOW) | JSON


@settings(deadline=None)
@given(st.lists(st.dictionaries(NAMES, LIKELY) | JSON, max_size=4))
def test_whatever_comes_is_kept_or_refused(codes: Codes, given_: list[object]) -> None:
    lines = [orjson.dumps(each, option=orjson.OPT_NON_STR_KEYS) for each in given_ if _fits(each)]
    batch = events.read(lines, codes, NOW)
    assert len(batch.events) + len(batch.refused) == len(lines)
    for told in batch.refused:
        assert told.reason in reasons.catalogue()


def _fits(value: object) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


def test_every_reason_is_given_somewhere() -> None:
    root = Path(geodata.__file__).parents[1]
    rooms = [root / "geodata" / room for room in ("journal", "watch")]
    files = [path for room in [*rooms, root / "dashboard/server/api"] for path in room.glob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    made = {f"{name}_unknown" for name in CODES}  # of the name of the field
    assert [k for k in reasons.catalogue() if f'"{k}"' not in text and k not in made] == []
