"""The headline, the titles and the six figures say what the numbers say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboard.place import Place
from dashboard.screens.overview import alerts, bullets, categories, headline, kpis, ladder, overlay
from geodata.metrics import deviation

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
            "城管执法局到场中位 47 分，超目标 17 分；鹤湾、丹坪最慢，慢在派遣→接单",
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
                 "较上期 +5", "83.0%", "91.7%", "n 1,204"):  # fmt: skip
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
    assert said.count("超 ") == 3
    assert "目标 30 分" in said


def test_where_time_is_lost(make_scene: Callable[..., Scene], text: Callable[..., str]) -> None:
    said = text(ladder.ladder(make_scene(Place(departments=("k0",)))))
    assert "时间丢在“派遣 → 接单”：21 分，目标 10 分" in said
    assert "3.2 / 6.4 时" in said


def test_title_and_note_of_the_map(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(overlay.overlay(make_scene()))
    assert "丹坪、鹤湾诉求密度最高" in said
    assert "36 个社区" in said
    assert "2 件位置不明" in said


def test_alerts_worst_first_and_cleared_ones_gone(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    found = alerts.open_alerts(scene)
    assert [alert.level for alert in found] == [1, 2]
    assert found[0].code == "B008651"
    assert text(alerts.alert_list(scene)).startswith(
        "2 条未处置预警红色丹坪1社区燃气异味 11 件14:21"
    )


def test_a_small_norm_is_not_made_a_percentage(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    scene = replace(scene, numbers=replace(scene.numbers, norm=4.5))
    assert "高于" not in _said(scene)
    assert "常态 4.5 件，样本不足" in _said(scene)
    assert "常态 4.5 件 · 样本不足" in text(kpis.kpis(scene))


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
    scene.numbers.cells.loc[children, "reported"] = [900, 800, 700]
    assert _said(scene).endswith("集中在第1网格、第2网格")
