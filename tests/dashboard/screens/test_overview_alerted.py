"""The place that an alert leads to tells the alert: level, title, reason and evidence."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dashboard.i18n import named
from dashboard.place import Place, from_query
from dashboard.screens.overview import alerted, alerts, view
from tests.dashboard.screens.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene
    from geodata.engine.request import Request


def with_window(scene: Scene, **known: list[object]) -> Scene:
    """The scene with what the red alert rests on: twelve minutes, one category, one matter."""
    windows = {"since": [np.nan, NOW - 1400, np.nan], "until": [np.nan, NOW - 640, np.nan]}
    told = {"category": [-1, 1, -1], "topic": ["", "matter:k0", ""], "radius_m": [0.0, 150.0, 0.0]}
    changed = scene.city.alerts.assign(**{**windows, **told, **known})
    return replace(scene, city=type(scene.city)(**vars(scene.city) | {"alerts": changed}))


class Nearby:
    """An engine that knows two cases round the alert, one of another matter, and one far away."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def incidents(self, request: Request, _limit: int) -> pd.DataFrame:
        self.asked.append(request)
        late = dict.fromkeys(("accepted", "dispatched", "taken", "arrived", "resolved"), np.nan)
        rows = [(0.5, 0), (0.5005, 0), (0.5, 1), (0.51, 0)]
        return pd.DataFrame(
            {"reported": NOW - 700.0, "lon": 1.2, "lat": lat, "matter": matter, "category": 1,
             "department": 0, "floor": 3, "site": 0,
             "closed": NOW - 90.0 if lat > 0.5 else np.nan, **late}
            for lat, matter in rows
        )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title", "evidence"),
    [("zh", "红色 · 丹坪1社区 · 燃气异味 11 件", "依据的案件 2 件，1 件未办结"),
     ("en", "Red · ", "Evidence: 2 cases, 1 open")],
)  # fmt: skip
def test_the_building_that_an_alert_leads_to_tells_the_alert(
    make_scene: Callable[..., Scene], text: Callable[..., str], language: str, title: str,
    evidence: str,
) -> None:  # fmt: skip
    """Its level, title and reason, and the cases it rests on, to the very second of its window."""
    scene = with_window(make_scene(Place(at="B008651", language=language)))
    engine = Nearby()
    found = alerted.read(scene, SimpleNamespace(engine=engine))  # type: ignore[arg-type]
    said = text(view.side(scene, found))
    assert title in said
    assert scene.city.alerts["reason_zh"].iloc[1] in said
    assert evidence in said
    other = text(named(scene.city.buildings.iloc[0], language))
    assert other not in text(alerted.section(scene, found[0]))
    assert other in text(alerted.section(replace(scene, building=1), found[0]))
    asked = engine.asked[0]
    assert (asked.start, asked.end, asked.categories) == (NOW - 1400, NOW - 639, (1,))
    assert asked.grain_s == 1
    elsewhere = replace(scene, building=None, place=Place())
    assert alerted.read(elsewhere, SimpleNamespace(engine=engine)) == ()  # type: ignore[arg-type]


def test_an_alert_without_a_window_is_told_without_cases(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene(Place(at="B008651"))
    found = alerted.read(scene, SimpleNamespace(engine=None))  # type: ignore[arg-type]
    said = text(view.side(scene, found))
    assert "红色 · 丹坪1社区 · 燃气异味 11 件" in said
    assert "依据的案件" not in said


def test_the_unit_that_an_alert_leads_to_tells_its_reason(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    """Not every time the unit is looked at, and also when the window has moved on since."""
    known = {"site": [-1, -1, -1], "reason_zh": ["a", "近 1 小时内 11 件", "c"]}
    plain = with_window(make_scene(), **known)
    link_ = next(alert for alert in alerts.open_alerts(plain) if alert.level == 1).href(plain)
    opened = with_window(make_scene(from_query(link_)), **known)
    moved = with_window(opened, **known, until=[np.nan, NOW - 500, np.nan])
    for scene in (opened, moved):
        assert "近 1 小时内 11 件；自" in text(alerts.alert_list(scene))
    unasked = with_window(make_scene(Place(at=opened.place.at)), **known)
    assert "近 1 小时内" not in text(alerts.alert_list(unasked))


def test_the_whole_list_of_alerts_is_headed_by_what_it_lists(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    levels = {"level": [2, 3, 4], "cleared": [np.nan] * 3}
    for table, said in (("", "1 条红橙预警"), ("alerts", "3 条未处置预警")):
        scene = make_scene(Place(table=table))
        known = scene.city.alerts.assign(**levels)
        scene = replace(scene, city=type(scene.city)(**vars(scene.city) | {"alerts": known}))
        assert text(alerts.alert_list(scene)).startswith(said)
