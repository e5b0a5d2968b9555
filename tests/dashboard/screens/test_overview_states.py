"""Empty, stale, failed, denied: same panel, other contents; one panel never takes the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.components.panels import Head
from dashboard.place import Place
from dashboard.screens.overview import bullets, categories, kpis, settlement, states, timeline, view
from dashboard.screens.overview.stack import whole_percents
from geodata.model.periods import HOUR

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("panel", [bullets.bullets, categories.categories, settlement.settlement])
def test_empty_says_why(
    make_scene: Callable[..., Scene],
    text: Callable[..., str],
    panel: Callable[[Scene], Node],
    language: str,
) -> None:
    said = text(panel(make_scene(Place(language=language), empty=True)))
    assert ("无记录" if language == "zh" else "No records") in said


def test_empty_offers_a_wider_period(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    links = find(bullets.bullets(make_scene(empty=True)), "A")
    assert [link.href for link in links] == ["?t=30d"]


@pytest.mark.parametrize(
    ("period", "way"),
    [
        ("24h", "?at=9901001&t=7d"),
        ("30d", "?at=9901001&t=365d"),
        ("2026-11-10..2026-11-12", "?at=9901001&t=30d"),
        ("2025-12-10..2025-12-12", "?at=9901001&t=365d"),
        ("2014-01-01..2019-02-13", "?t=2014-01-01..2019-02-13"),
        ("365d", "?t=365d"),
    ],
)
def test_only_a_longer_period_is_wider_else_the_place_around(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], period: str, way: str
) -> None:
    scene = make_scene(Place(at="9901001", period=period), empty=True)
    assert [link.href for link in find(bullets.bullets(scene), "A")] == [way]


def test_the_whole_place_at_its_longest_has_no_way_out(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    assert not find(bullets.bullets(make_scene(Place(period="365d"), empty=True)), "A")


@pytest.mark.parametrize(("age_s", "grade"), [(5, ""), (700, "amber"), (HOUR, "red")])
def test_staleness_grows_with_age(make_scene: Callable[..., Scene], age_s: int, grade: str) -> None:
    scene = make_scene()
    assert states.staleness(make_scene(newest=scene.now - age_s)) == grade


def test_stale_shows_its_age_and_keeps_its_values(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(bullets.bullets(make_scene(newest=make_scene().now - 660)))
    assert "11 分 0 秒前" in said
    assert "未达标47 分钟" in said


def test_a_failing_panel_fails_alone(
    make_scene: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch, text: Callable[..., str]
) -> None:
    monkeypatch.setattr(
        view, "CELLS", (("departments", _fail), ("categories", categories.categories))
    )
    said = text(view.side(make_scene()))
    assert "数据读取失败" in said
    assert "物业服务诉求增长最快" in said
    assert "secret" not in said


def _fail(_scene: Scene) -> Node:
    message = "secret path"
    raise ValueError(message)


def test_denied_names_the_right_and_whom_to_ask(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(states.denied(Head("departments", "部门到场"), make_scene(), "街道管理员"))
    assert "需要“街道管理员”权限" in said
    assert "请联系" in said


def test_timeline_of_a_city_without_cases(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene(empty=True, meta={"months": []})
    assert "暂无事件数据" in text(timeline.timeline(scene))


def test_too_few_cases_to_compare_are_not_called_unrecorded(
    make_scene: Callable[..., Scene], text: Callable[..., str], find: Callable[..., list[Node]]
) -> None:
    scene = make_scene()
    scene.numbers.departments["arrival_n"] = 19
    said = text(bullets.bullets(scene))
    assert "样本不足" in said
    assert "仅 19 件，满 20 件" in said
    assert "没有登记" not in said
    assert [link.href for link in find(bullets.bullets(scene), "A")] == [
        "?table=departments",
        "?t=30d",
    ]


def test_what_a_city_keeps_but_nobody_has_yet_is_told_so(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    for part in settlement.PARTS:
        scene.numbers.total[f"settled_{part}"] = 0
    assert "此范围内尚无此项记录" in text(settlement.settlement(scene))


def test_a_period_before_the_data_says_when_they_begin(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    place = Place(period="2020-01-01..2020-01-02")
    meta = {"months": ["2026-11"], "first": 1_700_000_000}
    said = text(bullets.bullets(make_scene(place, empty=True, meta=meta)))
    assert "2020-01-01 至 2020-01-02" in said
    assert "数据自 2023-11-15 起" in said


@pytest.mark.parametrize(
    ("counts", "points"),
    [([1, 1, 1], [33, 34, 33]), ([62, 21, 14, 3], [62, 21, 14, 3]), ([995, 5], [100, 0]),
     ([0, 7], [0, 100]), ([1, 1, 1, 1, 1, 1, 1], [14, 15, 14, 14, 14, 15, 14])],
)  # fmt: skip
def test_whole_per_cents_add_up(counts: list[float], points: list[int]) -> None:
    assert whole_percents(counts) == points


@pytest.mark.parametrize(
    ("language", "found"),
    [("zh", ("在片区及以下解决", "片区", "上级")),
     ("en", ("settled at zone level or below", "Zone", "Higher authority"))],
)  # fmt: skip
def test_a_city_without_streets_settles_at_its_own_levels(
    make_scene: Callable[..., Scene], text: Callable[..., str], language: str, found: tuple[str]
) -> None:
    scene = make_scene(Place(language=language))
    city, streets, communities = scene.city.profile.levels
    zones = streets.model_copy(update={"key": "zone", "name_zh": "片区", "name_en": "zone"})
    levels = {"levels": (city, zones, communities)}
    scene.city.profile = scene.city.profile.model_copy(update=levels)
    said = text(settlement.settlement(scene))
    assert all(words in said for words in found)
    assert "镇街" not in said
    assert "Subdistrict" not in said
    assert ("片区及以下解决" if language == "zh" else "by zone or below") in text(kpis.kpis(scene))


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "已显示澜汀区"), ("en", "Lanting District is shown")]
)
def test_an_unknown_place_says_which_city_is_shown(
    make_scene: Callable[..., Scene], language: str, said: str
) -> None:
    assert said in make_scene(Place(at="nowhere", language=language)).notice


def test_a_failed_panel_keeps_its_period(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene(Place(period="30d"))
    assert "近 30 日" in text(states.guarded(_fail, "departments", scene))
