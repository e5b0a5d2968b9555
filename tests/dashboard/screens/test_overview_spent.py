"""Durations are in one unit on the whole screen: in figures, headline, map and legend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboard.place import Place
from dashboard.screens.overview import headline, kpis, map_state, measures, spent
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.overlay import overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene


def took(make_scene: Callable[..., Scene], place: Place, median: float, slow: float) -> Scene:
    """A scene whose cells took about so many minutes."""
    scene = make_scene(place)
    total, cells = scene.numbers.total.copy(), scene.numbers.cells.copy()
    total["resolution_n"], cells["resolution_n"] = 900, 100
    for name, whole in (("median", median), ("p90", slow)):
        total[f"resolution_{name}_min"] = whole
        cells[f"resolution_{name}_min"] = whole * np.linspace(0.2, 3, len(cells))
    numbers = replace(scene.numbers, total=total, cells=cells)
    return replace(scene, numbers=numbers, kept=frozenset({"resolution_n"}))


CASES = [
    ("resolution", 108, 400, "min", "分钟"),
    ("resolution", 1_200, 4_000, "h", "小时"),
    ("resolution", 1_200, 9_000, "days", "天"),
    ("resolution_p90", 108, 400, "min", "分钟"),  # as the median beside it
    ("resolution_p90", 108, 9_000, "days", "天"),
    ("resolution", 108, 9_000, "min", "分钟"),
]


@pytest.mark.parametrize(("measure", "median", "slow", "unit", "zh"), CASES)
def test_map_legend_and_figure_have_one_unit(  # noqa: PLR0913, PLR0917
    make_scene: Callable[..., Scene], text: Callable[..., str], measure: str, median: float,
    slow: float, unit: str, zh: str,
) -> None:  # fmt: skip
    scene = took(make_scene, Place(measure=measure, language="en"), median, slow)
    title = text(legend(scene))
    assert f" · {unit} · " in title
    tips = [tip for tip in map_state.map_state(scene)["cells"]["text"] if tip]
    assert tips
    assert all(f" {unit}" in tip for tip in tips)
    own = slow if measure.endswith("p90") else median
    assert spent.written(scene, own)[1] == unit
    assert f" {spent.written(scene, own)[0]} {unit}" in text(overlay(scene))
    chinese = took(make_scene, Place(measure=measure, language="zh"), median, slow)
    assert f" · {zh} · " in text(legend(chinese))


def test_the_breaks_are_round_in_the_unit_of_the_screen(make_scene: Callable[..., Scene]) -> None:
    scene = took(make_scene, Place(measure="resolution"), 108, 400)
    scale = measures.scale(measures.usable(scene), scene)
    assert scale.unit == spent.MINUTES
    assert all(edge % 5 == 0 for edge in scale.breaks)
    days = took(make_scene, Place(measure="resolution"), 7_200, 20_000)
    scale = measures.scale(measures.usable(days), days)
    assert scale.unit.name == "day"
    assert all(round(edge / 1440, 6) == round(edge / 1440, 1) for edge in scale.breaks)


def test_headline_and_figure_of_a_department_have_one_unit(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    place = Place(departments=("k0",), language="en")
    scene = took(make_scene, place, 1_972, 38_709)
    said = "".join(words for words, _ in headline.sentence(scene))
    assert ": median resolution 1.4 days" in said.replace("\u2009", " ")
    assert "1.4d" in text(kpis.kpis(scene)).replace(" ", "")


@pytest.mark.parametrize(
    ("value", "size", "said"),
    [(20, 1440.0, "<0.1"), (0, 1440.0, "0.0"), (80, 1440.0, "0.1"), (80, 60.0, "1.3")],
)
def test_what_is_less_than_a_tenth_is_not_none(value: float, size: float, said: str) -> None:
    assert spent.Unit("any", size).figure(value) == said
    assert spent.MINUTES.figure(400.4) == "400"


def test_what_nobody_knows_has_a_unit_all_the_same(make_scene: Callable[..., Scene]) -> None:
    scene = took(make_scene, Place(measure="resolution"), np.nan, np.nan)
    assert spent.unit(scene, np.nan).name == "day"
