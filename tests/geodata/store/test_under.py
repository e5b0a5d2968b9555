"""A city as another hierarchy divides it."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.model.errors import SnapshotError
from geodata.model.places import BUILDING
from geodata.model.schemas import SITE_UNKNOWN
from geodata.store import tables
from geodata.store.snapshots import FEED, City, open_city
from geodata.store.under import named, under
from tests.browser.tiny import REDRAWN, publish_tiny

BEFORE = REDRAWN.isoformat()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("data")
    publish_tiny(folder)
    return open_city(folder)


def test_every_unit_has_the_sites_of_those_below_it(city: City) -> None:
    for key in city.divisions:
        there = under(city, key)
        tree, sites = there.tree, there.sites
        assert there.inside(0).tolist() == sites["site"].tolist()
        for unit in range(len(tree)):
            own = np.flatnonzero((sites["unit"] == unit).to_numpy())
            below = [there.inside(int(child)) for child in np.flatnonzero(tree.parents == unit)]
            assert sorted(np.concatenate([own, *below])) == there.inside(unit).tolist()
            built = (sites["building"].to_numpy()[there.inside(unit)] >= 0).any()
            assert tree.built_up[unit] == built


def test_levels_names_and_places_are_those_of_the_division(city: City) -> None:
    there = under(city, "police")
    assert there.places["code"].tolist() == ["99", "991", "P1", "P2", "992", "P3"]
    assert [level.key for level in there.profile.levels] == ["district", "street", "police"]
    assert there.profile.levels[-1].name_zh == "警务网格"
    assert there.tree.next_level(1) == "police"
    assert there.tree.next_level(2) == BUILDING
    assert there.profile.categories == city.profile.categories
    assert under(city, "") is city
    assert under(city, "police") is there


def test_what_belongs_to_a_unit_belongs_to_one_of_the_division(city: City) -> None:
    there, then = under(city, "police"), under(city, BEFORE)
    codes = there.places["code"].to_numpy()
    blocks = dict(zip(there.buildings["code"], codes[there.buildings["unit"]], strict=True))
    assert blocks["B991110"] == "P1"
    assert blocks["B991220"] == "P2"
    assert blocks["B992110"] == "P3"
    assert there.estates is not None
    assert codes[there.estates["unit"]].tolist() == ["P1", "P3"]
    was = then.places["code"].to_numpy()
    houses = dict(zip(then.buildings["code"], was[then.buildings["unit"]], strict=True))
    # One above the other today, side by side then.
    assert [houses[f"B9911{n}"] for n in ("10", "11", "20", "21")] == [
        "99111", "99112", "99111", "99112",
    ]  # fmt: skip
    assert city.rosters is not None
    assert there.rosters is None
    for place in (there, then):
        inside = place.alerts["unit"].to_numpy()
        assert ((inside >= 0) & (inside < len(place.tree))).all()


def test_an_alert_is_where_its_site_is_or_in_what_holds_its_unit(city: City) -> None:
    then, alerts = under(city, BEFORE), city.alerts
    exact = city.sites.iloc[np.maximum(alerts["site"], 0)]
    known = (alerts["site"] >= 0) & (exact["unit"].to_numpy() == alerts["unit"])
    known &= exact["kind"].to_numpy() != SITE_UNKNOWN
    units = then.sites["unit"].to_numpy()
    assert known.any()
    for row in alerts.index[known]:
        assert then.alerts["unit"][row] == units[alerts["site"][row]]
    for row in alerts.index[~known]:
        mine = set(city.inside(int(alerts["unit"][row])).tolist())
        assert mine <= set(then.inside(int(then.alerts["unit"][row])).tolist())


def test_what_is_judged_of_the_city_is_known_of_its_divisions(city: City) -> None:
    there = under(city, "police")
    path = city.data_dir / FEED / city.id / tables.LIVE_WARNINGS
    before = there.alerts_version()
    tables.write_warnings(path, city.alerts.head(1).assign(level=4), 1_760_000_000)
    try:
        assert there.alerts_version() == city.alerts_version() != before
        table, until = there.warnings()
        assert table is not None
        assert (table["level"].tolist(), until) == ([4], 1_760_000_000)
        assert table["unit"][0] == there.alerts["unit"][0]
    finally:
        path.unlink()


def test_an_id_names_the_city_and_the_division(city: City) -> None:
    assert named(city, city.id) is city
    there = under(city, BEFORE)
    assert there.id == f"{city.id}.{BEFORE}"
    assert named(city, there.id) is there
    for strange in ("", "other", f"{city.id}.fire", f"{city.id}.", f"x{city.id}.police"):
        assert named(city, strange) is None
    assert there.version() == city.version()
    assert there.incident_files() == city.incident_files()
    assert there.now() == city.now()
    with pytest.raises(SnapshotError, match=r"division fire .* there are: police, 2026-06-01"):
        under(city, "fire")
