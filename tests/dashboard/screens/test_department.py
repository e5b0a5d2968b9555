"""The panels of one department, from the figures of a small story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard.place import DESK, Place, from_query
from dashboard.screens.overview.department import case as case_panel
from dashboard.screens.overview.department import evasions, hours, promptness, queue, waiting
from dashboard.screens.overview.department.desk import Desk
from geodata.engine.assessed import ASSESSED
from geodata.engine.counted import EVASIONS
from geodata.engine.handling import Handling
from geodata.model.schemas import DAY_BITS, INCIDENTS
from tests.dashboard.screens.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene

MINUTE = 60


def assessed(**mine: float) -> pd.DataFrame:
    """What the first department is assessed by; the others have no case."""
    table = pd.DataFrame(0.0, index=range(-1, 6), columns=list(ASSESSED))
    table.loc[0, list(mine)] = list(mine.values())
    return table


def week(**cells: tuple[int, int]) -> pd.DataFrame:
    """Nothing was due but where said: `d5_h18=(due, missed)`."""
    index = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    table = pd.DataFrame({"due": 0, "missed": 0}, index=index)
    for name, counts in cells.items():
        day, hour = (int(part[1:]) for part in name.split("_"))
        table.loc[(day, hour), :] = counts
    return table


def case(due: float, stage: str, **more: object) -> dict[str, Any]:
    return {
        "id": 1, "key": "A-1", "site": 0, "cell": 1, "category": 0, "matter": -1, "department": 0,
        "source": 0, "lon": 0.5, "lat": 0.5, "reported": NOW - 20 * MINUTE, "due": due,
        "done": False, "overdue": due < NOW, "stage": stage, "since": NOW - 60,
        "whistled": np.nan, "whistle_arrived": np.nan, **more,
    }  # fmt: skip


@pytest.fixture
def make_desk(make_scene: Callable[..., Scene]) -> Callable[..., Desk]:
    def make(
        cases: tuple[dict[str, Any], ...] = (case(NOW + 600, "accepted"),),
        table: pd.DataFrame | None = None,
        shares: dict[int, dict[str, int]] | None = None,
        language: str = "zh",
    ) -> Desk:
        scene = make_scene(Place(language=language, departments=("k0",), arrangement=DESK))
        counts = pd.DataFrame(0, index=range(-1, 6), columns=list(EVASIONS))
        for row, found in (shares or {}).items():
            counts.loc[row, list(found)] = list(found.values())
        handling = Handling(
            request=scene.numbers.request,
            open=pd.DataFrame(list(cases), columns=list(case(0, ""))),
            hours=week() if table is None else table,
            evasions=counts,
        )
        return Desk(scene=scene, row=0, handling=handling, assessed=assessed())

    return make


def test_the_address_tells_the_arrangement() -> None:
    assert from_query("?on=dept&d=urban").arrangement == DESK
    assert from_query("?on=wall").dropped == ("arrangement",)
    assert Place(arrangement=DESK, departments=("urban",)).href() == "?on=dept&d=urban"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (59, "0:00"), (7 * 60, "0:07"), (-72 * 60, "1:12"), (26 * 3600, "26:00"),
     (60 * 3600, "2.5 天")],
)  # fmt: skip
def test_time_left_is_a_clock_until_days_say_more(seconds: float, said: str) -> None:
    assert queue.countdown(seconds, "天") == said


def test_overdue_cases_come_first_and_the_rest_is_told(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    late = [case(NOW - 60 * n * 60, "taken") for n in range(6, 0, -1)]
    found = text(queue.queue(make_desk((*late, case(NOW + 600, "accepted")))))
    assert "6 件已超时限，最久 6:00" in found
    assert found.index("超 6:00") < found.index("超 3:00") < found.index("0:10")
    assert "超 2:00" not in found
    assert "另 2 件已超时限" in found
    assert "待派遣" in found


def test_open_cases_that_are_not_listed_are_told(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    desk = make_desk(tuple(case(NOW + 600, "accepted") for _ in range(queue.ROWS + 7)))
    found = text(queue.queue(desk))
    assert found.count("0:10") == queue.ROWS
    assert "另 7 件在办 ›" in found
    whole = replace(desk, scene=replace(desk.scene, place=desk.scene.place.moved(table="queue")))
    assert text(queue.queue(whole)).count("0:10") == queue.ROWS + 7


def test_all_overdue_cases_are_bounded(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    desk = make_desk((*[case(NOW - 60, "taken")] * 310, case(NOW + 600, "accepted")))
    asked = replace(desk, scene=replace(desk.scene, place=desk.scene.place.moved(table="queue")))
    found = text(queue.queue(asked))
    assert found.count("超 0:01") == 300
    assert "另 10 件" in found
    assert "0:10" not in found


def test_what_met_its_limit_counts_down_no_more(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    found = text(queue.queue(make_desk((case(NOW + 600, "resolved", done=True),))))
    assert "已达时限环节" in found
    assert "0:10" not in found


def test_a_case_without_a_limit_says_so(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    found = text(queue.queue(make_desk((case(float("nan"), "reported"),))))
    assert "无时限" in found
    assert "在办案件均无时限" in found


def test_no_open_case_is_said_as_such(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    desk = make_desk(())
    assert "鹤湾" not in text(queue.queue(desk))
    assert waiting.sent(desk) == []
    assert waiting.legend(desk) is None


def test_the_worst_hours_are_named_only_where_they_stand_out() -> None:
    calm = {f"d{day}_h{hour}": (40, 4) for day in range(7) for hour in range(24)}
    assert hours.worst_block(week(**calm)) is None
    busy = calm | {f"d{day}_h18": (400, 200) for day in (5, 6)}
    weekend, hour, share = hours.worst_block(week(**busy)) or (False, -1, 0.0)
    assert (weekend, hour) == (True, 18)
    assert share == pytest.approx((400 + 16) / (800 + 160) * 100)


def test_hours_with_few_cases_are_hatched_and_never_written(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    desk = make_desk(table=week(d0_h9=(19, 19), d1_h9=(100, 25), d2_h9=(100, 50)))
    panel = hours.hours(desk)
    found = text(panel)
    assert "50" in found
    assert "100" not in found.replace("n<20", "")
    cells = [part for part in _all(panel) if "cell" in (getattr(part, "className", "") or "")]
    assert len(cells) == 168
    assert cells[9].className == "cell few"
    assert "样本不足" in cells[9].title


def test_the_week_is_told_in_steps_that_have_cases_enough() -> None:
    busy = week(**{f"d{day}_h{hour}": (20, 1) for day in range(7) for hour in range(24)})
    assert hours.coarse(busy)[1] == 1
    table, step = hours.coarse(busy // 2)
    assert step == 2
    assert len(table) == 7 * 12
    assert table["due"].sum() == busy["due"].sum() // 2
    assert hours.coarse(week())[1] == 6


def test_few_more_than_usual_by_chance_are_not_named() -> None:
    calm = {f"d{day}_h{hour}": (40, 4) for day in range(7) for hour in range(24)}
    assert hours.worst_block(week(**calm | {"d0_h12": (40, 8), "d1_h12": (40, 8)})) is None


def _all(node: Any) -> list[Any]:  # noqa: ANN401
    """Every component below one."""
    found = []
    children = getattr(node, "children", None)
    for child in children if isinstance(children, list) else [children]:
        if hasattr(child, "to_plotly_json"):
            found += [child, *_all(child)]
    return found


def test_a_share_far_above_all_departments_is_named(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    shares = {
        0: {"came": 100, "settled": 100, "extended": 30},
        1: {"came": 900, "settled": 900, "extended": 20},
    }
    desk = make_desk(shares=shares)
    assert evasions.above(desk) == ["extended_rate"]
    found = text(evasions.evasions(desk))
    assert "延期率 30.0%，高于全部部门的 5.0%" in found
    assert "30.0% / 5.0%" in found


def test_a_share_of_few_cases_is_not_judged(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    shares = {0: {"came": 19, "settled": 19, "extended": 19}, 1: {"came": 900, "settled": 900}}
    desk = make_desk(shares=shares)
    assert evasions.above(desk) == []
    assert "— / 2.1%" in text(evasions.evasions(desk))


def test_points_say_how_long_a_case_waits(make_desk: Callable[..., Desk]) -> None:
    cases = (
        case(NOW - 1, "verified"),
        case(NOW + 9, "arrived"),
        case(NOW + 9, "taken", reported=NOW - 31 * MINUTE),
        case(NOW + 9, "taken", reported=NOW - 15 * MINUTE),
        case(NOW + 9, "taken", reported=NOW - 14 * MINUTE),
        case(NOW + 9, "taken", lon=np.nan, lat=np.nan),
    )
    desk = make_desk(cases)
    assert list(waiting.kinds(desk))[:5] == ["overdue", "there", "long", "soon", "new"]
    assert [point["kind"] for point in waiting.sent(desk)] == ["worst", *waiting.kinds(desk)[1:5]]


@pytest.mark.parametrize("more", [0, 1])
def test_of_many_overdue_cases_only_those_that_are_longest_are_large(
    make_desk: Callable[..., Desk], text: Callable[[Any], str], more: int
) -> None:
    late = tuple(case(NOW - 9 + i, "taken") for i in range(waiting.WORST + more))
    desk = make_desk(late)
    large = [point["kind"] for point in waiting.sent(desk)]
    assert large == ["worst"] * waiting.WORST + ["overdue"] * more
    assert ("大者超时最久" in text(waiting.legend(desk))) == bool(more)
    assert str(waiting.WORST + more) in text(waiting.legend(desk))


def one_case(**more: object) -> pd.Series:
    row: dict[str, Any] = {
        name: pd.NA if kind == "UInt32" else 0 for name, kind in INCIDENTS.items()
    }
    row |= {
        "id": 7,
        "key": "A-7",
        "matter": -1,
        "duplicate_of": -1,
        "reported": NOW - 7200,
        "accepted": NOW - 7080,
    }
    return pd.Series({"done": more.get("closed", pd.NA)} | row | more)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "无时限"),
        ({"due": NOW + 600}, "还有 10 分"),
        ({"due": NOW - 600}, "已超 10 分"),
        ({"due": NOW - 600, "closed": NOW - 1200}, "提前 10 分办结"),
        ({"due": NOW - 1200, "closed": NOW - 600}, "超时 10 分办结"),
    ],
)
def test_the_deadline_of_a_case_is_told_in_words(
    make_desk: Callable[..., Desk], text: Callable[[Any], str], more: dict[str, Any], said: str
) -> None:
    desk = replace(make_desk(), case=one_case(**more))
    found = text(case_panel.case(desk))
    assert said in found
    assert "+2 分" in found
    assert "没有同类案件" in found


@pytest.mark.parametrize(
    ("more", "said", "unsaid"),
    [
        ({"due": NOW - 600, "voided": NOW - 60}, "作废，不计入考核", "已超"),
        ({"due": NOW - 600, "duplicate_of": 3}, "重复件，不计入考核", "已超"),
        ({"due": NOW + 600, "due_original": NOW - 7800}, "超 130 分", "未超原时限"),
        ({"due": NOW - 600, "extended": 1}, "延期、挂账前的时限没有记录", "未超原时限"),
        ({"due": NOW + 600, "matter": 0}, "4 工作时", "由来源给定"),
        ({"due": NOW + 600, "appealed": 1}, "申诉过，结果无记录", "不计入"),
        # Closed and never resolved: what the engine says was done counts, whatever the stage.
        ({"due": NOW - 600, "closed": NOW - 1200, "done": NOW - 1200}, "提前 10 分办结", "已超"),
    ],
)
def test_a_case_says_how_it_counts(
    make_desk: Callable[..., Desk],
    text: Callable[[Any], str],
    more: dict[str, Any],
    said: str,
    unsaid: str,
) -> None:
    desk = make_desk()
    profile = desk.scene.city.profile.model_copy(update={"deadline": "resolved"})
    desk.scene.city.profile = profile  # type: ignore[misc]
    found = text(case_panel.case(replace(desk, case=one_case(**more))))
    assert said in found
    assert unsaid not in found


def test_a_stage_known_by_its_day_says_no_minutes(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    row = one_case(by_day=DAY_BITS["accepted"], dispatched=NOW - 60)
    found = text(case_panel.case(replace(make_desk(), case=row)))
    assert "+" not in found


def test_others_nearby_lead_to_their_own_case(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    near = pd.DataFrame({"id": [9], "matter": [-1], "metres": [12.4], "reported": [NOW - 60]})
    panel = case_panel.case(replace(make_desk(), case=one_case(), near=near))
    assert "同类案件 1 件" in text(panel)
    assert "12 米" in text(panel)
    assert any("c=9" in str(getattr(part, "href", "")) for part in _all(panel))


def test_what_met_the_first_limit_stands_beside_what_met_the_last(
    make_desk: Callable[..., Desk], text: Callable[[Any], str]
) -> None:
    desk = make_desk()
    desk.scene.numbers.departments.loc[0, ["due", "closed_on_time"]] = [200, 190]
    counts = assessed(raw_due=200, raw_on_time=150, discovery_n=19, discovery_median_min=3)
    panel = text(promptness.promptness(replace(desk, assessed=counts)))
    assert "75.0% 在原时限内办结，计入延期、挂账后为 95.0%" in panel
    assert "第一时间处置47 分" in panel
    assert "第一时间发现—" in panel
    assert "原时限按时率—" in text(promptness.promptness(desk))
