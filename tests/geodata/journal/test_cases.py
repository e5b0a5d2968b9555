from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.journal import events
from geodata.journal.cases import LIVE_IDS, Cases
from geodata.journal.codes import Codes
from geodata.journal.deadlines import warn
from geodata.journal.journal import Entry
from geodata.model.schemas import INCIDENTS
from tests.geodata.journal.oracle import rows_of
from tests.geodata.journal.stub import UNTIL, StubBase, StubCity, fold

if TYPE_CHECKING:
    import random

CODES = Codes(StubCity())  # type: ignore[arg-type]
T = UNTIL + 1_000


def entries(*lines: dict[str, Any]) -> list[Entry]:
    batch = events.read([orjson.dumps(line) for line in lines], CODES, 2**32)
    assert not batch.refused, batch.refused
    return [Entry(n, event.text) for n, event in enumerate(batch.events, 1)]


def event(
    stage: str, at: int, case: str = "N", source: str = "s", **more: object
) -> dict[str, Any]:
    given_ = {"category": "a"} if stage == "reported" else {}
    return {"source": source, "case": case, "stage": stage, "at": at, **given_, **more}


def folded(*lines: dict[str, Any]) -> Cases:
    cases = fold(CODES)
    cases.apply(entries(*lines))
    return cases


def row(*lines: dict[str, Any]) -> dict[str, Any]:
    columns = folded(*lines).columns()
    assert len(columns["id"]) == 1
    return {name: column[0] for name, column in columns.items()}


def test_a_report_and_its_stages_make_a_row() -> None:
    found = row(
        event("reported", T, lon=104.0, lat=30.0, floor=3),
        event("dispatched", T + 60, department="y"),
        event("closed", T + 900, settled_at=2),
    )
    assert found["id"] == LIVE_IDS + 1
    assert (found["key"], found["source"], found["category"]) == ("N", 0, 0)
    assert (found["reported"], found["dispatched"], found["closed"]) == (T, T + 60, T + 900)
    assert (found["arrived"], found["due"], found["department"]) == (0, 0, 1)
    assert (found["settled_at"], found["floor"], found["site"]) == (2, 3, 105)
    assert found["duplicate_of"] == -1


def test_every_column_has_the_type_it_is_published_with() -> None:
    columns = folded(event("reported", T)).columns()
    assert list(columns) == list(INCIDENTS)
    for name, kind in INCIDENTS.items():
        assert columns[name].dtype == (object if kind == "string" else kind.lower())


def test_stages_before_the_report_wait_for_it() -> None:
    cases = folded(event("closed", T + 5))
    assert (len(cases), len(cases.columns()["id"])) == (0, 0)
    cases.apply([Entry(2, entries(event("reported", T))[0].line)])
    assert len(cases) == 1
    assert cases.columns()["closed"].tolist() == [T + 5]


def test_the_latest_word_on_a_field_counts_whenever_it_comes() -> None:
    late = event("dispatched", T + 10, department="x")
    newer = event("dispatched", T + 20, department="z")
    for order in ((late, newer), (newer, late)):
        found = row(event("reported", T), *order)
        assert (found["dispatched"], found["department"]) == (T + 20, 2)


def test_a_correction_takes_back_and_sets() -> None:
    fields = {"closed": None, "category": "c", "department": None, "arrived": T + 7}
    found = row(
        event("reported", T, department="x"),
        event("closed", T + 50),
        event("arrived", T + 30),
        event("corrected", T + 60, fields=fields),
    )
    assert (found["closed"], found["category"], found["department"]) == (0, 2, -1)
    assert found["arrived"] == T + 7


def test_a_stage_after_a_correction_counts_again() -> None:
    found = row(
        event("reported", T),
        event("corrected", T + 60, fields={"closed": None}),
        event("closed", T + 70),
    )
    assert found["closed"] == T + 70


def test_a_case_opened_again_is_open_until_it_is_closed_again() -> None:
    before = (event("reported", T), event("resolved", T + 5), event("closed", T + 9))
    again = event("reopened", T + 20)
    found = row(*before, again)
    assert (found["resolved"], found["closed"], found["reopened"]) == (0, 0, 1)
    assert row(*before, again, event("closed", T + 30))["closed"] == T + 30
    assert row(again, *before)["closed"] == 0


def test_a_published_case_keeps_what_no_event_names() -> None:
    found = row(event("arrived", T, case="P1"))
    assert (found["id"], found["reported"], found["site"]) == (11, 900_000, 5)
    assert (found["category"], found["due"], found["arrived"]) == (1, 7, T)


def test_the_number_of_another_source_is_another_case() -> None:
    cases = folded(event("arrived", T, case="P1", source="t"))
    columns = cases.columns()
    assert (columns["id"][0], columns["closed"][0], columns["by_day"][0]) == (12, 920_000, 128)


def test_a_published_day_becomes_a_minute_once_an_event_tells_it() -> None:
    assert row(event("closed", T, case="P1", source="t"))["by_day"] == 0


def test_what_is_counted_adds_to_what_was_published() -> None:
    found = row(
        event("returned", UNTIL - 5, case="P1"),  # the publication has counted it
        event("returned", UNTIL + 5, case="P1"),
        event("returned", UNTIL + 9, case="P1"),
    )
    assert found["returned"] == 4


def test_a_corrected_count_is_counted_on() -> None:
    found = row(
        event("returned", UNTIL + 5, case="P1"),
        event("corrected", UNTIL + 7, case="P1", fields={"returned": 1}),
        event("returned", UNTIL + 9, case="P1"),
    )
    assert found["returned"] == 2


def test_a_moment_known_by_its_day_makes_no_minutes() -> None:
    found = row(event("reported", T, by_day=True), event("closed", T + 99, by_day=True))
    assert (found["reported"], found["closed"], found["by_day"]) == (T, T + 99, 1 + 128)
    again = row(event("reported", T), event("closed", T, by_day=True), event("closed", T + 9))
    assert (again["closed"], again["by_day"]) == (T + 9, 0)
    assert row(event("reported", T), event("voided", T, by_day=True))["voided"] == T


def test_a_count_corrected_before_the_publication_is_counted_on_from_there() -> None:
    found = row(
        event("corrected", UNTIL - 3, case="P1", fields={"returned": 0}),
        event("returned", UNTIL - 3, case="P1"),  # of equal moments what came later
        event("returned", UNTIL - 2, case="P1"),
        event("returned", UNTIL - 4, case="P1"),
    )
    assert found["returned"] == 2


def test_a_stage_before_the_report_is_moved_there_without_minutes() -> None:
    found = row(event("reported", T), event("arrived", T - 30))
    assert (found["arrived"], found["by_day"]) == (T, 16)


def test_the_limit_of_the_matter_makes_a_deadline() -> None:
    assert row(event("reported", T, matter="m"))["due"] == T + 3_600
    assert row(event("reported", T, matter="m", due=T + 5))["due"] == T + 5
    assert row(event("reported", T, category=None, matter="m"))["category"] == 2


def moment(written: str) -> int:
    return int(datetime.fromisoformat(f"{written}+08:00").timestamp())


def test_extension_and_suspension_move_a_deadline_that_was_reckoned() -> None:
    city = StubCity()
    city.matters = city.matters.assign(limit=4.0, limit_kind="working_hours")
    cases, friday = fold(Codes(city)), moment("2026-11-20T16:00")
    day = moment("2026-11-20T17:00")
    told = [
        event("reported", friday, matter="m"),
        event("extended", day),
        event("suspended", day + 5, suspended_s=86_400),
    ]
    seen = []
    for entry in entries(*told):
        cases.apply([entry])
        columns = cases.columns()
        seen.append((int(columns["due"][0]), int(columns["due_original"][0])))
    first = moment("2026-11-23T10:00")
    assert seen == [
        (first, 0),
        (moment("2026-11-23T16:00"), first),
        (moment("2026-11-24T16:00"), first),
    ]


def test_deadlines_on_days_of_unknown_holidays_are_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warn.cache_clear()
    city = StubCity()
    city.matters = city.matters.assign(limit=4.0, limit_kind="working_hours")
    cases, late = fold(Codes(city)), moment("2026-12-31T17:00")
    for number in range(2):
        cases.apply(entries(event("reported", late, case=f"{number}", matter="m")))
        cases.apply([Entry(9, entries(event("reported", late, case="L", matter="m"))[0].line)])
    assert cases.columns()["due"][0] == moment("2027-01-01T11:00")
    assert ["china.toml: deadlines lie on days" in text for text in caplog.messages] == [True]


def test_a_named_deadline_is_never_reckoned_anew() -> None:
    told = event("reported", T, matter="m", due=T + 5), event("extended", T + 1)
    assert (row(*told)["due"], row(*told)["due_original"]) == (T + 5, 0)
    both = event("due", T + 2, due=T + 50, due_original=T + 5)
    assert (row(*told, both)["due"], row(*told, both)["due_original"]) == (T + 50, T + 5)


def test_a_duplicate_names_its_first_report_by_id() -> None:
    cases = folded(
        event("reported", T),
        event("duplicate", T + 1, duplicate_of="P1"),
        event("reported", T, case="M"),
        event("duplicate", T + 1, case="M", duplicate_of="N"),
        event("reported", T, case="L"),
        event("duplicate", T + 1, case="L", duplicate_of="nobody"),
    )
    columns = cases.columns()
    found = dict(zip(columns["key"], columns["duplicate_of"], strict=True))
    assert found == {"N": 11, "M": LIVE_IDS + 1, "L": -1}


def test_a_duplicate_may_be_of_another_channel() -> None:
    cases = folded(
        event("reported", T),
        event("duplicate", T + 1, duplicate_of=["t", "P1"]),
        event("reported", T, case="M"),
        event("duplicate", T + 1, case="M", duplicate_of=["s", "N"]),
    )
    assert cases.columns()["duplicate_of"].tolist() == [12, LIVE_IDS + 1]


def test_a_place_is_taken_as_a_whole() -> None:
    found = row(
        event("reported", T, building="h"),
        event("corrected", T + 1, fields={"lon": 107.0, "lat": 30.0}),
    )
    assert (found["site"], found["lon"]) == (108, 107.0)


def test_a_device_without_position_is_nowhere() -> None:
    found = row(event("reported", T, lon=0, lat=0))
    assert found["site"] == 1
    assert np.isnan(found["lon"])


def test_cases_with_codes_of_another_publication_wait() -> None:
    line = entries(event("reported", T))[0].line.replace(b'"category":"a"', b'"category":"gone"')
    cases = fold(CODES)
    cases.apply([Entry(1, line)])
    assert len(cases) == 0
    cases.apply([Entry(2, entries(event("corrected", T, fields={"category": "a"}))[0].line)])
    assert len(cases) == 1


def test_the_version_is_the_city_and_the_newest_event() -> None:
    cases = folded(event("reported", T), event("closed", T + 1))
    assert (cases.version, cases.newest) == (("stub", 2), T + 1)


def test_many_cases_fit() -> None:
    lines = [event("reported", T + n, case=f"N{n}") for n in range(5_000)]
    cases = folded(*lines)
    assert cases.columns()["reported"].tolist() == [T + n for n in range(5_000)]


CASES = st.sampled_from([("s", "N"), ("s", "M"), ("t", "N"), ("s", "P1"), ("t", "P1")])
AT = st.integers(UNTIL - 3, UNTIL + 3)
SAID: dict[str, st.SearchStrategy[Any]] = {
    "category": st.sampled_from("abc"),
    "department": st.sampled_from("xyz"),
    "matter": st.sampled_from("mn"),
    "floor": st.integers(1, 3),
    "due": AT,
    "due_original": AT,
    "suspended_s": st.sampled_from([0, 7, 400 * 86_400]),
    "settled_at": st.integers(0, 4),
    "satisfaction": st.integers(1, 5),
    "building": st.just("h"),
    "duplicate_of": st.sampled_from(["N", "M", "P1", "Q"]),
}
TAKEN_BACK = ("department", "matter", "due", "closed", "arrived", "duplicate_of", "building")
STAGES = ("reported", "accepted", "arrived", "closed", "voided", "returned", "reopened", "extended")


@st.composite
def lines_of(draw: st.DrawFn) -> dict[str, Any]:
    source, case = draw(CASES)
    line = {"source": source, "case": case, "at": draw(AT)}
    said = draw(st.fixed_dictionaries({}, optional=SAID))
    if said.get("duplicate_of") == case:
        del said["duplicate_of"]
    if not said or draw(st.booleans()):
        line["stage"] = draw(st.sampled_from(STAGES))
        if line["stage"] == "reported":
            said.setdefault("category", "b")
        return line | said
    moments = st.dictionaries(st.sampled_from(["reported", "arrived", "closed"]), AT, max_size=2)
    counts = st.dictionaries(
        st.sampled_from(["returned", "appealed"]), st.integers(0, 3), max_size=1
    )
    nulls = dict.fromkeys(draw(st.lists(st.sampled_from(TAKEN_BACK), max_size=2)))
    return line | {"stage": "corrected", "fields": said | draw(moments) | draw(counts) | nulls}


@settings(deadline=None, max_examples=150)
@given(st.lists(lines_of(), max_size=25), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_rows_of_the_oracle(
    lines: list[dict[str, Any]], chance: random.Random
) -> None:
    kept = entries(*lines)
    shuffled = kept + chance.choices(kept, k=5) if kept else []
    chance.shuffle(shuffled)
    cases = fold(CODES)
    while shuffled:
        size = chance.randint(1, 6)
        cases.apply(shuffled[:size])
        shuffled = shuffled[size:]
        if chance.random() < 0.3:
            cases.columns()
    columns = cases.columns()
    found = {
        (int(source), str(key)): {name: columns[name][n] for name in columns}
        for n, (source, key) in enumerate(zip(columns["source"], columns["key"], strict=True))
    }
    wanted = rows_of(kept)
    assert found.keys() == wanted.keys()
    for case, expected in wanted.items():
        for name, value in expected.items():
            assert found[case][name] == pytest.approx(value, nan_ok=True), (case, name)


def test_whom_a_case_was_first_dispatched_to_is_told_by_its_events() -> None:
    told = (event("reported", T, category="a"), event("dispatched", T + 1, department="x"))
    back = event("returned", T + 2, department="y")
    again = event("dispatched", T + 3, department="z")
    assert row(told[0])["first_department"] == -1
    for lines in (told, (*told, back), (*told, back, again), (again, back, *told)):
        assert row(*lines)["first_department"] == 0
    named = event("corrected", T + 4, fields={"first_department": "y"})
    assert row(*told, back, again, named)["first_department"] == 1
    unknown = event("corrected", T + 4, fields={"first_department": None})
    assert row(*told, back, again, unknown)["first_department"] == -1


def published(more: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    """The row of a case that was published, after some events."""
    base = StubBase([(0, "N", {"id": 11, "reported": 900_000, **more})])
    cases = fold(CODES, base)
    cases.apply(entries(*lines))
    return {name: column[0] for name, column in cases.columns().items()}


def test_a_published_case_keeps_the_department_it_had_when_it_first_came_back() -> None:
    sent = {"dispatched": 900_001, "department": 0, "first_department": -1}
    back = event("returned", T)
    again = event("dispatched", T + 1, department="z")
    assert published(sent, back)["first_department"] == 0
    assert published(sent, back, again)["first_department"] == 0
    assert published(sent | {"returned": 1}, back, again)["first_department"] == -1  # of the second
    assert published(sent | {"first_department": 1}, back, again)["first_department"] == 1
    assert published(sent | {"dispatched": 0}, again)["first_department"] == 2
