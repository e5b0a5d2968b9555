"""Who reports the newest cases of the demo and in which words: nobody real, always the same."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.demo.rosters import SURNAMES
from geodata.model.periods import DAY
from geodata.model.schemas import TOLD

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.model.draft import Arranged

    Hashes = npt.NDArray[np.uint64]

FILE: Final = Path(__file__).with_suffix(".toml")
DAYS: Final = 14  # before the end of the history of which words are kept
ALL_BITS: Final = 2**64 - 1
GIVES_ID: Final = 0.04
BORN: Final = (1945, 60)  # first year, and how many
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"


def with_callers(
    frame: pd.DataFrame, arranged: Arranged, matters: pd.DataFrame, seed: int, end: int
) -> pd.DataFrame:
    """Cases with the columns TOLD; those reported earlier than DAYS before `end` tell nothing."""
    new = np.flatnonzero(frame["reported"].to_numpy(np.int64) >= end - DAYS * DAY)
    if not len(new):
        return frame
    told = {name: np.full(len(frame), "", dtype=object) for name in TOLD}
    rows = frame.iloc[new]
    places = _places(arranged, rows["site"].to_numpy(np.int64))
    names = matters["name_zh"].to_numpy()[rows["matter"].to_numpy(np.int64)]
    own = _mixed(rows["id"].to_numpy(np.uint64), seed)
    same = rows["site"].to_numpy(np.uint64) * np.uint64(4_096) + rows["matter"].to_numpy(np.uint64)
    for row, place, matter, mine, shared in zip(
        new, places, names, own.tolist(), _mixed(same, seed).tolist(), strict=True
    ):
        for name, text in _caller(place, matter, mine, shared).items():
            told[name][row] = text
    return frame.assign(**told)


def _caller(place: str, matter: str, mine: int, shared: int) -> dict[str, str]:
    """One caller; mine, shared: numbers by chance, of the report and of what it is about."""
    words = _words()
    phone = f"{words['mobile']}{mine % 10**7:07d}"
    number = _identity(words["region"], mine)
    opening = words["openings"][mine % len(words["openings"])]
    closing = words["closings"][mine // 97 % len(words["closings"])]
    text = (opening + closing).format(
        place=place,
        matter=matter,
        detail=words["details"][shared % len(words["details"])],
        phone=phone,
        id_number=number,
    )
    given = words["given"]
    return {
        "reporter": SURNAMES[mine // 7 % len(SURNAMES)] + given[mine // 1_009 % len(given)],
        "phone": phone,
        "id_number": number if mine // 11 % 100 < GIVES_ID * 100 else "",
        "address": f"{place}{1 + mine // 13 % 30}-{100 + mine // 17 % 800}",
        "text": text,
    }


def _identity(region: str, mine: int) -> str:
    """An identity number of nobody, with a right last digit."""
    year, month, day = BORN[0] + mine // 19 % BORN[1], 1 + mine // 23 % 12, 1 + mine // 29 % 28
    digits = f"{region}{year}{month:02d}{day:02d}{mine // 31 % 1_000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + CHECKS[total % len(CHECKS)]


def _places(arranged: Arranged, sites: npt.NDArray[np.int64]) -> list[str]:
    """What people call the place of each case: the building, else the unit."""
    building, unit = (arranged.sites[name].to_numpy()[sites] for name in ("building", "unit"))
    houses = arranged.buildings["name_zh"].to_numpy()
    units = arranged.places["name_zh"].to_numpy()
    return [str(houses[b] if b >= 0 else units[u]) for b, u in zip(building, unit, strict=True)]


def _mixed(numbers: Hashes, seed: int) -> Hashes:
    """A number by chance for each number (splitmix64), below 2^63."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15 * (seed + 1) & ALL_BITS)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1))


@cache
def _words() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)
