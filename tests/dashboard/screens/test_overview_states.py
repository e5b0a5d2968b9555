"""Empty, stale, failed, denied: same panel, other contents; one panel never takes the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.components.panels import Head, skeleton
from dashboard.place import Place
from dashboard.screens.overview import bullets, categories, settlement, states, timeline, view
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


@pytest.mark.parametrize(("age_s", "grade"), [(5, ""), (700, "amber"), (HOUR, "red")])
def test_staleness_grows_with_age(make_scene: Callable[..., Scene], age_s: int, grade: str) -> None:
    scene = make_scene()
    assert states.staleness(make_scene(newest=scene.now - age_s)) == grade


def test_stale_shows_its_age_and_keeps_its_values(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(bullets.bullets(make_scene(newest=make_scene().now - 660)))
    assert "11 分 0 秒前" in said
    assert "超 47" in said


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_loading_has_the_final_shape(find: Callable[..., list[Node]], language: str) -> None:
    assert len(find(skeleton("departments", language), "Div")) > 6


def test_timeline_of_a_city_without_cases(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene(empty=True, meta={"months": []})
    assert "暂无事件数据" in text(timeline.timeline(scene))
