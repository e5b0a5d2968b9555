"""How large each made-up city is, which levels it has and how many units each level holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Tier:
    """One level below the root.

    count: units in the whole city, 0 = as many as `households` per unit asks for;
    land: how much of a unit's weight is land rather than households, 0–1.
    """

    key: str
    count: int
    land: float
    households: int = 0


@dataclass(frozen=True)
class Scale:
    """Size and division of a city; lengths in metres.

    core_m: radius of the main centre; cores: further centres; far: smallest distance between
    towns; block: factor on the size of a street block; margin: factor on the strip between street
    and buildings; crowded: share of all buildings that are small houses in old quarters;
    origin: where the middle of the sheet lies in `crs`.
    """

    name_zh: str
    name_en: str
    root_level: str
    code: str
    half_width: float
    half_height: float
    core_m: float
    towns: int
    far: float
    people: int
    buildings: int
    tiers: tuple[Tier, ...]
    cores: int = 0
    block: float = 1.0
    crowded: float = 0.0
    margin: float = 1.0
    planted: int = 0
    airport: bool = True
    new_town: bool = False
    origin: tuple[float, float] = (500_000.0, 3_380_000.0)
    crs: str = "EPSG:4544"


DISTRICT: Final = Scale(
    name_zh="澜汀区",
    name_en="Lanting District",
    root_level="district",
    code="990116",
    half_width=20_500,
    half_height=12_600,
    core_m=3_900,
    towns=8,
    far=5_000,
    people=1_500_000,
    buildings=26_000,
    tiers=(
        Tier("street", 12, 0.42),
        Tier("community", 250, 0.3),
        Tier("grid", 553, 0.12),
        Tier("micro", 0, 0.1, households=400),
    ),
    planted=6,
)

NESTED: Final = Scale(
    name_zh="龙屿市",
    name_en="Longyu City",
    root_level="city",
    code="990381",
    half_width=13_000,
    half_height=8_200,
    core_m=2_700,
    towns=6,
    far=3_300,
    people=460_000,
    buildings=15_000,
    block=0.27,
    tiers=(
        Tier("zone", 6, 0.35),
        Tier("community", 103, 0.3),
        Tier("grid", 384, 0.2),
        Tier("micro", 3_229, 0.15),
    ),
    margin=0.55,
    airport=False,
    new_town=True,
    origin=(560_000.0, 3_120_000.0),
)

CITY: Final = Scale(
    name_zh="澜江市",
    name_en="Lanjiang City",
    root_level="city",
    code="990300",
    half_width=43_000,
    half_height=23_500,
    core_m=7_000,
    cores=11,
    towns=16,
    far=5_200,
    people=17_700_000,
    buildings=650_000,
    block=0.6,
    crowded=0.66,
    tiers=(
        Tier("district", 10, 0.45),
        Tier("street", 74, 0.35),
        Tier("community", 680, 0.3),
        Tier("grid", 18_000, 0.15),
    ),
    margin=0.8,
    origin=(610_000.0, 2_520_000.0),
)

TINY: Final = Scale(
    name_zh="汀屿区",
    name_en="Tingyu District",
    root_level="district",
    code="990199",
    half_width=4_200,
    half_height=3_000,
    core_m=1_300,
    towns=1,
    far=2_000,
    people=60_000,
    buildings=1_600,
    tiers=(
        Tier("street", 3, 0.42),
        Tier("community", 9, 0.3),
        Tier("grid", 24, 0.2),
        Tier("micro", 0, 0.1, households=400),
    ),
    airport=False,
)

SCALES: Final = {"district": DISTRICT, "nested": NESTED, "city": CITY}
