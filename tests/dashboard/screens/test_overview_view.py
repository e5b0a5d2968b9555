"""The page as a whole: both languages, three arrangements, links, tables, the drawer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.components.light import light
from dashboard.place import Place, from_query
from dashboard.question import ask
from dashboard.screens.overview import (
    callbacks,
    drawer,
    frame,
    history,
    map_state,
    places_list,
    tables,
)
from dashboard.screens.overview.path import path_row
from dashboard.screens.overview.view import side, view
from geodata.model.periods import WEEK

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

PLACES = (
    Place(), Place(departments=("k0",)), Place(heat=True, period="today"), Place(at="B008651"),
    Place(at="9901001", measure="on_time"),
    Place(period="2026-11-20..2026-11-20", categories=("k1",)),
    Place(table="map"), Place(measure="resolution"), Place(level="street", measure="count"),
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_every_place_makes_a_whole_page(
    live: SimpleNamespace, text: Callable[..., str], place: Place, language: str
) -> None:
    shown = view(place.moved(language=language), live)
    sent = light([shown.frame, shown.body, shown.timeline])
    assert json.dumps(sent, cls=PlotlyJSONEncoder)
    assert "数据读取失败" not in text(shown.body)
    assert "could not be read" not in text(shown.body)


def test_one_read_and_one_for_the_names(live: SimpleNamespace) -> None:
    view(Place(), live)
    assert [request.level for request in live.engine.asked] == ["community", "street"]


def test_the_callback_is_wiring(live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "live", lambda: live)
    assert callbacks.show("?lang=en", None)[3]["lang"] == "en"
    assert callbacks.show(None, None)[3]["lang"] == "zh"


def test_links_stay_inside_the_page(live: SimpleNamespace, find: Callable[..., list[Node]]) -> None:
    shown = view(Place(period="30d"), live)
    hrefs = [link.href for link in find(shown.frame + shown.body, "A")]
    assert len(hrefs) >= 60
    assert all(href.startswith(("?", "/")) for href in hrefs)
    assert all(from_query(href).period for href in hrefs if "lang" in href)


def test_every_icon_link_has_a_name(
    live: SimpleNamespace, find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    for place in PLACES[:4]:
        shown = view(place, live)
        for link in find(shown.frame + shown.body, "A") + find(shown.body, "Button"):
            assert text(link).strip() or getattr(link, "aria-label", "")


def test_chips_take_one_filter_away(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    row = path_row(make_scene(Place(categories=("k1",), departments=("k0",))))
    chips = [
        item for item in find(row, "Li") if "chip set" in (getattr(item, "className", "") or "")
    ]
    assert [find(chip, "A")[0].href for chip in chips] == ["?d=k0", "?k=k1"]


def test_people_below_five_are_not_given_away_but_events_are(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(drawer.drawer(make_scene(Place(at="B008651"))))
    assert said.count("<5") == 3  # key people, organisations, and the note that says so
    assert "事件 90 日5件" in said
    assert "房态图：24 层一带 4 户同报燃气异味" in said
    assert "近 90 日 5 件，4 件未办结" in said


def test_the_floor_table_has_every_room_once(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    rooms = [
        text(span) for span in find(drawer.drawer(make_scene(Place(at="B008651"))), "Span")
        if str(getattr(span, "className", "")).startswith("room")
    ]  # fmt: skip
    assert len(rooms) == len(set(rooms)) == 99


@pytest.mark.parametrize("panel", sorted(tables.PANELS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_panel_is_a_table(live: SimpleNamespace, panel: str, language: str) -> None:
    frame = tables.table(panel, ask(Place(language=language), live.city), live)
    assert len(frame)
    assert all(isinstance(name, str) for name in frame.columns)


def test_the_unknown_place_has_a_row(live: SimpleNamespace) -> None:
    frame = tables.table("map", ask(Place(), live.city), live)
    assert frame.iloc[-1]["名称"] == "位置不明"
    assert frame.iloc[-1]["受理（件）"] == 2


def test_a_level_without_shapes_drills_as_a_list(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene(Place(at="9901001"))
    assert places_list.places_list(scene) is None
    scene.city.places.loc[scene.city.tree.children(scene.unit), "geometry"] = None
    said = text(places_list.places_list(scene))
    assert "暂无边界数据" in said
    assert "鹤湾1社区" in said
    assert "位置不明2" in said
    assert map_state.map_state(scene)["pad"]["left"] > 400  # the place stands beside the list


def _rosters(unit: int) -> pd.DataFrame:
    row = {
        "unit": unit,
        "role": "grid_officer",
        "name_masked": "周*",
        "phone_masked": "138****2046",
    }
    return pd.DataFrame([row])


def test_the_nearest_officer_is_named(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    above = make_scene(Place(at="B008651"))
    street = above.city.tree.parent(above.unit)
    said = text(drawer.drawer(make_scene(Place(at="B008651"), rosters=_rosters(street))))
    assert "网格员 周* 电话 138****2046" in said


def test_an_open_case_is_as_old_as_its_minute(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    said = text(drawer.drawer(make_scene(Place(at="B008651"))))
    assert "10 分" in said
    assert "秒" not in said


def test_the_whole_list_is_a_step_away(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    first = drawer.drawer(make_scene(Place(at="B008651")))
    whole = drawer.drawer(make_scene(Place(at="B008651", table="cases")))
    assert "?at=B008651&table=cases" in [link.href for link in find(first, "A")]
    assert "?at=B008651" in [link.href for link in find(whole, "A")]
    assert len(find(whole, "Time")) == len(find(first, "Time")) + 1 == 5


def test_open_cases_stand_above_closed_ones(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    scene = make_scene(Place(at="B008651"))
    assert scene.cases is not None
    cases = scene.cases.sort_values("closed", na_position="last").copy()
    cases["closed"] = [*cases["reported"].iloc[:-1] + 60, float("nan")]
    rows = [item for item in find(drawer.drawer(replace(scene, cases=cases)), "Li")
            if find(item, "Time")]  # fmt: skip
    said = [text(row) for row in rows]
    assert "已办结" not in said[0]
    assert all("已办结" in row for row in said[1:])


@pytest.mark.parametrize(
    ("counts", "new"),
    [([1] * 11 + [4, 5], 2), ([1] * 12 + [3], 1), ([0] * 12 + [2], 0), ([5] + [1] * 11 + [4], 0)],
)
def test_only_weeks_above_all_before_them_stand_out(counts: list[int], new: int) -> None:
    assert history.standing_out(counts) == new


def test_an_officer_keeps_an_initial_in_english(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    above = make_scene(Place(at="B008651"))
    street = above.city.tree.parent(above.unit)
    place = Place(at="B008651", language="en")
    assert "Z*" in text(drawer.drawer(make_scene(place, rosters=_rosters(street))))


def test_a_filter_shows_its_one_value_or_how_many(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    row = path_row(make_scene(Place(categories=("k1",), departments=("k0", "k1"))))
    faces = [text(face) for face in find(row, "Summary")]
    assert "类别物业服务" in faces
    assert "部门2 项" in faces


@pytest.mark.parametrize("language", ["zh", "en"])
def test_path_and_chips_grow_shorter_before_they_have_a_second_row(
    make_scene: Callable[..., Scene], language: str
) -> None:
    several = Place(language=language, categories=("k1", "k2"), departments=("k0", "k1"))
    shortened = [
        set(path_row(make_scene(each)).className.split()) & {"brief", "terse", "many"}
        for each in (
            Place(),
            several,
            several.moved(period="2025-01-01..2026-11-14", level="grid"),
        )
    ]
    assert shortened == [set(), {"brief", "terse"}, {"many"}]


def test_paper_names_place_period_and_filters(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    parts = frame.frame(make_scene(Place(categories=("k1",))))
    (line,) = [text(part) for part in parts if getattr(part, "className", "") == "print-line"]
    assert "澜汀区" in line
    assert "近 7 日" in line
    assert "类别：物业服务" in line


def test_briefs_are_of_the_place_and_of_today_or_the_period_on_show(
    make_scene: Callable[..., Scene],
    find: Callable[..., list[Node]],
    text: Callable[..., str],
) -> None:
    scene = make_scene(Place(at="9901001", period="30d", theme="light", categories=("k1",)))
    parts = frame.frame(replace(scene, rights=frozenset({"view"})))
    links = {text(link): link.href for link in find(parts, "A")}
    assert links["近 30 日简报"] == "/brief?at=9901001&t=30d"
    assert links["今日简报"] == "/brief?at=9901001&t=today"


def test_the_way_back_skips_levels_nobody_walks_through(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    city = make_scene().city
    levels = [
        level.model_copy(update={"drill": level.key != "community"})
        for level in city.profile.levels
    ]
    profile = city.profile.model_copy(update={"levels": tuple(levels)})
    scene = make_scene(Place(at="B008651"), profile=profile)
    street = scene.city.tree.codes[scene.city.tree.parent(scene.unit)]
    links = [link.href for link in find(drawer.drawer(scene), "A")]
    assert links[0] == links[-1] == f"?at={street}"
    steps = [link.href for link in find(path_row(scene), "A")]
    assert steps == ["?", f"?at={street}"]


@pytest.mark.parametrize("heat", [False, True])
@pytest.mark.parametrize("rights", [frozenset({"view"}), frozenset({"view", "import"})])
def test_without_incidents_one_notice_says_so_and_leads_to_the_import(
    make_scene: Callable[..., Scene],
    find: Callable[..., list[Node]],
    text: Callable[..., str],
    rights: frozenset[str],
    *,
    heat: bool,
) -> None:
    place = Place(language="en", heat=heat)
    scene = replace(make_scene(place, empty=True, meta={"months": []}), rights=rights)
    assert scene.mode == "cells"
    shown = side(scene)
    assert text([frame.frame(scene), shown]).count("No incident data yet") == 1
    ways = [link.href for link in find(shown, "A") if link.href.startswith("/")]
    assert ways == (["/import?lang=en"] if "import" in rights else [])
    assert "Heat" not in text(path_row(scene))
    assert "7 days" not in text(path_row(scene))  # nothing here has a time
    places = [link.href for link in find(shown, "A") if "at=" in link.href]
    assert len(places) == len(scene.city.tree.children(0))


def test_the_button_of_the_filters_counts_those_in_use(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    faces = [
        text(find(path_row(make_scene(place)), "Details")[0])
        for place in (Place(), Place(period="30d", categories=("k1", "k2"), language="en"))
    ]
    assert faces == ["筛选", "Filters (3)"]


@pytest.mark.parametrize(("first", "missing"), [(13, 0), (10, 3)])
def test_a_week_before_the_data_is_not_a_week_without_cases(
    make_scene: Callable[..., Scene], find: Callable[..., list[Node]], first: int, missing: int
) -> None:
    scene = make_scene(Place(at="B008651"))
    began = scene.now - first * WEEK
    scene = make_scene(Place(at="B008651"), meta={"months": ["2026-11"], "first": began})
    weeks = [
        str(getattr(node, "className", ""))
        for node in find(history.history(scene, scene.cases), "Div")
    ]
    assert weeks.count("week missing") == missing
    assert weeks.count("week") == 13 - missing


def test_a_sentence_about_many_years_names_only_the_years(
    make_scene: Callable[..., Scene],
) -> None:
    said = [
        make_scene(Place(period=period, language="en")).period_word("in_")
        for period in ("2019-01-01..2024-05-01", "2024-01-01..2024-05-01")
    ]
    assert said == ["in 2019–2024", "from 1 Jan 2024 to 1 May 2024"]
