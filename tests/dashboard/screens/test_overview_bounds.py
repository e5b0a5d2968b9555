"""The overview under other boundaries: what it shows, how it says so, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access import NOBODY, Live
from dashboard.i18n.moments import day_of
from dashboard.place import Place, from_query
from dashboard.screens.overview import bounds, path
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.cells_table import cells
from dashboard.screens.overview.map_state import map_state
from dashboard.screens.overview.notes import notes
from geodata.engine import Engine
from geodata.store.snapshots import open_city
from tests.browser.tiny import REDRAWN, publish_tiny

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

THEN = "2026-05-31"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    city = open_city(folder)
    return Live(city, Engine(city), NOBODY)


def read(live: Live, query: str) -> Scene:
    return scenes.read(from_query(query), live)


def links(node: Any) -> dict[str, str]:  # noqa: ANN401 - a Dash component
    """Text and address of every link below a component."""
    found: dict[str, str] = {}
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list | tuple):
            waiting += each
        elif each is not None and not isinstance(each, str):
            if getattr(each, "href", None):
                found[str(getattr(each, "title", None) or each.children)] = each.href
            waiting.append(getattr(each, "children", None))
    return found


@pytest.mark.parametrize("level", ["", "&lv=grid"])
def test_the_menu_names_all_boundaries_and_leads_to_the_same_place(live: Live, level: str) -> None:
    scene = read(live, "?at=9911" + level)
    entries = links(bounds.bounds_menu(scene))
    assert list(reversed(entries)) == ["现行区划", "警务网格", f"{REDRAWN}\u2009前的区划"]
    assert entries["警务网格"] == "?at=9911&bv=police"
    assert entries[f"{REDRAWN}\u2009前的区划"] == f"?at=9911&bv={THEN}"
    assert entries["现行区划"] == "?at=9911" + level
    for address in entries.values():
        assert read(live, address).unit > 0


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("?bv=police", "按警务网格统计", "By police grid"),
        (f"?bv={THEN}", f"按 {THEN} 的区划统计", f"Boundaries of {day_of(THEN, 'en')}"),
        ("?bv=2026-11-01", "2026-11-01 的区划与现行相同",
         "Boundaries of 1 Nov 2026, same as today's"),
        ("", "", ""),
        ("?bv=nobody", "", ""),
    ],
)  # fmt: skip
def test_the_chip_says_under_which_boundaries(live: Live, query: str, zh: str, en: str) -> None:
    assert bounds.words(read(live, query)).replace("\u2009", " ") == zh
    english = read(live, f"{query or '?'}&lang=en".replace("?&", "?"))
    assert bounds.words(english) == en
    shown = bounds.bounds_chip(english)
    assert links(shown) == ({"Back to today's boundaries": "?lang=en"} if en else {})


def test_back_leads_to_what_holds_the_place_today(live: Live) -> None:
    scene = read(live, "?at=P2&bv=police&sel=P1&t=24h")
    assert links(bounds.bounds_chip(scene)) == {"回到现行区划": "?at=991&t=24h"}
    home = read(live, "?at=B991110&bv=police")
    assert home.mode == "building"
    assert links(path.path_row(home))["回到现行区划"] == "?at=B991110"


def test_a_city_without_other_boundaries_has_no_menu(make_scene: Any) -> None:  # noqa: ANN401
    scene = make_scene(Place())
    assert not bounds.are_several(scene)
    assert bounds.bounds_chip(scene) is None
    assert "data-menu='bounds'" not in str(path.path_row(scene))


@pytest.mark.parametrize("query", ["?bv=police&lv=police", f"?bv={THEN}&lv=grid", "?lv=grid"])
@pytest.mark.parametrize("at", ["", "&at=991"])
def test_the_cells_of_the_table_add_up_to_the_place(live: Live, query: str, at: str) -> None:
    scene = read(live, query + at)
    today = read(live, "?" + at.lstrip("&"))
    table = cells(scene)
    reported = table.iloc[:, table.attrs["keys"].index("reported")]
    assert reported.sum() == scene.numbers.total["reported"] == today.numbers.total["reported"]
    codes = table.iloc[:, table.attrs["keys"].index("code")].tolist()
    known = scene.city.tree.cells(scene.unit, scene.level)
    assert sorted(codes) == sorted(["", *(scene.city.tree.codes[unit] for unit in known)])
    assert table.iloc[-1, 0] == "位置不明"


def test_a_file_says_under_which_boundaries(live: Live) -> None:
    assert ("区划", "按警务网格统计") in notes(read(live, "?bv=police"), "map")
    assert "区划" not in dict(notes(read(live, ""), "map"))


def test_the_map_draws_and_names_the_units_of_the_division(live: Live) -> None:
    scene = read(live, "?bv=police&at=991&lv=police&lang=en")
    state = map_state(scene)
    assert state["snapshot"] == f"{live.city.id}.police"
    assert (state["level"], state["next"]) == ("police", "police")
    assert {label["text"] for label in state["labels"]} == {"Beat 1", "Beat 2"}
    assert state["href"]["cell"] == "?at={code}&bv=police&lang=en"
    assert state["href"]["up"] == "?bv=police&lang=en"
    assert len(state["cells"]["unit"]) == 2


def test_figures_of_a_unit_are_those_of_its_sites(live: Live) -> None:
    beat, today = read(live, "?bv=police&at=P1"), read(live, "?at=991&lv=grid")
    mine = [today.city.tree.find(code) for code in ("99111", "99112", "99121")]
    wanted = today.numbers.cells["reported"].loc[mine].sum()
    assert beat.numbers.total["reported"] == wanted > 0
    assert beat.name(beat.unit) == "警务1"
