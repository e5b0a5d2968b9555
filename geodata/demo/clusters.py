"""Planted clusters: cases that belong together, and the truth about them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.rhythm import HOURS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from geodata.demo.life import Ground
    from geodata.demo.rhythm import Rhythm

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rng = np.random.Generator

STREAM: Final = 4
FILE: Final = Path(__file__).with_name("clusters.toml")
A_MONTH: Final = {"district": 3, "nested": 2, "city": 8}
HOUR: Final = 3600
DAY: Final = 86_400
LEAST_RADIUS_M: Final = 120.0
METRES_A_DEGREE: Final = 111_320.0
# Excess over what chance scatters, in standard deviations, from which on a cluster is …
GRADES: Final = ((12.0, "easy"), (5.0, "medium"), (0.0, "hard"))


@dataclass(frozen=True)
class Kind:
    """A kind of cluster; hours: shortest and longest; cases: fewest and most."""

    key: str
    matters: tuple[str, ...]
    scope: str
    shape: str
    cases: tuple[int, int]
    hours: tuple[float, float]
    radius_m: float = 0.0
    months: tuple[int, ...] = tuple(range(1, 13))
    weight: float = 1.0
    slow: float = 1.0
    name_zh: str = ""
    name_en: str = ""

    @classmethod
    def read(cls, row: dict[str, Any]) -> Kind:
        """Make a kind of the fields of a row that it knows."""
        fields: dict[str, Any] = {key: row[key] for key in cls.__dataclass_fields__ if key in row}
        for name in ("matters", "cases", "hours", "months"):
            if name in fields:
                fields[name] = tuple(fields[name])
        return cls(**fields)


@dataclass(frozen=True, eq=False)
class Cluster:
    """Planted cases: moments (epoch seconds, in order), sites, matters, floors and rooms.

    anchor: the site in the middle; expected: cases of these matters usual in place and time.
    """

    kind: Kind
    origin: str  # month | alert | story
    anchor: int
    moment: Ints
    site: Ints
    matter: Ints
    floor: Ints
    room: Ints
    expected: float = 0.0
    places: tuple[str, ...] = field(default=())

    @property
    def difficulty(self) -> str:
        """How hard it is to find: easy, medium or hard."""
        excess = len(self.moment) / np.sqrt(self.expected + 1)
        return next(name for least, name in GRADES if excess >= least)


@dataclass(frozen=True, eq=False)
class Field:
    """What planting needs: the ground, the usual rhythm and the city's clock."""

    seed: int
    scale: str
    ground: Ground
    rhythm: Rhythm
    zone: ZoneInfo

    def midnight(self, day: date) -> int:
        """Epoch seconds at which a local day begins."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())

    def day(self, moment: int) -> date:
        """Local day of a moment."""
        return datetime.fromtimestamp(moment, UTC).astimezone(self.zone).date()


@cache
def read_kinds() -> tuple[tuple[Kind, ...], tuple[dict[str, Any], ...]]:
    """Read the kinds of clusters, and the kinds of alerts as they stand in the file."""
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    return tuple(Kind.read(row) for row in content["clusters"]), tuple(content["alerts"])


def month_clusters(world: Field, year: int, month: int) -> Iterable[Cluster]:
    """Plant the clusters that begin in a month; always the same ones."""
    rng = np.random.default_rng((world.seed, STREAM, year * 12 + month))
    kinds = [kind for kind in read_kinds()[0] if month in kind.months]
    weight = np.array([kind.weight for kind in kinds])
    chosen = rng.choice(len(kinds), A_MONTH[world.scale], replace=True, p=weight / weight.sum())
    for number in chosen:
        start = world.midnight(date(year, month, int(rng.integers(1, 29))))
        yield plant(world, kinds[number], start + int(rng.integers(6, 22)) * HOUR, rng)


def plant(  # noqa: PLR0913 - one cluster
    world: Field, kind: Kind, start: int, rng: Rng, *, origin: str = "month", anchor: int = -1
) -> Cluster:
    """Plant one cluster that begins at `start` (epoch seconds), round a site drawn if not given."""
    ground = world.ground
    matters = [ground.codes.rows[key] for key in kind.matters]
    place = int(ground.codes.place[matters[0]])
    drawn = int(ground.pick(np.array([place]), rng.random(1))[0])
    anchor = anchor if anchor >= 0 else drawn
    sites = _scope(ground, kind, anchor)
    chance = ground.chance[place, sites]
    if chance.sum() <= 0:
        sites, chance = np.array([anchor]), np.ones(1)
    count = int(rng.integers(kind.cases[0], kind.cases[1] + 1))
    span = rng.uniform(*kind.hours) * HOUR
    moment = np.sort(start + _when(world, kind, matters[0], start, span, count, rng))
    site = rng.choice(sites, count, p=chance / chance.sum())
    floor, room = _rooms(ground, site, kind, rng)
    return Cluster(
        kind=kind,
        origin=origin,
        anchor=anchor,
        moment=moment,
        site=site,
        matter=rng.choice(matters, count),
        floor=floor,
        room=room,
        expected=usual(world, matters, sites, start, int(start + span)),
        places=_codes(ground, anchor),
    )


def usual(world: Field, matters: list[int], sites: Ints, start: int, end: int) -> float:
    """Cases of some matters usual at some sites between two moments."""
    codes = world.ground.codes
    total = 0.0
    daily = world.rhythm.expected(world.day(start)).sum(axis=1)
    for matter in set(matters):
        share = world.ground.share(int(codes.place[matter]), sites)
        total += float(daily[matter]) * share * (end - start) / DAY
    return total


def _scope(ground: Ground, kind: Kind, anchor: int) -> Ints:
    """Sites that the cases of a cluster may come from, all in the anchor's street."""
    street = int(ground.areas[ground.area[anchor]])
    near = np.arange(ground.units.first[street], ground.units.end[street])
    if kind.scope == "estate" and ground.estate[anchor] >= 0:
        return np.asarray(near[ground.estate[near] == ground.estate[anchor]])
    if kind.scope in {"estate", "radius"}:
        east = (ground.lon[near] - ground.lon[anchor]) * np.cos(np.radians(ground.lat[anchor]))
        away = np.hypot(east, ground.lat[near] - ground.lat[anchor]) * METRES_A_DEGREE
        return np.asarray(near[away <= max(kind.radius_m, LEAST_RADIUS_M)])
    unit = ground.units.above(int(ground.unit[anchor]), kind.scope)
    return np.arange(ground.units.first[unit], ground.units.end[unit]) if unit >= 0 else near


def _codes(ground: Ground, site: int) -> tuple[str, ...]:
    """Codes of the units a site lies in, the widest first."""
    unit, found = int(ground.unit[site]), []
    while unit >= 0:
        found.append(str(ground.units.code[unit]))
        unit = ground.units.parent[unit]
    return tuple(reversed(found))


def _when(  # noqa: PLR0913, PLR0917 - one draw
    world: Field, kind: Kind, matter: int, start: int, span: float, count: int, rng: Rng
) -> Ints:
    """Draw seconds after the start by the shape of the kind."""
    if kind.shape == "burst":
        return np.asarray(rng.beta(1.3, 2.4, count) * span, dtype=np.int64)
    share = np.sqrt(rng.random(count)) if kind.shape == "ramp" else rng.random(count)
    if span < DAY:
        return np.asarray(share * span, dtype=np.int64)
    curve = world.rhythm.hours[matter]
    if kind.shape == "nights":
        curve = np.array(HOURS["night"].split(), dtype=np.float64) ** 2
    hours = rng.choice(24, count, p=curve / curve.sum())
    midnight = world.midnight(world.day(start))
    found = (share * span) // DAY * DAY + hours * HOUR + rng.integers(0, HOUR, count)
    after = midnight + found - start
    return np.asarray(np.where(after < 0, after + DAY, after), dtype=np.int64)


def _rooms(ground: Ground, site: Ints, kind: Kind, rng: Rng) -> tuple[Ints, Ints]:
    """Choose floors round one level, as a smell in a shaft would; −1 = left to chance."""
    if kind.key != "gas_smell":
        return np.full(len(site), -1), np.full(len(site), -1)
    floors, rooms = ground.floors[site], ground.rooms[site]
    middle = rng.uniform(0.3, 0.9)
    floor = np.clip(np.round(floors * middle + rng.normal(0, 1.2, len(site))), 1, None)
    floor = np.where(rooms > 0, np.minimum(floor, np.maximum(floors, 1)), 0)
    room = np.where(rooms > 0, rng.integers(1, np.maximum(rooms, 1) + 1), 0)
    return floor.astype(np.int64), room.astype(np.int64)
