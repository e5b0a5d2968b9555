"""The departments beside each other, from the figures of a small story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.place import DESK, Place
from dashboard.screens.overview import headline
from dashboard.screens.overview.department import compare, funnel, returns, standing
from geodata.engine.counted import EVASIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene

ON_TIME = "on_time_rate"
NONE = pd.DataFrame(columns=["id", "department", "whistled", "whistle_arrived"])


def with_rates(scene: Scene, *rates: tuple[int, int]) -> Scene:
    """The scene with (on time, due) of its departments, one after the other."""
    table = scene.numbers.departments.copy()
    table = table[table.index >= 0].iloc[: len(rates)]
    table["closed_on_time"] = [on_time for on_time, _ in rates]
    table["due"] = [due for _, due in rates]
    return replace(scene, numbers=replace(scene.numbers, departments=table))


@pytest.fixture
def scene(make_scene: Callable[..., Scene]) -> Scene:
    return make_scene(Place(arrangement=DESK))


def test_who_is_clearly_last_is_named(scene: Scene) -> None:
    found = standing.standings(with_rates(scene, (700, 1000), (900, 1000), (910, 1000)), ON_TIME)
    assert [each.row for each in found.all] == [2, 1, 0]
    assert [(each.best, each.worst) for each in found.all] == [(1, 2), (1, 2), (3, 3)]
    assert standing.title(scene, found) == "城管执法局按时办结率末位，区间与其他部门不重叠"


def test_those_who_cannot_be_told_apart_are_not_named(scene: Scene) -> None:
    alike = standing.standings(with_rates(scene, (90, 100), (91, 100), (92, 100)), ON_TIME)
    assert standing.title(scene, alike) == "3\u2009个部门的按时办结率差异不显著，不分名次"
    last = standing.standings(with_rates(scene, (800, 1000), (810, 1000), (950, 1000)), ON_TIME)
    assert "末位的\u20092\u2009个部门差异不显著" in standing.title(scene, last)


def test_one_lucky_case_has_no_rank(scene: Scene, text: Callable[[Any], str]) -> None:
    told = with_rates(scene, (1, 1), (900, 1000), (950, 1000))
    found = standing.standings(told, ON_TIME)
    assert [(each.row, each.rank) for each in found.all] == [(2, 1), (1, 2), (0, 0)]
    row = standing.rows(told, found)[-1]
    assert "样本不足" in text(row)
    assert "%" not in text(row)


def test_where_nearly_all_are_hits_misses_are_told(
    scene: Scene, text: Callable[[Any], str]
) -> None:
    told = with_rates(scene, (9990, 10000), (9970, 10000))
    found = standing.standings(told, ON_TIME)
    assert found.misses
    assert [each.row for each in found.all] == [0, 1]
    panel = text(compare.ranking(told))
    assert "每万件未达标数" in panel
    assert "竖线" not in panel  # there is none: the target is a rate
    assert "每万件 30" in text(standing.rows(told, found)[1])
    said = "".join(words for words, _ in headline.sentence(told)).replace("\u2009", " ")
    assert "2 个部门中末位是住建交通局（每万件 30 件未达标）" in said


def test_where_nobody_can_be_told_apart_there_are_no_ranks(
    scene: Scene, text: Callable[[Any], str], find: Callable[[Any, str], list[Any]]
) -> None:
    told = with_rates(scene, (989, 1000), (988, 1000), (991, 1000))
    rows = standing.rows(told, standing.standings(told, ON_TIME))
    places = [span for span in find(rows, "Span") if vars(span).get("className") == "rank"]
    assert [text(place) for place in places] == ["", "", ""]
    panel = text(compare.ranking(told))
    assert "不分名次" in panel
    assert "小字" not in panel
    said = "".join(words for words, _ in headline.sentence(told)).replace("\u2009", " ")
    assert "3 个部门的按时办结率差异不显著" in said
    assert "末位" not in said
    shared = with_rates(scene, (800, 1000), (810, 1000), (950, 1000))
    said = "".join(words for words, _ in headline.sentence(shared)).replace("\u2009", " ")
    assert "3 个部门中末位的 2 个差异不显著" in said
    assert "80" not in said


def counts(**far: int) -> pd.DataFrame:
    """Everybody extends 2 of 100 cases; the first does otherwise."""
    table = pd.DataFrame(0, index=range(-1, 3), columns=list(EVASIONS))
    table.loc[0:, ["came", "settled"]] = 100
    table.loc[0:, "extended"] = 2
    table.loc[0, list(far)] = list(far.values())
    return table


def test_the_furthest_share_is_named_and_marked(scene: Scene, text: Callable[[Any], str]) -> None:
    panel = compare.marks(compare.Comparison(scene, counts(extended=20), NONE))
    assert "城管执法局延期率 20.0%，高于全部部门的 8.0%" in text(panel)
    usual = compare.marks(compare.Comparison(scene, counts(), NONE))
    assert "没有部门明显偏高" in text(usual)


def test_a_share_of_few_cases_is_a_dash(scene: Scene, text: Callable[[Any], str]) -> None:
    table = counts()
    table.loc[0, ["came", "settled", "extended"]] = [19, 19, 19]
    panel = compare.marks(compare.Comparison(scene, table, NONE))
    assert "没有部门明显偏高" in text(panel)
    assert "城管执法局—" in text(panel)


def test_nothing_to_compare_is_an_empty_panel(scene: Scene, text: Callable[[Any], str]) -> None:
    empty = pd.DataFrame(0, index=[-1], columns=list(EVASIONS))
    assert "办理质量对比" in text(compare.marks(compare.Comparison(scene, empty, NONE)))
    assert standing.rows(scene, standing.standings(with_rates(scene), ON_TIME)) == []


def test_a_city_that_records_no_checks_is_not_accused(
    scene: Scene, text: Callable[[Any], str]
) -> None:
    table = counts(extended=20)
    table.loc[0:, ["closed", "unverified"]] = 100
    assert "核查" not in text(compare.marks(compare.Comparison(scene, table, NONE)))


def test_the_funnel_tells_what_is_lost_at_each_stage(
    scene: Scene, text: Callable[[Any], str]
) -> None:
    counts = pd.Series(
        {"came": 1000, "reached_accepted": 940, "reached_dispatched": 900, "reached_resolved": 800,
         "voided": 30, "duplicates": 20}
    )  # fmt: skip
    said = text(funnel.funnel(scene, counts)).replace("\u2009", " ")
    assert "采集 1,000 件，已办结 80.0%" in said
    assert "立案940 94.0% · 60 件未到：作废 30、重复 20、待立案 10" in said
    assert "即上方的“受理”950 件" in said
    assert "90.0% · 40 件未到" in said
    assert "80.0% · 100 件未到" in said
    assert "未登记" in said  # that nothing is published would be another thing
    assert "已办结" not in text(funnel.funnel(scene, counts * 0))


def routed(scene: Scene, *rows: tuple[int, int, int, int]) -> Scene:
    """The scene with settled cases: matter, first department, department, how many."""
    table = pd.DataFrame(rows, columns=list(returns.COLUMNS), dtype="int64")
    return replace(scene, routes=table)


def test_who_returns_most_to_whom_is_named(scene: Scene, text: Callable[[Any], str]) -> None:
    told = routed(scene, (0, 0, 1, 5), (-1, 0, 1, 4), (-1, 1, 0, 7), (0, 2, 0, 1), (0, 0, 0, 91))
    first, second = (scene.entry(scene.city.departments, row) for row in (0, 1))
    said = text(returns.returns(told))
    assert f"{first}最常退给{second}（9 件）" in said
    assert f"{first}—90991.0%" in said  # the cells, their sum, and 91 of 100 right at first
    assert f"{second}7—07—" in said  # a share of seven cases is none
    desk = replace(told, numbers=replace(
        told.numbers, request=replace(told.numbers.request, departments=(1,))
    ))  # fmt: skip
    assert f"{second}最常退给{first}（7 件）" in text(returns.returns(desk))


def test_of_a_case_sent_back_from_nobody_knows_whom_nothing_is_said(
    scene: Scene, text: Callable[[Any], str]
) -> None:
    told = routed(scene, (0, -1, 1, 50), (0, 1, 1, 50))
    assert "没有退给其他部门的案件" in text(returns.returns(told))
    assert returns.first_dispatched(told).loc[1].tolist() == [50, 50]


def test_matters_often_misrouted_come_first(scene: Scene, text: Callable[[Any], str]) -> None:
    told = text(returns.misrouted(routed(scene, (-1, 0, 1, 3), (0, 0, 1, 4), (0, 1, 0, 7))))
    assert f"{scene.city.matters['name_zh'].iloc[0]}最常派错（11 件）" in told
    assert "没有派错的案件" in text(returns.misrouted(routed(scene, (0, 1, 1, 9))))


def test_what_is_not_listed_shares_one_row_and_one_column(scene: Scene) -> None:
    table = returns.rerouted(routed(scene, (0, 0, 1, 3), (1, 2, 1, 4), (1, 2, 3, 5)))
    found = returns.crossed(table, "first_department", [0], "department", [1])
    assert found.tolist() == [[3, 0], [4, 5]]


def test_the_tables_tell_every_pair_with_its_share(scene: Scene) -> None:
    told = routed(scene, (0, 0, 1, 5), (-1, 0, 1, 5), (0, 0, 0, 90), (0, -1, 1, 8))
    pairs = returns.returns_table(told)
    assert pairs[["案件（件）", "占比（%）"]].to_numpy().tolist() == [[90, 90.0], [10, 10.0]]
    assert returns.misrouted_table(told)["案件（件）"].tolist() == [5, 5]
