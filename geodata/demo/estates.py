"""Estates, and the names, years and numbers of all buildings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geodata.demo.arrays import Bools, Ints, Objects, Shapes, Task, stream
from geodata.demo.land_use import HOMES
from geodata.demo.names import Name, Names, english

if TYPE_CHECKING:
    from geodata.demo.buildings import Buildings
    from geodata.demo.land_use import LandUse
    from geodata.demo.people import People
    from geodata.demo.plots import Plots
    from geodata.demo.units import Level

YEARS: Final = {  # first and last year in which each kind was built
    "tower": (1999, 2025),
    "mid": (1992, 2024),
    "slab": (1962, 2009),
    "old": (1948, 1984),
}
OLDEST, SPAN, JITTER = 1_976.0, 38.0, 4.0
WALL: Final = 3.0  # from the plot to the wall of an estate
KIND_NAMES: Final = {  # by kind of building: what its block is called
    "factory": ("工业园", "Industrial Park", "号厂房", "Workshop"),
    "mall": ("广场", "Plaza", "号楼", "Bldg"),
    "office": ("中心", "Centre", "座", "Tower"),
    "hospital": ("医院", "Hospital", "号楼", "Bldg"),
    "college": ("学院", "College", "号楼", "Bldg"),
    "site": ("工地", "Building Site", "号板房", "Hut"),
    "public": ("公园", "Park", "号房", "House"),
    "home": ("坊", "Quarter", "号", "No."),
    "shop": ("街铺", "Shops", "号", "No."),
}
SCHOOLS: Final = (("小学", "Primary School"), ("中学", "Middle School"), ("实验学校", "School"))


@dataclass(frozen=True, eq=False)
class Estates:
    """Estates in order of their atoms; `row` is the estate of an atom, -1 = none."""

    row: Ints
    atom: Ints
    code: Objects
    name_zh: Objects
    name_en: Objects
    kind: Objects
    year: Ints
    households: Ints
    people: Ints
    shape: Shapes


def atom_years(land: LandUse, seed: int) -> Ints:
    """Tell when each atom was built on."""
    rng = stream(seed, Task.FURNITURE)
    year = OLDEST + land.age * SPAN + rng.normal(0, JITTER, len(land.age))
    low = np.array([YEARS.get(name, (1955, 2025))[0] for name in land.use])
    high = np.array([YEARS.get(name, (1955, 2025))[1] for name in land.use])
    slack = rng.integers(0, 8, len(year))  # not all on the first or last possible year
    return np.asarray(np.clip(year, low + slack, high - slack).astype(np.int64))


def make_estates(
    names: Names, plots: Plots, built: Buildings, people: People, year: Ints
) -> Estates:
    """Make an estate of every plot with homes."""
    count = len(plots.use)
    homes = np.bincount(built.atom, people.households, count).astype(np.int64)
    persons = np.bincount(built.atom, people.people, count).astype(np.int64)
    atom = np.flatnonzero(np.isin(plots.use.astype(str), HOMES) & plots.built & (homes > 0))
    found = [names.estate(at) for at in year[atom].tolist()]
    row = np.full(count, -1, dtype=np.int64)
    row[atom] = np.arange(len(atom))
    return Estates(
        row=row,
        atom=atom,
        code=np.array([f"E{number:05d}" for number in range(1, len(atom) + 1)], dtype=object),
        name_zh=np.array([zh for zh, _ in found], dtype=object),
        name_en=np.array([en for _, en in found], dtype=object),
        kind=plots.use[atom],
        year=year[atom],
        households=homes[atom],
        people=persons[atom],
        shape=shapely.buffer(plots.inset[atom], WALL, join_style="mitre"),
    )


def _numbers(group: Objects, shape: Shapes) -> Ints:
    """Number the buildings of each group in rows from north to south."""
    middle = shapely.get_coordinates(shapely.centroid(shape))
    frame = pd.DataFrame({"group": group, "y": -(middle[:, 1] / 20).round(), "x": middle[:, 0]})
    order = frame.sort_values(["group", "y", "x"], kind="stable").index
    number = np.empty(len(frame), dtype=np.int64)
    number[order] = frame.loc[order].groupby("group").cumcount().to_numpy() + 1
    return number


def _called(kind: str) -> Name:
    zh, en, *_ = KIND_NAMES.get(kind, KIND_NAMES["home"])
    return zh, en


def _block_names(names: Names, kinds: Objects) -> list[Name]:
    """A name for every block of one kind of building that is no estate."""
    made = []
    for number, kind in enumerate(kinds):
        stem = names.stem()
        zh, en = SCHOOLS[number % len(SCHOOLS)] if kind == "school" else _called(kind)
        made.append((stem + zh, f"{english(stem)} {en}"))
    return made


def _counters(kind: Objects, home: Bools) -> tuple[Objects, Objects]:
    """What stands round the number of each building in both languages."""
    table = {"school": ("号楼", "Bldg"), "village": ("号", "No.")}
    table |= {name: (zh, en) for name, (_, _, zh, en) in KIND_NAMES.items()}
    zh = np.array([table.get(name, ("栋", "Bldg"))[0] for name in kind], dtype=object)
    en = np.array([table.get(name, ("栋", "Bldg"))[1] for name in kind], dtype=object)
    zh[home], en[home] = "栋", "Bldg"
    return zh, en


def _village_names(villages: Level) -> list[Name]:
    made = []
    for zh, en in zip(villages.name_zh, villages.name_en, strict=True):
        stem = str(zh).removesuffix("社区").removesuffix("村")
        made.append((stem + "村", f"{str(en).rsplit(' ', 1)[0]} Village"))
    return made


def building_names(
    names: Names, built: Buildings, estates: Estates, villages: Level
) -> tuple[list[str], list[str]]:
    """Name every building after its estate, its village or its block, with a number."""
    estate = estates.row[built.atom]
    shop = built.kind == "shop"
    home = (estate >= 0) & ~shop
    village = (built.kind == "village") & ~home
    place = built.atom.copy()
    place[village] = villages.label[built.atom[village]]
    sort = np.where(home, "home", built.kind.astype(str))
    group = np.array([f"{s}|{p}" for s, p in zip(sort, place, strict=True)], dtype=object)
    keys, at = np.unique(group, return_inverse=True)
    first = np.full(len(keys), len(group))
    np.minimum.at(first, at, np.arange(len(group)))
    own = ~home & ~village & ~(shop & (estate >= 0))
    fresh = np.flatnonzero(own[first])
    block: list[Name] = [("", "")] * len(keys)
    for key, name in zip(
        fresh.tolist(), _block_names(names, built.kind[first[fresh]]), strict=True
    ):
        block[key] = name
    rural = _village_names(villages)
    for key in np.flatnonzero(~own[first]).tolist():
        index = int(first[key])
        if village[index]:
            block[key] = rural[int(place[index])]
        else:
            row = int(estate[index])
            ending = ("商铺", " Shops") if shop[index] else ("", "")
            block[key] = estates.name_zh[row] + ending[0], estates.name_en[row] + ending[1]
    number = _numbers(group, built.shape)
    zh, en = _counters(built.kind, home)
    rows = list(zip(at.tolist(), number.tolist(), zh, en, strict=True))
    return (
        [f"{block[key][0]} {n} {z}" for key, n, z, _ in rows],
        [f"{block[key][1]} {e} {n}" for key, n, _, e in rows],
    )
