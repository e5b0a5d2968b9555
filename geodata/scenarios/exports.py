"""The grids of a plan and what changes with them, as tables to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.planner.shapes import measure, outline
from geodata.scenarios.named import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int32]

KEPT, CHANGED, NEW, GONE = "kept", "changed", "new", "gone"
BETWEEN: Final = " "  # between the codes of several grids
MOST_CODES: Final = 12  # that are named in one cell
UNNAMED: Final = ("", "")
OFFICER: Final = "grid_officer"  # the role that counts where rosters have several


@dataclass(frozen=True)
class Moved:
    """One plan beside the one it began with, on one ground; communities: rows that count."""

    there: Grounded
    plan: Plan
    communities: Ints

    @property
    def atoms(self) -> npt.NDArray[np.bool_]:
        """By atom, whether it lies in these communities."""
        return np.isin(self.there.ground.community, self.communities)

    @property
    def before(self) -> npt.NDArray[np.str_]:
        """By atom, the code of its grid of today."""
        return np.array(self.there.today.codes)[self.there.today.grid]

    @property
    def after(self) -> npt.NDArray[np.str_]:
        """By atom, the code of its grid under the plan."""
        return np.array(self.plan.codes)[self.plan.grid]

    def origins(self) -> dict[str, tuple[str, list[str]]]:
        """By living grid: kept, changed or new, and the grids of today that it has atoms of.

        Those in the order of their codes: how many atoms there are depends on who cut them.
        """
        now, then = self.after[self.atoms], self.before[self.atoms]
        pairs = pd.DataFrame({"now": now, "then": then}).value_counts().reset_index(name="atoms")
        size = pd.Series(then).value_counts()
        found: dict[str, tuple[str, list[str]]] = {}
        for code, rows in pairs.groupby("now", sort=True):
            codes = sorted(rows["then"])
            own = codes == [code] and int(rows["atoms"].iloc[0]) == int(size[code])
            state = KEPT if own else CHANGED if code in size.index else NEW
            found[str(code)] = (state, codes)
        return found

    def gone(self) -> list[str]:
        """Codes of today's grids that the plan has no more."""
        return sorted(set(self.before[self.atoms]) - set(self.after[self.atoms]))


def grids(moved: Moved, mark: str) -> gpd.GeoDataFrame:
    """Every grid of a plan, a row each, in the metres of the ground.

    mark: says in each row which state of which plan it is of. Figures are those of the ground:
    cases of the year that the load rests on.
    """
    there, plan = moved.there, moved.plan
    ground, origins = there.ground, moved.origins()
    numbers = [n for n in plan.living.tolist() if plan.codes[n] in origins]
    held = held_by(there, plan)
    rows = []
    for number in numbers:
        code = plan.codes[number]
        state, codes = origins[code]
        rows.append({
            "code": code, **named(there, plan, number), **where(there, plan, number),
            **{name: int(held[name][number]) for name in held},
            "state": state, "before": listed(codes), "plan": mark,
        })  # fmt: skip
    shapes = [outline(ground, plan, number) for number in numbers]
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=ground.crs)
    return frame.assign(area_m2=np.round(frame.area, 1)).sort_values("code", ignore_index=True)


def held_by(there: Grounded, plan: Plan) -> dict[str, npt.NDArray[np.int64]]:
    """By grid number: households, people, cases of the year and buildings."""
    ground, size = there.ground, len(plan.codes)
    columns = {"households": ground.households, "people": ground.people, "cases": ground.cases}
    found = {
        name: np.bincount(plan.grid, column, size).astype(np.int64)
        for name, column in columns.items()
    }
    atom = there.buildings.atom
    return {**found, "buildings": np.bincount(plan.grid[atom[atom >= 0]], minlength=size)}


def named(there: Grounded, plan: Plan, number: int) -> dict[str, str]:
    """Both names of a grid: those it has, or those it will get."""
    code = plan.codes[number]
    if code in there.names:
        return dict(zip(("name_zh", "name_en"), there.names[code], strict=True))
    community = int(plan.community[number])
    sister = next((
        plan.codes[each] for each in np.flatnonzero(plan.community == community)
        if plan.codes[each] in there.names
    ), "")  # fmt: skip
    names = there.names.get(sister, UNNAMED)
    holder = there.ground.communities[community]
    return {
        f"name_{lang}": name_of(code, holder, name, lang)
        for lang, name in zip(("zh", "en"), names, strict=True)
    }


def where(there: Grounded, plan: Plan, number: int) -> dict[str, str]:
    """Community of a grid and what holds that, with their names."""
    community = there.ground.communities[int(plan.community[number])]
    path = there.paths[community]
    above = path[-2] if len(path) > 1 else ""
    (zh, en), (above_zh, above_en) = (there.names.get(each, UNNAMED) for each in (community, above))
    return {
        "community": community, "comm_zh": zh, "comm_en": en,
        "street": above, "street_zh": above_zh, "street_en": above_en,
    }  # fmt: skip


def listed(codes: list[str]) -> str:
    """Codes of grids in one cell."""
    more = f"{BETWEEN}+{len(codes) - MOST_CODES}" if len(codes) > MOST_CODES else ""
    return BETWEEN.join(codes[:MOST_CODES]) + more


def ledger(moved: Moved, officers: Mapping[str, str], load_of: npt.NDArray[np.float64]) -> (
    pd.DataFrame
):  # fmt: skip
    """The ledger of grids, a row each: what it is called, where it is, what it holds.

    officers: by code of today's grids who looks after them; load_of: weight of each atom.
    """
    there, plan = moved.there, moved.plan
    frame = pd.DataFrame(grids(moved, "").drop(columns=["geometry", "plan"]))
    measures = measure(there.ground, plan, load_of)
    row = {plan.codes[number]: at for at, number in enumerate(measures.numbers.tolist())}
    order = [row[code] for code in frame["code"]]
    return frame.assign(
        load=np.round(measures.load[order], 2),
        compactness=np.round(measures.compactness[order], 3),
        officer=[officers.get(code, "") for code in frame["code"]],
    )


def register(moved: Moved, officers: Mapping[str, str], city: City) -> pd.DataFrame:
    """Every building that changes its grid, with its households, and who looks after it then."""
    there = moved.there
    held, then, now = there.buildings, moved.before, moved.after
    rows = np.flatnonzero(held.atom >= 0)
    at = held.atom[rows]
    rows = rows[(then[at] != now[at]) & moved.atoms[at]]
    at = held.atom[rows]
    own = city.buildings.iloc[city.sites["building"].to_numpy()[held.site[rows]]]
    numbers = {code: number for number, code in enumerate(moved.plan.codes)}
    communities = [where(there, moved.plan, numbers[code]) for code in now[at]]
    frame = pd.DataFrame({
        "building": held.id[rows], "name_zh": own["name_zh"].to_numpy(),
        "name_en": own["name_en"].to_numpy(), "estate": own["estate"].to_numpy(),
        "street_zh": [each["street_zh"] for each in communities],
        "street_en": [each["street_en"] for each in communities],
        "comm_zh": [each["comm_zh"] for each in communities],
        "comm_en": [each["comm_en"] for each in communities],
        "households": held.households[rows], "people": held.people[rows],
        "grid_before": then[at], "officer_before": [officers.get(code, "") for code in then[at]],
        "grid_after": now[at], "officer_after": [officers.get(code, "") for code in now[at]],
    })  # fmt: skip
    return frame.sort_values(["grid_before", "grid_after", "building"], ignore_index=True)


def officers_of(city: City) -> dict[str, str]:
    """Who looks after each unit, as the city says it to everybody: names are masked."""
    rosters = city.rosters
    if rosters is None:
        return {}
    own = rosters[rosters["role"] == OFFICER]
    kept = own if len(own) else rosters
    codes = city.places["code"].astype(str).to_numpy()
    told: dict[str, list[str]] = {}
    for unit, name in zip(kept["unit"], kept["name_masked"], strict=True):
        told.setdefault(str(codes[int(unit)]), []).append(str(name))
    return {code: "、".join(names) for code, names in told.items()}
