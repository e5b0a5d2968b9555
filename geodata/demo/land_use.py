"""What each atom is used for, from density, distance to the centre, factories and water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Bools, Floats, Objects, Shapes, Task, stream
from geodata.demo.noise import Noise

if TYPE_CHECKING:
    from geodata.demo.blocks import Blocks
    from geodata.demo.buildings import Buildings
    from geodata.demo.plots import Plots
    from geodata.demo.scales import Scale
    from geodata.demo.setting import Setting
    from geodata.demo.streets import Streets

HOMES: Final = ("slab", "mid", "tower", "old")
OPEN: Final = ("farm", "water", "airport", "wood")
FRINGE: Final = (0.2, 0.33)  # densities between country and town
VILLAGES: Final = 0.1
VILLAGE_SHARE: Final = 0.3
TOWN_REACH: Final = 2.0  # radii of a town
FACTORY: Final = 0.5
WET: Final = 0.42  # share of water above which an atom is water
SHORE: Final = 25.0
PARK_SHORE: Final = 0.35
SLIM: Final = 0.035
HILLY: Final = 0.42
HILL_DENSITY: Final = 0.22
BIG: Final = 200_000.0  # m², too large for a school
HOME_LIMIT: Final = 110_000.0  # m², above it a block of homes would be a town of its own
TOWER_LIMIT: Final = 62_000.0  # m², above it an estate of towers has more than 500 households
COMMERCE: Final = (0.25, 0.13, 0.07)  # share by distance from a centre in radii of it
COMMERCE_AT: Final = (0.3, 0.82)
ERAS: Final = (0.3, 0.62, 0.9)  # of the age field: old town, planned town, 1990s, new districts
HOME_MIX: Final = (
    ((0.14, "old"), (0.72, "slab"), (0.14, "tower")),
    ((0.68, "slab"), (0.17, "mid"), (0.15, "tower")),
    ((0.30, "slab"), (0.35, "mid"), (0.35, "tower")),
    ((0.07, "slab"), (0.25, "mid"), (0.58, "tower"), (0.10, "site")),
)
TOWN_MIX: Final = ((0.16, "old"), (0.55, "slab"), (0.20, "mid"), (0.09, "tower"))
FRINGE_MIX: Final = (
    (0.40, "village"),
    (0.12, "slab"),
    (0.14, "industry"),
    (0.26, "farm"),
    (0.08, "site"),
)
PUBLIC: Final = (
    ("school", 0.40, 0.462),
    ("hospital", 0.47, 0.481),
    ("office", 0.49, 0.51),
    ("park", 0.52, 0.565),
)
LARGE_PARK: Final = (160_000.0, 0.8)
SITE_SHARE: Final = 0.95
OLD_PER_M2: Final = 867e-6  # small houses in an old quarter
WORKS_SHARE: Final = 0.8

Mix = tuple[tuple[float, str], ...]


@dataclass(frozen=True, eq=False)
class LandUse:
    """Use of each atom, its density (0–1) and its age (0 = the oldest quarter, 1 = the newest)."""

    use: Objects
    density: Floats
    age: Floats


def _pick(mix: Mix, chance: Floats) -> Objects:
    """Draw from shares that add up to one."""
    steps = np.cumsum([share for share, _ in mix])
    names = np.array([name for _, name in mix], dtype=object)
    return np.asarray(names[np.minimum(np.searchsorted(steps, chance), len(mix) - 1)])


def _from_centre(setting: Setting, x: Floats, y: Floats) -> Floats:
    """Distance from the nearest centre in radii of that centre."""
    sites = setting.sites
    far = [
        np.hypot((x - cx) / 1.25, y - cy) / radius
        for (cx, cy), radius in zip(sites.cores, sites.core_radius, strict=True)
    ]
    return np.asarray(np.min(far, axis=0))


def _near_town(setting: Setting, x: Floats, y: Floats) -> Bools:
    sites = setting.sites
    found = np.zeros(len(x), dtype=bool)
    for (cx, cy), radius in zip(sites.towns, sites.town_radius, strict=True):
        found |= np.hypot(x - cx, y - cy) < TOWN_REACH * radius
    return found


def _wet_share(atoms: Shapes, wet: shapely.Geometry) -> Floats:
    share = np.zeros(len(atoms))
    hit = shapely.STRtree(atoms).query(wet, predicate="intersects")
    share[hit] = shapely.area(shapely.intersection(atoms[hit], wet)) / shapely.area(atoms[hit])
    return share


def _homes(age: Floats, town: Bools, chance: Floats) -> Objects:
    era = np.searchsorted(ERAS, age)
    home = np.select(
        [era == number for number in range(len(HOME_MIX))],
        [_pick(mix, chance) for mix in HOME_MIX],
    )
    return np.where(town, _pick(TOWN_MIX, chance), home).astype(object)


def _urban(
    setting: Setting, blocks: Blocks, age: Floats, far: Floats, rng: np.random.Generator
) -> Objects:
    """Uses as if every atom lay in town."""
    x, y = blocks.sheet.T
    area = shapely.area(blocks.atoms)
    chance, second = rng.random((2, len(area)))
    town = _near_town(setting, x, y) & (far > 1 + FRINGE[0])
    use = _homes(age, town, second)
    use[(area > TOWER_LIMIT) & (use == "tower")] = "mid"
    use[chance < np.array(COMMERCE)[np.searchsorted(COMMERCE_AT, far)]] = "commerce"
    for name, low, high in PUBLIC:
        use[(chance > low) & (chance < high) & (area < BIG)] = name
    use[(area > LARGE_PARK[0]) & (chance > LARGE_PARK[1])] = "park"
    return use


def _campus(streets: Streets, sheet: Floats) -> Bools:
    found = np.zeros(len(sheet), dtype=bool)
    if len(streets.campuses):
        tree = shapely.STRtree(streets.campuses)
        found[tree.query(shapely.points(sheet), predicate="within")[0]] = True
    return found


def make_land_use(
    setting: Setting, blocks: Blocks, streets: Streets, wet: shapely.Geometry, seed: int
) -> LandUse:
    """Give every atom one use."""
    rng = stream(seed, Task.LAND_USE)
    x, y = blocks.sheet.T
    dense, works = setting.density(x, y), setting.industrial(x, y)
    far = _from_centre(setting, x, y)
    age = far * 1.02 + 0.22 * Noise(rng, 1_700)(x, y)
    chance, second = rng.random((2, len(x)))
    use = np.full(len(x), "farm", dtype=object)
    fringe = (dense > FRINGE[0]) & (dense <= FRINGE[1])
    use[fringe] = _pick(FRINGE_MIX, second)[fringe]
    use[(dense > VILLAGES) & (dense <= FRINGE[0]) & (chance < VILLAGE_SHARE)] = "village"
    urban = dense > FRINGE[1]
    use[urban] = _urban(setting, blocks, age, far, rng)[urban]
    use[_campus(streets, blocks.sheet) & urban] = "campus"
    large = shapely.area(blocks.atoms) > HOME_LIMIT * max(setting.scale.block, 1 / 2)
    huge = large & np.isin(use.astype(str), HOMES)
    use[huge] = np.where(urban[huge], "campus", "village")
    use[(works > FACTORY) & (chance < WORKS_SHARE)] = "industry"
    use[(works > FACTORY) & (chance > SITE_SHARE)] = "site"
    use[(setting.hills(x, y) > HILLY) & (dense < HILL_DENSITY)] = "wood"
    _mark_water(use, blocks, wet, dense, chance)
    if setting.airfield is not None:
        fence = shapely.buffer(setting.airfield.area, 5)
        use[shapely.contains_xy(fence, x, y)] = "airport"
    crowd(use, shapely.area(blocks.atoms), setting.scale, rng)
    return LandUse(use, dense, age)


def crowd(use: Objects, area: Floats, scale: Scale, rng: np.random.Generator) -> None:
    """Turn blocks of homes into old quarters until these hold the share that is wanted."""
    homes = np.flatnonzero(np.isin(use.astype(str), HOMES))
    order = homes[np.lexsort((rng.random(len(homes)), use[homes] != "old"))]
    wanted = scale.crowded * scale.buildings / OLD_PER_M2
    use[order[np.cumsum(area[order]) <= wanted]] = "old"


def without_gaps(land: LandUse, plots: Plots, built: Buildings) -> LandUse:
    """Turn blocks on which nothing could be built into small parks."""
    count = len(land.use)
    empty = plots.built & (np.bincount(built.atom, minlength=count) == 0)
    use = land.use.copy()
    use[empty] = "park"
    return LandUse(use, land.density, land.age)


def _mark_water(
    use: Objects, blocks: Blocks, wet: shapely.Geometry, dense: Floats, chance: Floats
) -> None:
    """Turn wet atoms into water and the shore in town into parks."""
    atoms = blocks.atoms
    slim = shapely.area(atoms) < SLIM * shapely.length(atoms) ** 2
    shore = np.zeros(len(atoms), dtype=bool)
    shore[shapely.STRtree(atoms).query(wet, predicate="dwithin", distance=SHORE)] = True
    use[shore & (dense > FRINGE[0]) & (slim | (chance < PARK_SHORE))] = "park"
    use[_wet_share(atoms, wet) > WET] = "water"
