"""The engine against plain loops over small random cities."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from geodata.engine.numbers import BACKLOG, QUANTILES, TALLY
from geodata.model.schemas import STAGES
from tests.geodata.engine.oracle import (
    CASES,
    DAY,
    ENGINES,
    NOW,
    Asked,
    Case,
    Maker,
    as_of,
    ask,
    expected,
    judge,
    minutes,
)
from tests.geodata.engine.twins import twin

if TYPE_CHECKING:
    import pandas as pd


def agree(answer: pd.Series, wanted: dict[str, float]) -> None:
    names = [name for name in wanted if name in answer.index]
    got = answer[names].to_numpy(dtype=float)
    np.testing.assert_allclose(got, [wanted[n] for n in names], rtol=1e-9, err_msg=str(names))


def check_total(asked: Asked) -> None:
    request, numbers, deadline = asked.case.request, asked.numbers, asked.case.deadline
    inside = asked.window(request.start, request.end)
    agree(numbers.total, expected(inside, NOW, deadline))
    length = request.end - request.start
    assert (numbers.previous is None) == (request.start - length < asked.first)
    if numbers.previous is not None:
        then = NOW - length
        before = asked.window(request.start - length, request.start, then)
        agree(numbers.previous, expected(before, then, deadline))
    for now, answer in ((NOW, numbers.total), (NOW - length, numbers.previous)):
        if answer is None:
            continue
        held = [judge(r, now, deadline) for r in asked.window(now - 90 * DAY + 1, now + 1, now)]
        assert answer["backlog_open"] == sum(each["open"] for each in held)
        assert answer["backlog_overdue"] == sum(
            each["overdue_open"] and each["reported"] for each in held
        )


def check_tables(asked: Asked) -> None:
    request, numbers = asked.case.request, asked.numbers
    inside = asked.window(request.start, request.end)
    tables = {
        "category": numbers.categories,
        "department": numbers.departments,
        "source": numbers.sources,
        "cell": numbers.cells,
    }
    for name, table in tables.items():
        assert table.index.is_unique
        for key, answer in table.iterrows():
            mine = [
                r for r in inside if (asked.cell(r["site"]) if name == "cell" else r[name]) == key
            ]
            agree(answer, expected(mine, NOW, asked.case.deadline))
        # Cells and the unknown place add up to the total, and so does every other list.
        sums = table[list(TALLY)].sum()
        np.testing.assert_array_equal(sums, numbers.total[list(TALLY)])
    assert -1 in numbers.cells.index
    assert numbers.departments[list(BACKLOG)].sum().tolist() == [
        numbers.total[name] for name in BACKLOG
    ]


def check_norm(asked: Asked) -> None:
    request, numbers = asked.case.request, asked.numbers
    end = max(request.start, min(request.end, NOW + 1))
    length = end - request.start
    weeks = max(1, -(-length // (7 * DAY)))
    counts, parts = [], []
    for number in range(1, (8 if length <= 7 * DAY else 4) + 1):
        start = asked.shifted(request.start, weeks * number)
        if start < asked.first:
            break
        part = asked.valid(start, asked.shifted(end, weeks * number))
        counts.append(len(part))
        parts += part
    assert numbers.norm_weeks == len(counts)
    if len(counts) < 2:
        assert np.isnan([numbers.norm, numbers.norm_low, numbers.norm_high]).all()
        assert numbers.cells["norm"].isna().all()
        return
    assert numbers.norm == pytest.approx(np.mean(counts))
    assert numbers.norm_low == pytest.approx(np.quantile(counts, 0.1))
    assert numbers.norm_high == pytest.approx(np.quantile(counts, 0.9))
    for unit, norm in numbers.cells["norm"].items():
        mine = [row for row in parts if asked.cell(row["site"]) == unit]
        assert norm == pytest.approx(len(mine) / len(counts))
    for table in (numbers.cells, numbers.departments, numbers.categories):
        assert table["norm"].sum() == pytest.approx(numbers.norm)


def check_trend(asked: Asked) -> None:
    request, numbers = asked.case.request, asked.numbers
    end = max(request.start, min(request.end, NOW + 1))
    hourly = request.end - request.start <= 14 * DAY
    step = 3600 if hourly else DAY
    assert numbers.trend_step_s == step

    def wall(moment: int) -> int:
        local = datetime.fromtimestamp(moment, asked.zone).replace(tzinfo=UTC)
        return int(local.timestamp()) // step

    start = end - 14 * DAY if hourly else request.start
    counts: dict[int, int] = {}
    for row in asked.valid(0, end):
        counts[wall(row["reported"])] = counts.get(wall(row["reported"]), 0) + 1
    walls = [wall(int(moment)) for moment in numbers.trend["at"]]
    assert walls[0] == wall(start)
    assert walls[-1] == wall(max(end - 1, start))
    assert numbers.trend["reported"].tolist() == [counts.get(number, 0) for number in walls]
    week = 7 * DAY // step
    for number, low, high in zip(walls, numbers.trend["low"], numbers.trend["high"], strict=True):
        back = [number - week * k for k in range(1, 9) if number - week * k > wall(asked.first)]
        values = [counts.get(each, 0) for each in back]
        if len(values) < 2:
            assert np.isnan(low)
        else:
            np.testing.assert_allclose([low, high], np.quantile(values, [0.1, 0.9]))


def check_rest(asked: Asked) -> None:
    request, numbers = asked.case.request, asked.numbers
    inside = asked.window(request.start, request.end)
    valid = [as_of(r, NOW) for r in inside if judge(r, NOW, "closed")["reported"]]
    steps: list[Any] = list(numbers.steps.itertuples())
    for step, (a, b) in zip(steps, pairwise(STAGES), strict=True):
        known = [minutes(case, a, b) for case in valid]
        taken = [each for each in known if each is not None and each >= 0]
        assert step.n == len(taken)
        if taken:
            assert step.median_min == pytest.approx(np.quantile(taken, 0.5))
    edges = [*numbers.sparks.index, max(request.start + 1, min(request.end, NOW + 1))]
    assert len(edges) == 15
    for low, high in pairwise(edges):
        agree(numbers.sparks.loc[low], expected(asked.window(low, high), NOW, asked.case.deadline))


@pytest.fixture(scope="module", params=[*ENGINES, "postgresql"])
def make(request: pytest.FixtureRequest) -> Maker:
    if request.param in ENGINES:
        return ENGINES[request.param]
    return partial(twin, request.getfixturevalue("warehouse"))


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@pytest.mark.parametrize("live", [False, True], ids=["published", "live"])
@given(case=CASES)
def test_equals_plain_loops(make: Maker, live: bool, case: Case) -> None:  # noqa: FBT001
    with tempfile.TemporaryDirectory() as folder:
        asked = ask(case, Path(folder), make, live=live)
        assert list(asked.numbers.total.index) == [*TALLY, *BACKLOG, *QUANTILES]
        check_total(asked)
        check_tables(asked)
        check_norm(asked)
        check_trend(asked)
        check_rest(asked)
