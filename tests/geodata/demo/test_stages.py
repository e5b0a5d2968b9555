from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from geodata.demo.codes import read_codes
from geodata.demo.misrouted import NOTORIOUS
from geodata.model.schemas import MOMENTS, STAGES

if TYPE_CHECKING:
    import pandas as pd

    from geodata.demo.plan import Plan

Moments = dict[str, npt.NDArray[np.int64]]


@pytest.fixture(scope="module")
def moments(recent: pd.DataFrame) -> Moments:
    return {name: recent[name].fillna(0).to_numpy(np.int64) for name in MOMENTS}


@pytest.fixture(scope="module")
def valid(recent: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return (recent["voided"].isna() & (recent["duplicate_of"] < 0)).to_numpy()


def test_stages_follow_each_other(recent: pd.DataFrame, moments: Moments) -> None:
    last = moments["reported"]
    for stage in STAGES[1:]:
        known = moments[stage] > 0
        assert (moments[stage][known] >= last[known]).all(), stage
        last = np.where(known, moments[stage], last)
    seen = moments["occurred"] > 0
    assert (moments["occurred"][seen] <= moments["reported"][seen]).all()
    whistled = moments["whistled"] > 0
    resolved = whistled & (moments["resolved"] > 0)
    assert (moments["whistled"][whistled] >= moments["arrived"][whistled]).all()
    assert (moments["resolved"][resolved] >= moments["whistle_arrived"][resolved] - 1).all()
    assert recent["closed"].notna().mean() > 0.97


def test_void_cases_go_no_further(moments: Moments) -> None:
    void = moments["voided"] > 0
    for stage in STAGES[1:]:
        assert (moments[stage][void] <= moments["voided"][void]).all()
    assert void.mean() == pytest.approx(0.015, abs=0.005)


@pytest.mark.parametrize(
    ("department", "pace"),
    [
        ("urban", (47, 82)),
        ("housing", (38, 71)),
        ("market", (33, 64)),
        ("ecology", (27, 52)),
        ("police", (24, 45)),
        ("water", (22, 43)),
    ],
)
def test_departments_arrive_at_their_pace(
    recent: pd.DataFrame,
    moments: Moments,
    valid: npt.NDArray[np.bool_],
    department: str,
    pace: tuple[float, float],
) -> None:
    row = read_codes().departments["key"].tolist().index(department)
    mine = valid & (recent["department"] == row).to_numpy() & (moments["arrived"] > 0)
    minutes = (moments["arrived"] - moments["reported"])[mine] / 60
    assert np.median(minutes) == pytest.approx(pace[0], rel=0.08)
    assert np.quantile(minutes, 0.9) == pytest.approx(pace[1], rel=0.12)


def test_most_close_in_time_and_some_are_overdue(
    recent: pd.DataFrame, moments: Moments, valid: npt.NDArray[np.bool_]
) -> None:
    limited = valid & (moments["due"] > 0)
    on_time = (moments["closed"] <= moments["due"])[limited].mean()
    assert on_time == pytest.approx(0.966, abs=0.008)
    now = int(recent["reported"].max())
    overdue = limited & (moments["due"] < now) & (moments["closed"] > now)
    a_day = limited.sum() / 28
    assert 0.004 < overdue.sum() / a_day < 0.03
    assert (recent["due"].isna() & valid).mean() == pytest.approx(0.0066, abs=0.004)


def test_whistles_and_levels_and_returns(
    recent: pd.DataFrame, moments: Moments, valid: npt.NDArray[np.bool_]
) -> None:
    called = valid & (moments["whistled"] > 0)
    wait = (moments["whistle_arrived"] - moments["whistled"])[called]
    assert called.sum() / valid.sum() == pytest.approx(0.06, abs=0.01)
    assert (wait <= 1800).mean() == pytest.approx(0.93, abs=0.02)
    shares = np.bincount(recent["settled_at"][valid], minlength=5)[1:] / valid.sum()
    np.testing.assert_allclose(shares, [0.62, 0.21, 0.14, 0.03], atol=0.012)
    urban = valid & (recent["department"] == 0).to_numpy()
    assert (recent["returned"][urban] > 0).mean() == pytest.approx(0.068, abs=0.012)


def test_citizens_are_mostly_content(recent: pd.DataFrame, valid: npt.NDArray[np.bool_]) -> None:
    score = recent["satisfaction"].to_numpy()[valid]
    asked = score > 0
    assert asked.mean() == pytest.approx(0.073, abs=0.01)
    assert (score[asked] >= 4).mean() == pytest.approx(0.917, abs=0.025)


def test_one_street_gets_slower(plan: Plan, recent: pd.DataFrame) -> None:
    ground = plan.world.ground
    area = ground.area[recent["site"].to_numpy()]
    minutes = (recent["arrived"] - recent["reported"]).to_numpy(dtype=float, na_value=np.nan) / 60
    worse = area == ground.worsening()
    rest = ~worse & ~np.isin(area, ground.dense())
    assert np.nanmedian(minutes[worse]) > 1.25 * np.nanmedian(minutes[rest])


def test_who_is_taken_for_whom_is_planted(recent: pd.DataFrame, moments: Moments) -> None:
    codes = read_codes()
    keys, first = codes.departments["key"].tolist(), recent["first_department"]
    sent = moments["dispatched"] > 0
    assert ((first >= 0) == sent).all()
    stayed = sent & (recent["returned"] == 0).to_numpy()
    assert (first == recent["department"])[stayed].all()
    wrong = recent[sent & (first != recent["department"]).to_numpy()]
    assert (wrong["returned"] > 0).all()
    for key, taken_for in NOTORIOUS.items():
        mine = wrong.loc[wrong["matter"] == codes.rows[key], "first_department"]
        assert set(mine) == {keys.index(taken_for)}
