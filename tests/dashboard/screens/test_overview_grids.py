"""How grids fit their load, on the screen: map, candidates with reasons, sentence and table."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard.access import NOBODY
from dashboard.place import GRIDS, Place, from_query
from dashboard.question import ask
from dashboard.screens.overview.grids.evaluated import registered
from dashboard.screens.overview.headline import sentence
from dashboard.screens.overview.map_state import map_state
from dashboard.screens.overview.scene import read
from dashboard.screens.overview.tables import table
from dashboard.screens.overview.view import view
from tests.dashboard.screens.conftest import PROFILE, FakeEngine, make_city

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.engine.request import Request

HEAVY, LATE, LIGHT, BESIDE = 6, 10, 14, 15  # communities; the last two are neighbours


@pytest.fixture
def live() -> SimpleNamespace:
    """A community of too many households, one where help comes late, two of hardly anybody."""
    levels = tuple(
        level.model_copy(update={"max_households": 5_000}) if level.key == "community" else level
        for level in PROFILE.levels
    )
    city = make_city(profile=PROFILE.model_copy(update={"levels": levels}))
    city.places["households"] = 3_000
    city.places.loc[HEAVY, "households"] = 9_000
    city.places.loc[[LIGHT, BESIDE], ["people", "households"]] = [900, 300]
    city.buildings = pd.DataFrame({"unit": np.repeat(city.tree.cells(0, "community"), 10)})
    city.buildings = city.buildings[~city.buildings["unit"].isin([LIGHT, BESIDE])]
    engine = Uneven(city)
    return SimpleNamespace(city=city, engine=engine, actor=NOBODY)


class Uneven(FakeEngine):
    """Help comes in time but for one community, and hardly anything happens in two."""

    def _cell(self, unit: int) -> dict[str, float]:
        median = 80 if unit == LATE else 20
        more = {"arrival_median_min": median, "arrival_p90_min": 1.5 * median}
        return super()._cell(unit) | more

    def workload(self, request: Request) -> pd.DataFrame:
        found = super().workload(request)
        found.loc[found["cell"].isin([LIGHT, BESIDE]), "cases"] = 5
        return found


def test_each_candidate_stands_with_its_reasons(
    live: SimpleNamespace, text: Callable[[Any], str]
) -> None:
    shown = view(Place(arrangement=GRIDS), live)
    said = text(shown.body)
    assert "9,000 户，超过上限 5,000 户" in said
    assert "到场中位 80 分（n 300），明显超过 45 分" in said
    name = live.city.places["name_zh"]
    assert f"{name[LIGHT]} ＋" in said
    assert said.index(name[HEAVY]) < said.index(name[LATE]) < said.index(f"{name[LIGHT]} ＋")
    assert "没有名册数据" in said
    assert shown.map_state["page"]["mode"] == "compare"
    sent = shown.map_state["cells"]
    classes = np.frombuffer(base64.b64decode(sent["class"]), np.uint8)
    cells = dict(zip(sent["unit"], classes, strict=True))
    assert cells[HEAVY] > cells[LATE] > cells[LIGHT] == 0
    assert not shown.timeline


def test_the_sentence_counts_what_is_proposed(live: SimpleNamespace) -> None:
    scene = read(Place(arrangement=GRIDS, language="en"), live)
    said = "".join(words for words, _ in sentence(scene))
    assert said.startswith("36 communities judged")
    assert "1 to split, 1 to be given more staff, 1 pair to merge" in said
    assert map_state(scene)["cells"]["text"][5 - 2].startswith("load")


def test_the_table_has_every_unit_and_names_both_of_a_pair(live: SimpleNamespace) -> None:
    found = table("grids", ask(Place(language="en"), live.city), live)
    # The level asked for without the arrangement is that of the map.
    assert len(found) == len(live.city.tree.cells(0, ask(Place(), live.city).request.level))
    place = Place(language="en", arrangement=GRIDS)
    found = table("grids", ask(place, live.city), live)
    assert len(found) == 36
    assert found["Proposal"].tolist()[:4] == ["Split", "More hands", "Merge", "Merge"]
    assert all((found["Proposal"] != "") == (found["Reasons"] != ""))
    assert any("Load index" in each for each in found.attrs["definitions"])


def test_a_place_is_judged_by_the_mean_of_the_whole_city(live: SimpleNamespace) -> None:
    whole = read(Place(arrangement=GRIDS), live).evaluated
    part = read(Place(arrangement=GRIDS, at=live.city.tree.codes[5]), live).evaluated
    assert whole is not None
    assert part is not None
    assert list(part.here.index) == [6, 7, 8]
    assert part.here["load_index"].tolist() == whole.here["load_index"][[6, 7, 8]].tolist()


def test_what_a_city_does_not_keep_is_not_known(live: SimpleNamespace) -> None:
    city = live.city
    city.places["people"] = -1
    rosters = pd.DataFrame({"unit": [HEAVY, HEAVY, 5, 0]})
    city.rosters = rosters
    units = registered(city, "community")
    assert units["people"].isna().all()
    assert units["staff"].sum() == 2  # whoever looks after a street is on no community's roster
    assert units.loc[LIGHT, "buildings"] == 0
    city.rosters = None
    assert registered(city, "community")["staff"].isna().all()


def test_nothing_recorded_is_said(text: Callable[[Any], str]) -> None:
    city = make_city()
    city.buildings = city.buildings.iloc[:0]
    live = SimpleNamespace(city=city, engine=FakeEngine(city, empty=True), actor=NOBODY)
    said = text(view(Place(arrangement=GRIDS), live).body)
    assert "案件平均不足" in said
    assert "没有社区需要调整" in said


def test_the_address_names_the_arrangement() -> None:
    assert from_query("?on=grids").arrangement == GRIDS
    assert Place(arrangement=GRIDS).href() == "?on=grids"
