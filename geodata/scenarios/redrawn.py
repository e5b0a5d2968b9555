"""What becomes of the units and sites of a city under a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.model.places import NOWHERE
from geodata.scenarios.changed import Change
from geodata.scenarios.known import special_grids
from geodata.scenarios.named import name_of
from geodata.scenarios.outlined import outlined, touched

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]

COLUMNS: Final = ("code", "level", "name_zh", "name_en", "kind", "people", "households")
COUNTS: Final = ("people", "households")
UNKNOWN_COUNT: Final = -1


@dataclass(frozen=True)
class Redrawn:
    """A city under a plan.

    units: code, parent (code, "" for the root), COLUMNS and geometry in WGS-84, in no order, as a
    `Draft` has them; same: by unit, its row in the city's places where its border is the old one,
    -1 elsewhere; site: by site of the city, the row in `units` of its deepest unit; split: by
    the unknown place of a grid that is parted now, the codes of the grids that have a part of it;
    of its cases only a point says where they are.
    loose: codes of units below grids that no longer lie in one grid as a whole.
    """

    units: gpd.GeoDataFrame
    same: Ints
    site: Ints
    split: Mapping[int, tuple[str, ...]]
    loose: tuple[str, ...]


def redrawn(city: City, grounded: Grounded, plan: Plan) -> Redrawn:
    """The units of a city with the grids of a plan, and where its sites are then.

    Raises:
        SnapshotError: the city cannot be read.
    """
    change = Change(city, grounded, plan)
    below, home = _below(change)
    loose = {each for each in below.tolist() if _is_loose(change, each)}
    _settle(change, set(below.tolist()) - loose, home)
    units = _units(change, below, home)
    row = {code: number for number, code in enumerate(units["code"])}
    site = _sites(change, row, below, home)
    codes = city.places["code"].astype(str).to_numpy()
    made = Redrawn(
        units.drop(columns="same"), units["same"].to_numpy(np.int32), site, _split(change),
        tuple(sorted(codes[each] for each in loose)),
    )  # fmt: skip
    return replace(made, units=_counted(change, made))


def _below(change: Change) -> tuple[Rows, dict[int, int]]:
    """Units below the grids that stay, and the grid of each: where most of its sites are."""
    tree = change.city.tree
    rows = np.flatnonzero((tree.levels > change.level) & (change.mine != NOWHERE))
    home: dict[int, int] = {}
    unit, after = change.city.sites["unit"].to_numpy(), change.site_after
    known = change.located & (after != NOWHERE)
    votes = pd.DataFrame({"unit": unit[known], "grid": after[known]}).value_counts(sort=True)
    for mine, grid in votes.index:
        home.setdefault(int(mine), int(grid))
    for row in rows.tolist():
        own = int(change.mine[row])
        if row not in home:
            home[row] = own if change.plan.sizes[own] else change.holder[own]
    kept = [row for row in rows.tolist() if home.get(row, NOWHERE) != NOWHERE]
    return np.array(kept, dtype=np.intp), home


def _is_loose(change: Change, row: int) -> bool:
    """Whether the sites of a unit below the grids are in several of them now."""
    places = change.city.places.iloc[row]
    here = slice(int(places["site_from"]), int(places["site_to"]))
    return len(np.unique(change.site_after[here][change.located[here]])) > 1


def _settle(change: Change, whole: set[int], home: dict[int, int]) -> None:
    """What is known only to lie in a unit below the grids lies in the grid that has all of it."""
    unit = change.city.sites["unit"].to_numpy()
    for site in np.flatnonzero(~change.located).tolist():
        if int(unit[site]) in whole:
            change.site_after[site] = home[int(unit[site])]


def _split(change: Change) -> dict[int, tuple[str, ...]]:
    """By the unknown place of a grid that is parted, the codes of the grids that have a part."""
    before, codes = change.site_before, change.plan.codes
    sites = np.flatnonzero((before != NOWHERE) & (change.site_after == NOWHERE))
    parts = {
        grid: tuple(codes[each] for each in np.unique(change.plan.grid[change.before == grid]))
        for grid in np.unique(before[sites]).tolist()
    }
    return {site: parts[int(before[site])] for site in sites.tolist()}


def _units(change: Change, below: Rows, home: dict[int, int]) -> gpd.GeoDataFrame:
    """All units: those above as they are, the grids of the plan, those below in their grids."""
    places, plan = change.city.places, change.plan
    codes = places["code"].astype(str).to_numpy()
    # Grids that the ground knows nothing of, and what is below them, are not the plan's to change.
    fixed = _kept(places, np.flatnonzero(change.mine == NOWHERE), codes)
    grids = _grids(change, codes)
    lower = _kept(places, below, codes)
    lower["parent"] = [plan.codes[home[row]] for row in below.tolist()]
    lower = _clipped(lower, grids)
    whole = pd.concat([fixed, grids, lower], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=4326)


def _kept(places: gpd.GeoDataFrame, rows: Rows, codes: npt.NDArray[np.object_]) -> gpd.GeoDataFrame:
    parents = places["parent"].to_numpy()[rows]
    kept = places.iloc[rows][[*COLUMNS, "geometry"]].reset_index(drop=True)
    above = np.where(parents >= 0, codes[np.maximum(parents, 0)], "")
    return kept.assign(parent=above, same=rows.astype(np.int32))


def _grids(change: Change, codes: npt.NDArray[np.object_]) -> gpd.GeoDataFrame:
    """The grids of the plan; those of communities without any change have their old border."""
    places, plan = change.city.places, change.plan
    fresh = touched(change.before, plan)
    shapes = outlined(change.grounded.ground, plan, fresh)
    columns = {name: places[name].tolist() for name in COLUMNS}
    parents, borders = places["parent"].to_numpy(), places.geometry.array
    rows = []
    for number in plan.living.tolist():
        row = int(change.rows[number])
        if row >= 0:
            told = {name: columns[name][row] for name in COLUMNS}
            parent = codes[parents[row]]
        else:
            told, parent = _new(change, number)
        shape = shapes[number] if number in shapes else borders[row]
        same = NOWHERE if number in shapes else row
        rows.append({**told, "parent": parent, "same": same, "geometry": shape})
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)


def _new(change: Change, number: int) -> tuple[dict[str, object], str]:
    """What is said of a grid that was not there before, and what holds it."""
    places, plan = change.city.places, change.plan
    community = int(plan.community[number])
    holder = change.grounded.ground.communities[community]
    sisters = [
        int(row) for row, of in zip(change.rows, plan.community, strict=True)
        if row >= 0 and of == community
    ]  # fmt: skip
    sister = places.iloc[sisters[0]] if sisters else None
    code = plan.codes[number]
    special = special_grids(change.city)  # no new grid stands by itself because another does
    ordinary = [row for row in sisters if places["code"].iloc[row] not in special]
    kind = str(places["kind"].iloc[ordinary[0]]) if ordinary else ""
    names = {
        f"name_{lang}": name_of(code, holder, "" if sister is None else str(sister[f"name_{lang}"]),
                                lang)
        for lang in ("zh", "en")
    }  # fmt: skip
    level = change.city.tree.level_keys[change.level]
    return {"code": code, "level": level, "kind": kind, "people": 0, "households": 0,
            **names}, holder  # fmt: skip


def _clipped(lower: gpd.GeoDataFrame, grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Units below the grids, each only as far as its grid reaches."""
    drawn = grids.set_index("code")
    fresh = lower["parent"].map(drawn["same"]).eq(NOWHERE).to_numpy()
    if not fresh.any():
        return lower
    shapes = np.asarray(lower.geometry.array, dtype=object)
    over = np.asarray(drawn.geometry.loc[lower["parent"][fresh]].array, dtype=object)
    cut = shapely.intersection(shapes[fresh], over)
    shapes[fresh] = polygons(cut)  # of one without a shape nothing is cut
    return lower.assign(
        geometry=gpd.GeoSeries(shapes, lower.index, crs=4326),
        same=np.where(fresh, NOWHERE, lower["same"]),
    )


def polygons(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Only the areas of shapes that an overlay made; None where there are none."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    solid = shapely.get_dimensions(parts) > 1
    found = np.full(len(shapes), None, dtype=object)
    for row in np.unique(owner[solid]).tolist():
        mine = parts[solid & (owner == row)]
        found[row] = mine[0] if len(mine) == 1 else shapely.multipolygons(mine)
    return found


def _sites(change: Change, row: dict[str, int], below: Rows, home: dict[int, int]) -> Ints:
    """By site, the row of its deepest unit among the units."""
    city, plan, after = change.city, change.plan, change.site_after
    codes = city.places["code"].astype(str).tolist()
    unit = city.sites["unit"].to_numpy()
    stays = np.array([row.get(code, NOWHERE) for code in codes], dtype=np.int32)
    own = np.array([row.get(code, NOWHERE) for code in plan.codes], dtype=np.int32)
    level = city.tree.level_keys[change.level]
    parents = city.tree.parents
    above = city.tree.above(level)
    held = np.where(above >= 0, parents[np.maximum(above, 0)], np.arange(len(codes)))
    found = np.where(after == NOWHERE, stays[held[unit]], own[np.maximum(after, 0)])
    outside = change.site_before == NOWHERE  # above the grids, or in one that is not the plan's
    found[outside] = stays[unit[outside]]
    lower = np.zeros(len(codes), dtype=bool)
    lower[below] = True
    at_home = np.array([home.get(each, NOWHERE) for each in range(len(codes))])[unit] == after
    deeper = lower[unit] & at_home & ~outside
    found[deeper] = stays[unit[deeper]]
    if len(found) and found.min() < 0:
        msg = f"site {int(found.argmin())} would lie in no unit"
        raise ValueError(msg)
    return np.asarray(found, dtype=np.int32)


def _counted(change: Change, made: Redrawn) -> gpd.GeoDataFrame:
    """The units with people and households of what changed; what a community has stays as it is."""
    city, units = change.city, made.units
    built = city.buildings["site"].to_numpy()
    for name in COUNTS:
        held = city.buildings[name].to_numpy().clip(min=0)
        moved = np.zeros(len(change.plan.codes), dtype=np.int64)
        for grids, sign in ((change.site_after, 1), (change.site_before, -1)):
            mine = grids[built]
            known = mine != NOWHERE
            moved += sign * np.bincount(mine[known], held[known], len(moved)).astype(np.int64)
        units = units.assign(**{name: _told(change, units, name, moved)})
    return units


def _told(
    change: Change, units: gpd.GeoDataFrame, name: str, moved: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """One count by unit: as told, with what buildings brought or took.

    Of a grid that is gone what is told beyond its buildings goes where most of its atoms went.
    """
    plan = change.plan
    told = np.zeros(len(plan.codes), dtype=np.int64)
    there = change.rows >= 0
    told[there] = change.city.places[name].to_numpy()[change.rows[there]]
    unknown = told < 0
    total = np.where(unknown, 0, told) + moved
    for gone in np.flatnonzero(there & (plan.sizes == 0)):
        heirs = plan.grid[change.before == gone]
        if len(heirs):
            total[int(np.bincount(heirs).argmax())] += max(int(total[gone]), 0)
    total[unknown] = UNKNOWN_COUNT
    number = {code: row for row, code in enumerate(plan.codes)}
    mine = [number.get(code, NOWHERE) for code in units["code"]]
    kept = units[name].to_numpy()
    return np.array(
        [own if row == NOWHERE else total[row] for row, own in zip(mine, kept, strict=True)],
        dtype=np.int64,
    )
