"""The ground of a published city: what the city says is on it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from geodata.model.errors import NotYetError, SnapshotError, UnknownPlaceError
from geodata.planner.ground import Barrier
from geodata.planner.invariants import faults
from geodata.planner.shapes import gaps, outline
from geodata.publish import publish
from geodata.scenarios import grounds
from geodata.scenarios.grounded import communities_of, degrees, metres
from geodata.scenarios.source import NoGroundError, Source, crs_of
from geodata.store.snapshots import City, open_city
from tests.geodata.scenarios.conftest import town, units

if TYPE_CHECKING:
    from pathlib import Path


def test_the_ground_holds_what_the_city_says(made: City) -> None:
    there = grounds.grounded(made)
    ground, today = there.ground, there.today
    assert faults(ground, today) == []
    assert shapely.coverage_is_valid(ground.shapes)
    assert all(gaps(ground, today, row) == [] for row in range(len(ground.communities)))
    houses = made.buildings
    assert ground.households.sum() == houses["households"].sum()
    assert ground.cases.sum() == len(houses)  # one a site; unknown places lie nowhere
    places = made.places.set_index("code")
    for number in today.living.tolist():
        code = today.codes[number]
        row = made.tree.find(code)
        held = houses[houses["unit"] == row]
        assert ground.households[today.grid == number].sum() == held["households"].sum()
        drawn = degrees(there, np.array([outline(ground, today, number)]))[0]
        assert shapely.hausdorff_distance(drawn, places.geometry[code]) < 1e-6
        assert there.names[code] == (f"{code}号", f"No. {code}")


def test_it_is_read_as_it_was_made_and_in_parts(made: City) -> None:
    whole, street = grounds.grounded(made), grounds.opened(grounds.folder_of(made), "102")
    community = grounds.opened(grounds.folder_of(made), "102003")
    assert grounds.grounded(made).ground.key == whole.ground.key
    assert [len(each.today.living) for each in (whole, street, community)] == [32, 16, 4]
    assert street.ground.communities == ("102001", "102002", "102003", "102004")
    inside = np.isin(whole.ground.communities, street.ground.communities)
    assert street.ground.people.sum() == whole.ground.people[inside[whole.ground.community]].sum()
    assert set(street.buildings.id) < set(whole.buildings.id)
    assert (street.buildings.atom >= 0).all()
    assert communities_of(whole, "102").tolist() == [4, 5, 6, 7]
    assert len(communities_of(whole, "1")) == 8
    with pytest.raises(UnknownPlaceError, match="103"):
        communities_of(whole, "103")


def test_borders_know_their_neighbours_over_streets(made: City) -> None:
    there = grounds.grounded(made)
    edges, of = there.ground.edges, there.ground.community
    streets = of[edges.first] // 4 != of[edges.second] // 4
    assert (edges.barrier[streets] == Barrier.COMMUNITY).all()
    assert edges.length_m[streets].sum() == pytest.approx(1200, rel=1e-3)


def test_degrees_and_metres_are_the_same_place(made: City) -> None:
    there = grounds.grounded(made)
    assert there.crs == "EPSG:4548"  # the middle of this zone is 117 degrees
    back = metres(there, degrees(there, there.ground.shapes[:5]))
    assert shapely.hausdorff_distance(back, there.ground.shapes[:5]).max() < 0.02
    own = replace(made, profile=made.profile.model_copy(update={"crs": "EPSG:32650"}))
    assert crs_of(own) == "EPSG:32650"


def test_a_small_region_is_made_street_by_street(
    made: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.scenarios.source.MOST_GRIDS", 16)
    assert len(Source.of(made).regions) == 2
    apart = replace(made, data_dir=tmp_path, kept={})
    there, whole = grounds.grounded(apart), grounds.grounded(made)
    assert there.today.codes == whole.today.codes
    assert there.ground.people.sum() == whole.ground.people.sum()
    assert faults(there.ground, there.today) == []


def test_what_was_made_before_a_kill_is_kept(made: City, tmp_path: Path) -> None:
    apart = replace(made, data_dir=tmp_path, kept={})
    folder = grounds.make(apart)
    one, two = sorted(folder.glob("*.npz"))
    (folder / grounds.INDEX).unlink()
    assert not grounds.is_ready(apart)
    with pytest.raises(NotYetError):
        grounds.opened(folder)
    before = one.stat().st_mtime_ns
    grounds.make(apart)
    assert one.stat().st_mtime_ns == before
    (folder / grounds.INDEX).unlink()
    two.write_bytes(two.read_bytes()[:-100])
    grounds.make(apart)
    assert grounds.opened(folder).ground.key == grounds.grounded(made).ground.key


def test_a_damaged_file_is_named(made: City, tmp_path: Path) -> None:
    apart = replace(made, data_dir=tmp_path, kept={})
    path = min(grounds.make(apart).glob("*.npz"))
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(SnapshotError, match=r"0000\.npz: is damaged"):
        grounds.grounded(apart)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("missing", "said"),
    [("roads", "has no roads"), ("grids", "has no grids"), ("borders", "have no borders")],
)
def test_a_city_that_cannot_be_planned_is_told_why(
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401 (makers of drafts)
    missing: str,
    said: str,
) -> None:
    own = units()
    if missing == "grids":
        own = own[own["level"] != "grid"]
    if missing == "borders":
        own.loc[own["level"] == "grid", "geometry"] = None
    changes: dict[str, Any] = {"units": own}
    if missing == "roads":
        changes["basemap"] = {}
    publish(town(sketch, **changes), tmp_path)
    with pytest.raises(NoGroundError, match=said):
        grounds.make(open_city(tmp_path))
    assert not grounds.is_ready(open_city(tmp_path))
