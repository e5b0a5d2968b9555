"""The headline, the titles and the six figures say what the numbers say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from dashboard.place import Place, from_query
from dashboard.screens.overview import (
    alerts,
    bullets,
    categories,
    headline,
    kpis,
    ladder,
    overlay,
    settlement,
)
from dashboard.screens.overview.map_state import marks
from geodata.metrics import deviation
from geodata.model.periods import DAY, Window
from geodata.model.places import BUILDING, Tree
from tests.dashboard.screens.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene


def _said(scene: Scene) -> str:
    return "".join(words for words, _ in headline.sentence(scene)).replace("\u2009", " ")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            Place(),
            "近 7 日受理 18,964 件，高于常态 8%；主要来自物业服务（+21%），集中在丹坪、鹤湾两街道",
        ),
        (
            Place(language="en"),
            (
                "18,964 cases in 7 days, 8% above the norm; mainly name 1 (+21%), "
                "in 丹坪 and 鹤湾 subdistricts"
            ),
        ),
        (
            Place(departments=("k0",)),
            "城管执法局到场中位 47 分，超目标 17 分；鹤湾、丹坪最慢，耗时主要在派遣→接单环节",
        ),
    ],
)
def test_headline(make_scene: Callable[..., Scene], place: Place, expected: str) -> None:
    assert _said(make_scene(place)) == expected


def test_every_noun_of_the_headline_is_a_link(make_scene: Callable[..., Scene]) -> None:
    links = [href for _, href in headline.sentence(make_scene()) if href]
    assert links == ["?k=k1", "?at=9901002", "?at=9901001"]


def test_nothing_happened_is_said_in_words(make_scene: Callable[..., Scene]) -> None:
    assert _said(make_scene(empty=True)) == "近 7 日无受理记录"


def test_a_city_without_cases_never_reads_as_zero(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    scene = make_scene(empty=True, meta={"months": []})
    assert "暂无事件数据" in _said(scene)
    figures = [p for p in find(kpis.kpis(scene), "P") if p.className == "figure"]
    assert [text(figure) for figure in figures] == ["—"] * 6


def test_a_short_history_has_no_norm(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(empty=True)
    assert np.isnan(deviation.total(scene.numbers).share)
    assert deviation.driver(scene.numbers) is None


def test_six_figures(make_scene: Callable[..., Scene], text: Callable[..., str]) -> None:
    said = text(kpis.kpis(make_scene()))
    for part in ("18,964件", "↑ 8% 较常态", "96.4%", "✓ 目标 95%", "93.1%", "低于目标 95%", "38件",
                 "↑ 5 较一周前", "83.0%", "91.7%", "n 1,204"):  # fmt: skip
        assert part in said


def test_six_figures_of_a_department(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(kpis.kpis(make_scene(Place(departments=("k0",)))))
    for part in ("到场中位", "47分", "超目标 17 分", "31.4%", "412件", "6.8%"):
        assert part in said


def test_departments_past_the_target(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(bullets.bullets(make_scene()))
    assert "3 个部门到场中位数超过 30 分钟" in said
    assert [said.count(f"未达标{n} 分钟") for n in (47, 38, 33)] == [1, 1, 1]
    assert "目标 30 分" in said


def test_where_time_is_lost(make_scene: Callable[..., Scene], text: Callable[..., str]) -> None:
    said = text(ladder.ladder(make_scene(Place(departments=("k0",)))))
    assert "耗时主要在“派遣 → 接单”环节：21 分，目标 10 分" in said
    assert "3.2 / 6.4 时" in said


def test_title_and_note_of_the_map(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(overlay.overlay(make_scene()))
    assert "丹坪、鹤湾诉求密度最高" in said
    assert "36 个社区" in said
    assert "2 件位置不明" in said


def test_a_past_period_shows_the_alerts_that_were_open_at_its_end(
    make_scene: Callable[..., Scene],
) -> None:
    ended = Window(NOW - DAY, NOW - 1000)
    past = replace(make_scene(), window=ended, span=ended)
    assert [alert.level for alert in alerts.open_alerts(past)] == [2, 4]


def test_a_played_window_that_nobody_chose_shows_the_newest_alerts_too(
    make_scene: Callable[..., Scene],
) -> None:
    """It ends with the last whole quarter of an hour; a red alert since then is open too."""
    newest = replace(make_scene(), window=Window(NOW - 4600, NOW - 1000))
    assert [alert.level for alert in alerts.open_alerts(newest)] == [1, 2]
    chosen = replace(newest, place=newest.place.moved(play="2026-11-21T14:00"))
    assert [alert.level for alert in alerts.open_alerts(chosen)] == [2, 4]


def test_alerts_worst_first_and_cleared_ones_gone(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    found = alerts.open_alerts(scene)
    assert [alert.level for alert in found] == [1, 2]
    assert found[0].code == "B008651"
    # All of them are a link of its own, which is seen where only the worst one is shown.
    assert text(alerts.alert_list(scene)).startswith(
        "2 条红橙预警全部 2 条红色红色丹坪1社区燃气异味 11 件14:21"
    )


def test_whether_any_alert_is_open_is_known_without_its_words(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene()
    early = Window(NOW - 400 * DAY, NOW - 399 * DAY)
    for each in (scene, replace(scene, window=early, span=early)):
        assert alerts.are_open(each) == bool(alerts.open_alerts(each))
    assert alerts.are_open(scene)


def test_an_alert_leads_to_the_cases_it_rests_on(make_scene: Callable[..., Scene]) -> None:
    """Its place, the window they were reported in and their category, on the map as in the list."""
    scene = make_scene()
    since, until = NOW - 3_700, NOW - 640
    known = scene.city.alerts.assign(
        since=[np.nan, since, np.nan], until=[np.nan, until, np.nan], category=[-1, 1, -1]
    )
    scene = replace(scene, city=type(scene.city)(**vars(scene.city) | {"alerts": known}))
    found, imported = alerts.open_alerts(scene)
    place = from_query(found.href(scene))
    start, end = (
        datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(scene.zone)).timestamp()
        for moment in place.period.split("..")
    )
    assert (place.at, place.categories, place.dropped) == ("B008651", ("k1",), ())
    assert start <= since < start + 60
    assert until < end <= until + 60
    assert from_query(imported.href(scene)).period == ""
    assert found.href(scene) in {mark["href"] for mark in marks(scene)}
    assert "；自" in found.reason


def test_a_small_norm_is_not_made_a_percentage(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    scene = replace(scene, numbers=replace(scene.numbers, norm=4.5))
    assert "高于" not in _said(scene)
    assert "件，常态 4.5 件" in _said(scene)
    assert "样本不足" not in _said(scene)  # why is told once, on the figure
    assert "常态 4.5 件 · 基数小" in text(kpis.kpis(scene))


def test_small_categories_are_not_compared(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    scene.numbers.categories["norm"] = 3.0
    scene.numbers.categories["reported"] = 5.0
    said = text(categories.categories(scene))
    assert "常态不足 20 件，不比升降" in said
    assert "↑" not in said


def test_a_share_of_few_cases_is_not_drawn_by_day(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene()
    scene.numbers.total["asked"] = 4
    assert kpis._trend(kpis.CITY[5], scene) == []  # noqa: SLF001
    assert len(kpis._trend(kpis.CITY[1], scene)) == 14  # noqa: SLF001


def test_latin_names_are_apart_from_the_words_between_them(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene()
    scene.city.places.loc[scene.city.tree.children(0), "name_zh"] = [
        f"Milton Park {'ABCDEFGHIJKL'[n]}x" for n in range(12)
    ]
    said = "".join(words for words, _ in headline.sentence(scene))
    assert "在\u2009Milton Park" in said


def test_names_with_their_own_level_need_no_noun(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene()
    scene.city.places.loc[scene.city.tree.children(0), "name_zh"] = [f"{n}号" for n in range(12)]
    assert "两" not in _said(scene)


def test_names_go_without_their_parent_where_it_is_the_place(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene(Place(at="9901001"))
    children = scene.city.tree.children(scene.unit)
    names = [f"鹤湾街道第{n}网格" for n in range(1, len(children) + 1)]
    scene.city.places.loc[children, "name_zh"] = names
    scene.numbers.cells.loc[children, "reported"] = [900, 800, 100]
    assert _said(scene).endswith("集中在第1网格、第2网格")


def test_a_small_category_that_leads_takes_the_last_row(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    scene.numbers.categories.loc[6, ["reported", "norm"]] = [473.0, 244.0]
    said = text(categories.categories(scene))
    assert said.startswith("其他诉求增长最快")
    assert "473↑ 94%" in said
    cause = "；主要来自物业服务（+21%），其他增长最快（+94%）"
    assert f"{cause}；诉求集中在丹坪、鹤湾两街道" in _said(scene)
    scene.numbers.total["reported"] += 3000  # now nothing brings half of what is additional
    assert "；物业服务增加最多（+21%），其他增长最快（+94%）；" in _said(scene)
    english = _said(replace(scene, language="en"))
    assert english.endswith("fastest: name 6 (+94%)")  # for more there is no room


def test_buildings_are_not_taken_for_units(
    make_scene: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene()
    cells = scene.children.cells.copy()
    cells["arrival_median_min"] = np.arange(20.0, 20 + len(cells)) ** 2
    cells["arrival_n"] = 100.0
    cells.index += 10_000  # rows of buildings, of which there are more than units
    crowded = replace(scene, level=BUILDING, children=replace(scene.children, cells=cells))
    monkeypatch.setattr(Tree, "next_level", lambda *_: BUILDING)
    assert _said(crowded).endswith("主要来自物业服务（+21%）")
    crowded.numbers.categories["norm"] = crowded.numbers.categories["reported"]
    assert "最慢" not in _said(crowded)


def test_places_hardly_above_the_whole_are_not_named(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene()
    cells = scene.children.cells
    cells["reported"] = 1250.0
    assert "集中" not in _said(scene)
    cells.loc[scene.city.tree.children(0)[1], "reported"] = 2500.0
    assert _said(scene).endswith("；丹坪街道诉求密度最高")


def test_to_concentrate_is_said_of_counts_alone(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene()
    first, second, *others = (int(unit) for unit in scene.city.tree.children(0))
    people = scene.city.places["people"]
    scene.children.cells.loc[others, "reported"] = 1200.0
    scene.children.cells.loc[[first, second], "reported"] = 900.0
    scene.city.places.loc[[first, second], "people"] = people[first] / 2
    said = _said(scene)
    assert said.endswith("；鹤湾、丹坪两街道诉求密度最高")
    assert "集中" not in said


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "近 30 日市容环境，城管执法局到场中位 47 分"),
        ("en", "Name 0, 30 days · Name 0: median arrival 47 min"),
    ],
)
def test_a_filtered_department_tells_its_filters(
    make_scene: Callable[..., Scene], language: str, expected: str
) -> None:
    place = Place(departments=("k0",), categories=("k0",), period="30d", language=language)
    assert _said(make_scene(place)).startswith(expected)


def test_what_stands_open_is_as_of_now_and_against_when_the_period_began(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    assert "↑ 5 较一周前" in text(kpis.kpis(make_scene()))
    for period, ago in (("24h", "24 小时前"), ("30d", "30 日前"), ("90d", "90 日前")):
        said = text(kpis.kpis(make_scene(Place(period=period))))
        assert f"↑ 5 较 {ago}" in said
        assert "较一周前" not in said
    for period in ("today", "2026-10-01..2026-10-07"):
        said = text(kpis.kpis(make_scene(Place(period=period))))
        assert "近 90 日受理" in said
        assert "较一周前" not in said


def test_a_figure_of_few_cases_is_faint(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    scene = make_scene()
    scene.numbers.total[["asked", "satisfied"]] = 4.0
    looks = [p.className for p in find(kpis.kpis(scene), "P") if "figure" in str(p.className)]
    assert looks == [*["figure"] * 5, "figure faint"]


def test_a_title_names_a_second_place_only_if_it_stands_out_too(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene(Place(at="9901001"))
    children = [int(unit) for unit in scene.city.tree.children(scene.unit)]
    names = [f"鹤湾街道第{n}网格" for n in range(1, len(children) + 1)]
    scene.city.places.loc[children, "name_zh"] = names
    scene.numbers.cells.loc[children, "reported"] = [500, 1100, 450]
    assert text(overlay.overlay(scene)).startswith("第2网格诉求密度最高")
    scene.numbers.cells.loc[children, "reported"] = [800, 820, 760]
    assert text(overlay.overlay(scene)).startswith("第2网格、第1网格诉求密度最高")
    scene.numbers.cells.loc[children, "reported"] = [1100, 1150, 100]
    assert text(overlay.overlay(scene)).startswith("第2网格、第1网格诉求密度最高")


def test_an_unfinished_day_is_not_drawn(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene()
    scene.numbers.sparks.index = scene.numbers.sparks.index + 3600
    assert [len(kpis._trend(kpi, scene)) for kpi in kpis.CITY[:2]] == [13, 13]  # noqa: SLF001


def test_an_empty_period_has_no_records_and_no_line(
    make_scene: Callable[..., Scene], text: Callable[..., str], find: Callable[..., list[Node]]
) -> None:
    strip = kpis.kpis(make_scene(empty=True))
    assert text(strip).count("无记录") == 5
    assert not find(strip, "Canvas")
    assert "样本不足" not in text(overlay.overlay(make_scene(empty=True)))


def test_a_single_department_is_not_all_of_them(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    scene.numbers.departments["arrival_median_min"] = 20.0
    assert text(bullets.bullets(scene)).startswith("6 个部门到场中位数均达标")
    scene.numbers.departments.loc[1:, "arrival_n"] = 3.0
    assert text(bullets.bullets(scene)).startswith("部门到场中位数")


def test_departments_without_room_are_a_step_away(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    scene = make_scene()
    rows = pd.concat([scene.numbers.departments] * 2, ignore_index=True)
    names = pd.concat([scene.city.departments] * 2, ignore_index=True)
    city = type(scene.city)(**vars(scene.city) | {"departments": names})
    scene = replace(scene, numbers=replace(scene.numbers, departments=rows), city=city)
    more = [a for a in find(bullets.bullets(scene), "A") if "more-rows" in a.className]
    assert [a.href for a in more] == ["?table=departments"]


def test_few_settled_cases_make_no_share_and_no_tick(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    assert "✓" in text(settlement.settlement(scene))
    scene.numbers.total[[f"settled_{part}" for part in (1, 2, 3, 4)]] = [6.0, 0.0, 0.0, 0.0]
    scene.numbers.total[["resolved_local", "resolved"]] = 6.0
    said = text(settlement.settlement(scene))
    assert said.startswith("解决层级")
    assert "✓" not in said


def test_where_help_comes_far_later_is_said_if_no_category_stands_out(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene()
    scene.numbers.categories["reported"] = scene.numbers.categories["norm"]
    scene.children.cells.loc[scene.city.tree.children(0)[4], "arrival_median_min"] = 86.0
    assert "；鹭渚到场最慢（中位 86 分）" in _said(scene)


def test_the_word_for_two_of_a_level_is_the_levels_own(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene()
    children = scene.city.tree.children(0)
    names = [f"{scene.short(int(unit))}片区" for unit in children]
    levels = [
        level.model_copy(update={"name_zh": "片区"}) if level.key == "street" else level
        for level in scene.city.profile.levels
    ]
    profile = scene.city.profile.model_copy(update={"levels": levels})
    scene.city.places.loc[children, "name_zh"] = names
    scene = replace(
        scene, city=type(scene.city)(**vars(scene.city) | {"profile": profile, "kept": {}})
    )
    assert _said(scene).endswith("集中在丹坪、鹤湾两个片区")
