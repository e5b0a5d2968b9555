"""A city without arrivals, whistles, levels of settlement and call backs still says who is late."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.access import NOBODY
from dashboard.place import Place
from dashboard.screens.overview import (
    headline,
    kpis,
    legend,
    map_state,
    measures,
    notes,
    states,
    tables,
    timeline,
    weeks,
)
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.bullets import bullets
from dashboard.screens.overview.overlay import overlay
from dashboard.screens.overview.path import path_row
from dashboard.screens.overview.settlement import settlement
from dashboard.screens.overview.view import view
from geodata.metrics.classes import NO_DATA
from geodata.model.periods import DAY
from tests.dashboard.screens.conftest import NOW, PROFILE, FakeEngine, make_city, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from geodata.engine.numbers import Numbers
    from geodata.engine.request import Request

LONG = "2021-01-01..2026-11-21"
TOTAL = tally(
    reported=9783, open=198, due=9482, closed_due=9353, closed_on_time=7839, overdue_open=129,
    no_limit=277, backlog_open=55, backlog_overdue=22, resolution_n=9585,
    resolution_median_min=1972, resolution_p90_min=38_709,
)  # fmt: skip


class BareEngine(FakeEngine):
    """Knows when cases are reported, due and closed, and nothing else."""

    def screen(self, request: Request) -> Numbers:
        slow = [
            tally(resolution_n=90, resolution_median_min=60.0 * n, resolution_p90_min=600.0 * n,
                  due=80, closed_on_time=60, norm=1)
            for n in (2, 330, 40, 50, 60, 70)
        ]  # fmt: skip
        full = super().screen(request)
        days = pd.DataFrame({"at": NOW - np.arange(1000, 0, -1) * DAY + 9, "reported": 2.0})
        return replace(
            full, total=pd.Series(TOTAL), previous=None, departments=pd.DataFrame(slow),
            trend=days.assign(low=1.0, high=3.0), trend_step_s=DAY,
            cells=full.cells.assign(arrival_n=0.0, arrival_median_min=np.nan),
        )  # fmt: skip


@pytest.fixture
def bare() -> Callable[..., scenes.Scene]:
    def make(place: Place | None = None, *, as_of: str = "data") -> scenes.Scene:
        profile = PROFILE.model_copy(update={"as_of": as_of, "targets": {}})
        city = make_city(profile=profile)
        city.places["people"] = -1
        live = SimpleNamespace(city=city, engine=BareEngine(city), actor=NOBODY)
        return scenes.read(place or Place(), live)  # type: ignore[arg-type]

    return make


def test_six_known_figures_take_the_places_of_unknown_ones(
    bare: Callable[..., scenes.Scene], text: Callable[..., str]
) -> None:
    six = [kpi.metric for kpi in kpis.chosen(bare())]
    assert six == [
        "reported", "on_time_rate", "backlog_overdue", "resolution_median_min",
        "resolution_p90_min", "backlog_open",
    ]  # fmt: skip
    said = text(kpis.kpis(bare()))
    assert "—" not in said
    assert "1.4天" in said  # in the unit of the figure beside it
    assert "26.9天" in said
    assert "依据 9,585 件" in said


def test_a_long_period_counts_its_own_open_cases(bare: Callable[..., scenes.Scene]) -> None:
    six = [kpi.metric for kpi in kpis.chosen(bare(Place(period=LONG)))]
    assert {"overdue_open", "open"} < set(six)


def test_six_figures_where_so_many_are_known_and_never_fewer_than_four(
    bare: Callable[..., scenes.Scene],
) -> None:
    department = bare(Place(departments=("k0",)))
    known = [kpi.metric for kpi in kpis.chosen(replace(department, kept=frozenset({"none"})))]
    assert len(known) == 4  # counted from every case, so always known
    assert {"arrival_median_min", "return_rate", "on_time_rate"}.isdisjoint(known)
    assert len(kpis.chosen(bare())) == 6


def test_departments_are_compared_by_resolution_worst_first(
    bare: Callable[..., scenes.Scene], text: Callable[..., str]
) -> None:
    said = text(bullets(bare()))
    assert said.startswith("部门办结用时中位 / p90")
    assert said.index("13.8") < said.index("2.9")
    assert "13.8 / 137.5 天" in said
    frame = tables._departments(bare())  # noqa: SLF001
    assert frame["按时办结（%）"].iloc[0] == 75
    assert "办结中位（分）" in frame
    assert "到场 n" not in frame


def test_deadlines_stand_where_levels_of_settlement_would(
    bare: Callable[..., scenes.Scene], text: Callable[..., str], find: Callable[..., list[Node]]
) -> None:
    panel = settlement(bare())
    assert "1,514 件超期办结，129 件超期未结" in text(panel)
    spans = find(panel, "Span")
    assert sum("part-" in str(getattr(span, "className", "")) for span in spans) == 3
    assert "无时限 277 件" in text(panel)
    assert list(tables._deadlines(bare())["案件（件）"]) == [7839, 1514, 129, 277]  # noqa: SLF001


def test_the_bar_of_deadlines_has_the_base_of_the_share_closed_on_time(
    bare: Callable[..., scenes.Scene], text: Callable[..., str]
) -> None:
    scene = bare(Place(language="en"))
    share = float(scene.numbers.total["closed_on_time"] / scene.numbers.total["due"] * 100)
    assert f"{share:.0f}%" in text(settlement(scene))
    shares = tables._deadlines(scene).iloc[:, 2]  # noqa: SLF001
    assert shares.iloc[0] == round(share, 1)
    assert pd.isna(shares.iloc[-1])


def test_measures_are_named_for_what_they_show(
    bare: Callable[..., scenes.Scene], text: Callable[..., str], find: Callable[..., list[Node]]
) -> None:
    faces = [text(link) for link in find(find(overlay(bare()), "Nav")[0], "A")]
    assert faces == ["件/km²", "热力", "办结"]
    assert measures.usable(bare(Place(measure="arrival_p90"))).key == "resolution_p90"
    assert measures.usable(bare(Place(measure="density"))).key == "area"
    assert measures.usable(bare(Place(departments=("k0",)))).key == "resolution"


def test_cases_are_shared_out_by_area_where_people_are_not_known(
    bare: Callable[..., scenes.Scene], text: Callable[..., str]
) -> None:
    scene = bare(Place(language="en"))
    scene.numbers.cells["reported"] = np.arange(100.0, 100 + len(scene.numbers.cells))
    scene.children.cells["reported"] = np.arange(40.0, 40 + len(scene.children.cells))
    state = map_state.map_state(scene)
    assert state["cells"]["text"][0] == "66.7 per km²"  # 100 cases on 1.5 km²
    assert measures.scale(measures.usable(scene), scene).few == 20  # as for every rate
    assert text(overlay(scene)).startswith("Most cases per km² in ")
    frame = tables.cells(scene)
    assert frame["Per km²"].iloc[0] == pytest.approx(90.0)  # the 36th cell: 135 cases
    assert "Per 1,000" not in frame
    told = "\n".join(notes.definitions(scene, "map"))
    assert "per square kilometre" in told
    assert "per thousand" not in told


def test_a_city_that_knows_neither_people_nor_area_counts(
    bare: Callable[..., scenes.Scene],
) -> None:
    scene = bare()
    scene.city.places["area_km2"] = 0.0
    assert measures.usable(scene, measures.MEASURES["density"]).key == "count"


def test_the_names_of_the_busiest_places_come_first(bare: Callable[..., scenes.Scene]) -> None:
    scene = bare()
    scene.children.cells["reported"] = np.arange(40.0, 40 + len(scene.children.cells))
    labels = map_state.map_state(scene)["labels"]
    plain = [label["unit"] for label in labels if not label["strong"]]
    cases = [scene.children.cells["reported"][unit] for unit in plain]
    assert cases == sorted(cases, reverse=True)
    assert plain != sorted(plain)


def test_a_city_without_cases_names_its_largest_places(bare: Callable[..., scenes.Scene]) -> None:
    scene = bare()
    scene.city.meta["months"] = []
    scene.numbers.total["reported"] = 0
    scene.children.cells["reported"] = 0
    scene.city.places.loc[scene.city.tree.children(0)[-1], "area_km2"] = 99.0
    state = map_state.map_state(scene)
    assert state["labels"][0]["unit"] == scene.city.tree.children(0)[-1]
    assert state["labels_most"] > 12
    assert state["outlines"][-1]["level"] == state["level"]


def test_a_single_cell_has_no_classes_to_stand_in(bare: Callable[..., scenes.Scene]) -> None:
    scene = bare()
    measure = measures.usable(scene)
    cells = scene.numbers.cells
    one = replace(scene, numbers=replace(scene.numbers, cells=cells.iloc[[0, -1]]))
    assert not measures.is_alone(measure, scene)
    assert measures.is_alone(measure, one)
    assert list(measures.classes(measure, measures.scale(measure, one), one)) == [NO_DATA]
    assert legend.legend(one) is None


def test_a_whisker_far_beyond_the_bars_is_cut(
    bare: Callable[..., scenes.Scene], find: Callable[..., list[Node]]
) -> None:
    rows = [row for row in find(bullets(bare()), "Li") if "bar-row" in row.className]
    assert "cut" in rows[0].className.split()
    assert "cut" not in rows[-1].className.split()


def test_headline_of_a_department_tells_its_resolution(bare: Callable[..., scenes.Scene]) -> None:
    said = headline.sentence(bare(Place(departments=("k0",))))
    # In the unit of the figure below it.
    assert said[0][0].replace("\u2009", " ") == "城管执法局办结中位 1.4 天"


@pytest.mark.parametrize(
    ("n", "language", "said"),
    [
        (15, "zh", "城管执法局办结 15 件，样本不足、不作中位比较"),
        (15, "en", ": 15 cases resolved, too few for a median"),
        (1, "en", ": 1 case resolved, too few for a median"),
        (0, "zh", "城管执法局所选范围内没有办结记录"),
        (0, "en", ": nothing resolved here"),
    ],
)
def test_a_median_of_a_handful_of_cases_is_no_headline(
    bare: Callable[..., scenes.Scene], n: int, language: str, said: str
) -> None:
    scene = bare(Place(departments=("k0",), language=language))
    total = scene.numbers.total.copy()
    total["resolution_n"], total["resolution_median_min"] = n, 0.0 if n else np.nan
    scene = replace(scene, numbers=replace(scene.numbers, total=total))
    words = "".join(words for words, _ in headline.sentence(scene)).replace("\u2009", " ")
    assert words.endswith(said)
    assert ("样本不足" in words or "too few" in words) == bool(n)


def test_long_periods_are_drawn_by_weeks(
    bare: Callable[..., scenes.Scene], text: Callable[..., str]
) -> None:
    scene = bare()
    frame, step = weeks.by_week(scene.numbers.trend, scene.numbers.trend_step_s)
    assert (len(frame), step) == (142, 7)
    assert set(frame["reported"]) == {14.0}
    assert frame["low"].isna().all()
    assert "件/周" in text(timeline.timeline(scene))
    short = scene.numbers.trend.tail(200)
    assert weeks.by_week(short, DAY) == (short, 1)


@pytest.mark.parametrize(("as_of", "open_end"), [("now", True), ("data", False)])
def test_only_a_running_clock_leaves_a_step_unfinished(
    bare: Callable[..., scenes.Scene],
    find: Callable[..., list[Node]],
    as_of: str,
    *,
    open_end: bool,
) -> None:
    scene = bare(as_of=as_of)
    trend = scene.numbers.trend.tail(30)
    scene = replace(scene, numbers=replace(scene.numbers, trend=trend))
    figure = go.Figure(find(timeline.timeline(scene), "Graph")[0].figure)
    last = max(at for line in figure.data for at in line.x)
    ends = [line.mode for line in figure.data if line.x[-1] == last and line.name]
    assert ("markers" in ends) is open_end
    said = [note.text for note in figure.layout.annotations]
    assert any("今日截至" in words for words in said) is open_end


def test_a_frozen_city_dates_its_newest_record(bare: Callable[..., scenes.Scene]) -> None:
    assert "2026-11-21" in states._newest(bare())  # noqa: SLF001
    assert "2026" not in states._newest(bare(as_of="now"))  # noqa: SLF001


def test_a_period_with_two_ends_is_told_once(
    bare: Callable[..., scenes.Scene], text: Callable[..., str]
) -> None:
    assert text(path_row(bare(Place(period=LONG)))).count("2021-01-01") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_page(text: Callable[..., str], language: str) -> None:
    city = make_city()
    live = SimpleNamespace(city=city, engine=BareEngine(city), actor=NOBODY)
    for place in (Place(), Place(departments=("k0",)), Place(heat=True), Place(table="deadlines")):
        shown = view(place.moved(language=language), live)  # type: ignore[arg-type]
        assert "could not be read" not in text(shown.body)
        assert "数据读取失败" not in text(shown.body)
