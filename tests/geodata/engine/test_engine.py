"""Promises of the engine besides its numbers: lists, memory, freshness, errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geodata.engine import Engine, Request
from geodata.engine.answer import weight
from geodata.engine.cache import Recent
from geodata.engine.files import MONTH_LENGTH, covering, span
from geodata.engine.numbers import TALLY
from geodata.model.errors import RequestError
from geodata.model.schemas import MOMENTS
from tests.geodata.engine.city import HandMade, make_city, write_days
from tests.geodata.engine.oracle import DAY, NOW, Case, random_incidents

if TYPE_CHECKING:
    from pathlib import Path

CASE = Case(5, 600, (0, 0, 20), "street", 30.0, 0.0, (), (), (), "", "closed", "Asia/Shanghai")
WEEK = Request(0, "street", NOW - 30 * DAY, NOW, NOW)


@pytest.fixture
def city(tmp_path: Path) -> HandMade:
    return make_city(tmp_path, random_incidents(CASE))


@pytest.fixture
def engine(city: HandMade) -> Engine:
    return Engine(city, grain_s=1)


def test_the_list_is_what_is_counted(engine: Engine) -> None:
    request = replace(WEEK, place=1, categories=(0, 2))
    listed = engine.incidents(request, limit=1000)
    assert len(listed) == engine.screen(request).total["reported"]
    assert listed["reported"].is_monotonic_decreasing
    assert listed["site"].between(1, 10).all()
    assert set(listed["category"]) == {0, 2}
    assert (listed["closed"].dropna() <= NOW).all()
    assert (
        listed.loc[listed["resolved"].isna() & listed["closed"].isna(), "settled_at"] == 0
    ).all()
    page = engine.incidents(request, limit=7, offset=3)
    assert page["id"].tolist() == listed["id"].tolist()[3:10]


def test_cases_of_a_building(engine: Engine) -> None:
    found = engine.building_cases(4, NOW, days=100)
    assert set(found["site"]) == {8}
    cells = engine.screen(replace(WEEK, level="building", start=NOW - 100 * DAY)).cells
    assert len(found) == cells.loc[4, "reported"]
    with pytest.raises(RequestError, match="building 77"):
        engine.building_cases(77, NOW)


def test_weeks_of_buildings_are_their_cases_counted(engine: Engine) -> None:
    buildings = [6, 4, 77]
    weeks = engine.building_weeks(buildings, NOW, days=100)
    assert weeks.shape == (3, 15)
    for row, building in enumerate(buildings[:2]):
        back = (NOW - engine.building_cases(building, NOW, days=100)["reported"]) // (7 * DAY)
        assert weeks[row].tolist() == np.bincount(back.astype(int), minlength=15).tolist()
    assert weeks[:2].sum(axis=1).min() > 0
    assert weeks[2].sum() == 0  # nobody has such a building
    assert engine.building_weeks([], NOW).shape == (0, 13)


def test_a_case_at_the_edge_of_whole_weeks_is_of_no_further_week(engine: Engine) -> None:
    edge = int(engine.building_cases(4, NOW, days=100)["reported"].iloc[0])
    now = edge + 91 * DAY
    weeks = engine.building_weeks([4], now, days=91)
    assert weeks.shape == (1, 13)
    listed = engine.building_cases(4, now, days=91)["reported"]
    assert edge not in set(listed)
    assert weeks.sum() == len(listed)


@pytest.mark.parametrize("level", ["street", "grid", "building"])
def test_cells_alone_are_those_of_the_screen(engine: Engine, level: str) -> None:
    request = replace(WEEK, place=1, level=level, sources=(0, 1))
    alone, whole = engine.cells(request), engine.screen(request).cells
    pd.testing.assert_frame_equal(alone, whole.drop(columns="norm"))
    alone.loc[:, "reported"] = -1
    assert engine.cells(request)["reported"].sum() > 0


def test_points_are_those_with_coordinates(engine: Engine) -> None:
    lon, lat = engine.points(WEEK)
    listed = engine.incidents(WEEK, limit=1000)
    assert len(lon) == len(lat) == listed["lon"].notna().sum()
    assert sorted(lon) == sorted(listed["lon"].dropna().astype(float))


def test_cells_and_departments_meet_where_a_case_is(engine: Engine) -> None:
    cells, departments = engine.met(WEEK)
    met = set(zip(cells.tolist(), departments.tolist(), strict=True))
    assert len(met) == len(cells)
    for department in {department for _, department in met if department >= 0}:
        counted = engine.cells(replace(WEEK, departments=(department,)))["reported"]
        with_cases = {int(cell) for cell in counted.index[counted > 0] if cell >= 0}
        assert with_cases == {cell for cell, met_with in met if met_with == department}


def test_answers_are_kept_and_cannot_be_spoilt(engine: Engine, city: HandMade) -> None:
    first = engine.screen(WEEK)
    first.cells.loc[:, "reported"] = -1
    first.total["reported"] = -1
    for path in city.incident_files():
        path.unlink()
    again = engine.screen(WEEK)
    assert again.total["reported"] == again.cells["reported"].sum() > 0
    city.state = "second"
    assert engine.screen(WEEK).total["reported"] == 0


def test_a_table_whose_files_change_meanwhile_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incidents = random_incidents(CASE)
    city = make_city(tmp_path, incidents[incidents["reported"].astype(int) < NOW - DAY])
    before = Engine(city, grain_s=1).cells(WEEK)["reported"].sum()
    asked: list[int] = []

    def version() -> str:
        asked.append(len(asked))
        if len(asked) == 2:  # once the first read is over
            write_days(tmp_path, incidents)
        return "first" if len(asked) == 1 else "second"

    monkeypatch.setattr(city, "version", version)
    assert Engine(city, grain_s=1).cells(WEEK)["reported"].sum() > before > 0


def test_a_new_day_of_the_feed_is_seen(tmp_path: Path) -> None:
    incidents = random_incidents(CASE)
    reported = incidents["reported"].astype(int)
    city = make_city(tmp_path, incidents[reported < NOW - DAY])
    engine = Engine(city, grain_s=1)
    before = engine.screen(WEEK)
    late = incidents[reported >= NOW - DAY]
    write_days(tmp_path, incidents)
    city.state = "second"
    after = engine.screen(WEEK)
    gained = (
        after.total[["reported", "voided", "duplicates"]].sum()
        - before.total[["reported", "voided", "duplicates"]].sum()
    )
    assert gained == (late["reported"].astype(int) < NOW).sum() > 0
    assert after.newest > before.newest
    assert after.version == "second"


def test_freshness_is_of_the_whole_city(engine: Engine) -> None:
    incidents = random_incidents(CASE)
    narrow = replace(WEEK, place=2, start=NOW - 60, categories=(1,))
    sources = engine.screen(narrow).sources
    reported = incidents["reported"].astype(int)
    for source, newest in sources["newest"].items():
        mine = reported[(incidents["source"] == source) & (reported <= NOW)]
        assert newest == mine.max()
    # Long after the last case the newest moments are still found.
    later = engine.screen(replace(narrow, start=NOW + 99 * DAY, end=NOW + 100 * DAY))
    assert later.newest <= NOW
    assert engine.freshness(NOW + 400 * DAY).newest >= reported.max()


def test_moments_are_moved_to_whole_steps(city: HandMade) -> None:
    engine = Engine(city)
    odd = replace(WEEK, start=WEEK.start + 7, end=WEEK.end + 9, now=NOW + 13)
    request = engine.screen(odd).request
    assert [m % 15 for m in (request.start, request.end, request.now)] == [0, 0, 0]
    frozen = replace(city, profile=city.profile.model_copy(update={"as_of": "data"}))
    assert Engine(frozen).screen(odd).request == odd


def test_lists_and_pictures_are_of_the_moment_the_screen_is_of(city: HandMade) -> None:
    engine = Engine(city, grain_s=3_600)
    odd = replace(WEEK, level="building", start=WEEK.start + 7, end=NOW + 59, now=NOW + 59)
    shown = engine.screen(odd)
    listed = engine.incidents(odd, limit=1000)
    assert len(listed) == shown.total["reported"]
    assert listed["closed"].isna().sum() == shown.total["open"]
    assert (listed["reported"] <= shown.request.now).all()
    assert len(engine.points(odd)[0]) == listed["lon"].notna().sum()
    own = engine.building_cases(4, odd.now, days=30)
    same = listed[listed["site"] == 8]
    assert own["id"].tolist() == same["id"].tolist()
    assert own["closed"].isna().tolist() == same["closed"].isna().tolist()


def test_who_cannot_wait_for_a_shared_answer_asks_to_the_second(city: HandMade) -> None:
    engine = Engine(city, grain_s=3_600)
    coarse = engine.screen(replace(WEEK, now=NOW + 59))
    fine = engine.screen(replace(WEEK, now=NOW + 59, grain_s=1))
    assert coarse.request.now < NOW + 59
    assert fine.request.now == NOW + 59


@pytest.mark.parametrize("deadline", ["resolved", "closed"])
def test_one_stage_meets_the_deadline_wherever_it_is_asked(tmp_path: Path, deadline: str) -> None:
    incidents = random_incidents(replace(CASE, rows=4))
    for name in MOMENTS:
        incidents[name] = pd.array([pd.NA] * 4, dtype="UInt32")
    moments = {  # resolved in time and closed late, the other way round, late, not at all
        "reported": [NOW - 900] * 4, "due": [NOW - 500] * 4,
        "resolved": [NOW - 600, NOW + 50, NOW - 400, pd.NA],
        "closed": [NOW - 100, NOW - 550, pd.NA, pd.NA],
    }  # fmt: skip
    for name, values in moments.items():
        incidents[name] = pd.array(values, dtype="UInt32")
    incidents["duplicate_of"] = -1
    city = make_city(tmp_path, incidents, deadline=deadline)
    total = Engine(city, grain_s=1).screen(replace(WEEK, start=NOW - DAY)).total
    by_resolved = deadline == "resolved"
    assert total["due"] == 4
    assert total["closed_due"] == (3 if by_resolved else 2)
    assert total["closed_on_time"] == (2 if by_resolved else 1)
    assert total["overdue_open"] == total["backlog_overdue"] == (1 if by_resolved else 2)


def test_answers_weigh_what_their_tables_hold(engine: Engine) -> None:
    few, many = (engine.screen(replace(WEEK, place=p, level="building")) for p in (2, 0))
    assert weight(many) - weight(few) > 5 * len(TALLY) * 8
    assert weight(few) > few.cells.memory_usage().sum() + few.trend.memory_usage().sum()


def test_an_empty_city_has_empty_answers(tmp_path: Path) -> None:
    numbers = Engine(make_city(tmp_path, random_incidents(replace(CASE, rows=0)))).screen(WEEK)
    assert numbers.total[list(TALLY)].sum() == 0
    assert numbers.previous is None
    assert np.isnan(numbers.norm)
    assert numbers.newest == 0
    assert len(numbers.sparks) == 14
    assert numbers.sources["newest"].isna().all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": 99}, "place 99"),
        ({"level": "galaxy"}, "galaxy"),
        ({"start": NOW + 1}, "ends before"),
    ],
)
def test_errors_name_what_is_wrong(engine: Engine, change: dict[str, int], words: str) -> None:
    with pytest.raises(RequestError, match=words):
        engine.screen(replace(WEEK, **change))  # type: ignore[arg-type]


def test_threads_share_an_engine(engine: Engine) -> None:
    asked = [replace(WEEK, place=p, end=NOW - s) for p in (0, 1, 2, 6) for s in range(4)]
    alone = [engine.screen(request).total for request in asked]
    fresh = Engine(engine._city, grain_s=1)  # noqa: SLF001 - the same city, nothing kept
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda request: fresh.screen(request).total, asked))
    for one, other in zip(alone, together, strict=True):
        pd.testing.assert_series_equal(one, other)


def test_files_are_passed_over_by_name(tmp_path: Path) -> None:
    names = ["2026-10", "2026-11", "2026-12", "2026-12-24"]
    paths = [tmp_path / f"{name}.parquet" for name in names]
    start, end = span(paths[1])
    assert (end - start) // DAY == 32
    christmas = 1_798_070_400  # 24 December 2026, 0:00 UTC
    assert covering(paths, (christmas, christmas + 1)) == [str(paths[2]), str(paths[3])]
    assert covering(paths, (0, 5)) == []


@pytest.mark.parametrize("older", [MONTH_LENGTH, len("2026-11-21")])
def test_a_column_that_came_later_is_known_in_the_files_that_have_it(
    tmp_path: Path, older: int
) -> None:
    """Months of an older snapshot beside days of a feed, and the other way round."""
    city = make_city(tmp_path, random_incidents(CASE).assign(first_department=1, returned=1))
    asked = replace(WEEK, start=0)
    tables = {p: pq.read_table(p) for p in city.incident_files() if len(p.stem) == older}
    for path, table in tables.items():
        at = table.column_names.index("first_department")
        unknown = pa.array([-1] * len(table), pa.int16())
        pq.write_table(table.set_column(at, "first_department", unknown), path)
    wanted = Engine(city, grain_s=1).routes(asked)
    assert set(wanted["first_department"]) == {-1, 1}
    for path, table in tables.items():
        pq.write_table(table.drop_columns(["first_department"]), path)
    pd.testing.assert_frame_equal(Engine(city, grain_s=1).routes(asked), wanted)


def test_memory_is_bounded_by_weight() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key * 4

    kept: Recent[str] = Recent(10, len)
    for key in "abab":
        assert kept.get(key, lambda key=key: make(key)) == key * 4  # type: ignore[misc]
    kept.get("c", lambda: make("c"))  # a goes, b stays
    kept.get("b", lambda: make("b"))
    kept.get("a", lambda: make("a"))
    assert made == ["a", "b", "c", "a"]
