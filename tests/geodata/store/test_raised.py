from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geodata.model.errors import NotAllowedError
from geodata.model.schemas import ALERTS, WARNINGS
from geodata.publish import publish
from geodata.store import raised
from geodata.store.raised import Raised
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City

ONE = Raised(id="g1", level=1, raised=1_760_000_100, title_zh="燃气", title_en="Gas", unit="101")


def keep(folder: Path, told: Raised) -> bool:
    return raised.keep(folder, told.id, lambda _: told).is_new


def test_what_was_kept_stands_among_the_alerts_of_the_city(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    row = {name: "x" if kind == "string" else 1 for name, kind in WARNINGS.items()}
    imported = pd.DataFrame([row])[list(ALERTS)].drop(columns="alert")
    publish(sketch.draft(alerts=lambda _: imported), tmp_path)
    city = open_city(tmp_path)
    before = city.alerts_version()
    assert len(city.alerts) == 1
    assert keep(tmp_path, ONE)
    assert city.alerts_version() != before
    found = city.alerts.iloc[-1]
    assert found["kind"] == raised.KIND
    assert city.tree.codes[found["unit"]] == "101"
    assert pd.isna(found["cleared"])
    assert {c: str(kind) for c, kind in city.alerts.dtypes.items()} == WARNINGS
    keep(tmp_path, replace(ONE, cleared=1_760_000_200))
    assert city.alerts.iloc[-1]["cleared"] == 1_760_000_200
    assert len(city.alerts) == 2


def test_the_same_alert_twice_is_no_news(tmp_path: Path) -> None:
    assert keep(tmp_path, ONE)
    first = raised.version(tmp_path)
    assert not keep(tmp_path, ONE)
    assert raised.version(tmp_path) == first
    assert keep(tmp_path, replace(ONE, level=2))
    assert [each.level for each in raised.read(tmp_path)] == [2]


def test_what_an_alert_was_is_told_while_nobody_else_changes_it(tmp_path: Path) -> None:
    """Else one of two who change different parts at once would undo the other."""
    keep(tmp_path, ONE)

    def worse(before: Raised | None) -> Raised:
        assert before is not None
        time.sleep(0.002)
        return replace(before, raised=before.raised + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: raised.keep(tmp_path, ONE.id, worse), range(16)))
    assert [each.raised for each in raised.read(tmp_path)] == [ONE.raised + 16]


def test_each_alert_is_looked_for_in_the_city_once(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(sketch.draft(), tmp_path)
    city = open_city(tmp_path)
    sought: list[str] = []
    unit_of = raised.unit_of

    def noted(city: City, told: Raised) -> int:
        sought.append(told.id)
        return unit_of(city, told)

    monkeypatch.setattr(raised, "unit_of", noted)
    for n in range(4):
        keep(tmp_path, replace(ONE, id=f"g{n}"))
        assert len(city.alerts) == n + 1
    assert sought == [f"g{n}" for n in range(4)]
    keep(tmp_path, replace(ONE, id="g1", level=3))
    assert city.alerts["level"].tolist() == [1, 3, 1, 1]


def test_who_asks_at_once_shares_one_table(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(sketch.draft(), tmp_path)
    keep(tmp_path, ONE)
    city, table = open_city(tmp_path), raised.table
    made: list[int] = []

    def slow(of: City) -> pd.DataFrame:
        made.append(1)
        time.sleep(0.05)
        return table(of)

    monkeypatch.setattr(raised, "table", slow)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: city.alerts, range(4)))
    assert len(made) == 1
    assert all(each is found[0] for each in found)


def test_none_is_lost_where_many_come_at_once(tmp_path: Path) -> None:
    told = [replace(ONE, id=f"g{n}") for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: keep(tmp_path, each), told))
    assert {each.id for each in raised.read(tmp_path)} == {each.id for each in told}


def test_a_place_that_another_publication_does_not_know_is_its_nearest_ancestor(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
) -> None:
    publish(sketch.draft(), tmp_path)
    city = open_city(tmp_path)
    codes = city.tree.codes
    assert codes[raised.unit_of(city, replace(ONE, unit="10199"))] == "101"
    assert raised.unit_of(city, replace(ONE, unit="9")) == 0
    place = city.places[city.places["code"] == "10102"].iloc[0]
    point = place.geometry.representative_point()
    assert codes[raised.unit_of(city, replace(ONE, unit="", lon=point.x, lat=point.y))] == "10102"
    assert raised.unit_at(city, 0.0, 0.0) == 0


def test_old_cleared_alerts_go_and_too_many_open_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, replace(ONE, id="old", raised=1, cleared=2))
    monkeypatch.setattr(raised, "MOST_OPEN", 2)
    keep(tmp_path, ONE)
    keep(tmp_path, replace(ONE, id="g2"))
    assert [each.id for each in raised.read(tmp_path)] == ["g1", "g2"]
    with pytest.raises(NotAllowedError, match="2 alerts are open"):
        keep(tmp_path, replace(ONE, id="g3"))


def test_a_damaged_file_takes_no_other_alert_away(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    publish(sketch.draft(), tmp_path)
    (tmp_path / raised.FILE).write_text("[{", encoding="utf-8")
    assert open_city(tmp_path).alerts["kind"].tolist() == []
    with pytest.raises(NotAllowedError, match="damaged"):
        keep(tmp_path, ONE)
