"""Tables: whole counts, the change against the norm, parents, and what rests on too few cases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.components import tables as pieces
from dashboard.place import Place, from_query
from dashboard.question import ask
from dashboard.screens.overview import tables
from dashboard.server.export import to_csv
from tests.dashboard.screens.conftest import BY_CATEGORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from dashboard.screens.overview.scene import Scene


def _table(panel: str, place: Place, live: SimpleNamespace) -> pd.DataFrame:
    return tables.table(panel, ask(place, live.city), live)  # type: ignore[arg-type]


def test_counts_are_whole_numbers_in_a_file(live: SimpleNamespace) -> None:
    frame = _table("map", Place(level="street"), live)
    rows = to_csv(frame, []).splitlines()
    assert rows[0].startswith("\ufeff名称,编号,受理（件）,常态（件）,较常态（%）")
    assert rows[2].startswith("鹤湾街道,9901001,1879,400.0,369.8,17.4,300,65,130,")


def test_a_community_tells_its_street(live: SimpleNamespace) -> None:
    frame = _table("map", Place(), live)
    assert frame["所属"].iloc[0] == "丹坪街道"
    assert frame["所属"].iloc[-1] == ""
    assert "所属" not in _table("map", Place(level="street"), live)


def test_cells_are_ranked_by_what_the_map_shows(live: SimpleNamespace) -> None:
    rates = _table("map", Place(level="street"), live)["件/千人"].dropna().tolist()
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) > 1


def test_small_samples_are_marked_and_not_ranked(live: SimpleNamespace) -> None:
    unknown = _table("map", Place(), live).iloc[-1]
    assert pd.isna(unknown["较常态（%）"])
    assert unknown["备注"] == "受理不足\u200920\u2009件 · 到场样本不足\u200920\u2009件"


def test_enough_cases_carry_no_remark(live: SimpleNamespace) -> None:
    assert _table("map", Place(), live).iloc[0]["备注"] == ""


@pytest.mark.parametrize("panel", sorted(tables.PANELS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_note_breaks_its_line(live: SimpleNamespace, panel: str, language: str) -> None:
    frame = _table(panel, Place(language=language), live)
    told = [*frame.attrs["definitions"], *(text for note in frame.attrs["notes"] for text in note)]
    assert all(told)
    assert not [text for text in told if "\n" in text or "{" in text]


def test_notes_tell_place_period_filters_and_moment(live: SimpleNamespace) -> None:
    place = Place(at="9901001", period="24h", categories=("k1",), departments=("k0",))
    notes = dict(_table("categories", place, live).attrs["notes"])
    assert notes["范围"] == "鹤湾街道 9901001"
    assert notes["时段"].replace("\u2009", " ") == (
        "近 24 小时（2026-11-20 14:31 至 2026-11-21 14:31）"
    )
    assert notes["筛选"] == "类别：物业服务；部门：城管执法局"
    assert notes["统计时点"] == "2026-11-21 14:31"


def test_norm_and_sample_are_defined(live: SimpleNamespace) -> None:
    told = "\n".join(_table("map", Place(), live).attrs["definitions"])
    for name in ("常态：", "较常态：", "到场 n："):
        assert name in told.replace("\u2009", " ")


def test_shares_of_a_whole_add_up(live: SimpleNamespace) -> None:
    assert _table("settlement", Place(), live)["占比（%）"].sum() == pytest.approx(100)


def test_a_table_is_of_the_question_that_was_asked(live: SimpleNamespace) -> None:
    asked = ask(Place(period="24h"), live.city)
    live.city.now = lambda: asked.request.now + 3_600
    frame = tables.table("categories", asked, live)  # type: ignore[arg-type]
    assert dict(frame.attrs["notes"])["统计时点"] == "2026-11-21 14:31"
    assert {request.now for request in live.engine.asked} == {asked.request.now}


def test_a_step_that_still_runs_is_marked(live: SimpleNamespace) -> None:
    asked = ask(Place(language="en"), live.city)
    whole = live.engine.screen(asked.request)
    later = replace(whole, trend=whole.trend.assign(at=whole.trend["at"] + 60))
    live.engine.screen = lambda _request: later
    remarks = tables.table("timeline", asked, live)["Remarks"].tolist()  # type: ignore[arg-type]
    assert remarks[-1] == "counted until 14:31"
    assert not any(remarks[:-1])


def test_a_line_of_whole_steps_has_no_mark(live: SimpleNamespace) -> None:
    place = Place(period="2026-11-10T08:00..2026-11-11T08:00", language="en")
    assert not any(_table("timeline", place, live)["Remarks"])


@pytest.mark.parametrize("panel", sorted(tables.PANELS))
def test_every_column_has_a_key_to_sort_by(live: SimpleNamespace, panel: str) -> None:
    frame = _table(panel, Place(), live)
    assert len(frame.attrs["keys"]) == len(frame.columns)
    for key in frame.attrs["keys"]:
        assert from_query(f"?sort=-{key}") == Place(sort=f"-{key}")


@pytest.mark.parametrize(("sort", "falls"), [("reported", False), ("-reported", True)])
def test_a_table_is_sorted_as_its_address_says(
    live: SimpleNamespace, sort: str, *, falls: bool
) -> None:
    found = _table("categories", Place(sort=sort), live)["受理（件）"].tolist()
    assert found == sorted(BY_CATEGORY, reverse=falls)


@pytest.mark.parametrize("sort", ["change", "-change"])
def test_what_is_not_known_stands_last_in_either_order(live: SimpleNamespace, sort: str) -> None:
    frame = _table("map", Place(sort=sort), live)
    known = frame["较常态（%）"].notna().tolist()
    assert known == sorted(known, reverse=True)
    assert not all(known)


def test_names_follow_each_other_by_their_sound(live: SimpleNamespace) -> None:
    names = _table("departments", Place(sort="name"), live)["名称"].tolist()
    assert names == ["城管执法局", "公安分局", "生态环境局", "市场监管局", "水务局", "住建交通局"]


def test_a_column_the_table_does_not_have_leaves_its_order(live: SimpleNamespace) -> None:
    assert _table("map", Place(sort="-x"), live).equals(_table("map", Place(), live))


def test_a_click_on_a_head_sorts_and_the_next_one_turns_it_round(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    def clicked(sort: str, head: int) -> str:
        place = Place(table="categories", sort=sort)
        heads = find(tables.shown_table(make_scene(place)), "Th")
        return str(heads[head].children.href)

    assert clicked("", 0).endswith("&sort=name")
    assert clicked("name", 0).endswith("&sort=-name")
    assert clicked("", 1).endswith("&sort=-reported")
    assert clicked("-reported", 1).endswith("&sort=reported")
    assert clicked("-reported", 0).endswith("&sort=name")


def test_a_long_table_says_how_many_rows_it_shows_after_ordering_all_of_them(
    make_scene: Callable[..., Scene],
    find: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not find(tables.shown_table(make_scene(Place(table="categories"))), "Small")
    for module in (tables, pieces):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    shown = tables.shown_table(make_scene(Place(table="categories", sort="-reported")))
    assert (
        find(shown, "Small")[0].children == f"前\u20093\u2009行，共\u2009{len(BY_CATEGORY)}\u2009行"
    )
    rows = find(shown, "Tbody")[0].children
    counts = [int(row.children[1].children.replace(",", "")) for row in rows]
    assert counts == sorted(BY_CATEGORY, reverse=True)[:3]


@pytest.mark.parametrize(
    ("place", "leads"),
    [
        (Place(table="map", level="street"), "?at=9901"),
        (Place(table="departments"), "?d=k"),
        (Place(table="buildings"), "?at=B008651"),
    ],
)
def test_a_row_leads_to_what_it_is_about(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]], place: Place, leads: str
) -> None:
    cells = find(tables.shown_table(make_scene(place)), "Td")
    links = [cell.children.href for cell in cells if hasattr(cell.children, "href")]
    assert links
    assert all(link.startswith(leads) for link in links)
    assert not any("table=" in link for link in links)


def test_the_table_of_the_map_leads_where_its_names_say(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    scene = make_scene(Place(table="map", level="street", sort="name"))
    rows = [cell.children for cell in find(tables.shown_table(scene), "Td")]
    for link in (each for each in rows if hasattr(each, "href")):
        unit = scene.city.tree.find(link.href.removeprefix("?at="))
        assert scene.name(unit) == link.children
