"""When cases happen: hours, weekdays, seasons, holidays, weather and slow growth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.codes import CHANNELS

if TYPE_CHECKING:
    from geodata.demo.codes import Codes

Floats = npt.NDArray[np.float64]

STREAM: Final = 2
MOOD_STREAM: Final = 20
GROWTH: Final = 0.03  # a year
OVERDISPERSION: Final = 40.0  # shape of the gamma noise on a category's hour
YEAR: Final = 365.25
SATURDAY: Final = 5

# Share of the day's cases by hour, before scaling to 1.
HOURS: Final = {
    "day": "1 1 1 1 1 2 6 14 24 28 27 22 14 15 22 25 24 20 13 9 6 4 2 1",
    "office": "1 1 1 1 1 1 2 5 18 30 32 26 12 11 24 29 27 18 10 8 7 5 3 2",
    "home": "4 2 1 1 1 2 7 14 19 20 18 15 13 12 13 14 16 20 24 25 22 16 11 7",
    "evening": "4 2 1 1 1 2 6 10 12 13 13 13 12 11 12 14 18 25 31 32 28 21 13 7",
    "night": "16 10 7 5 4 4 6 7 8 9 9 9 9 9 9 10 11 14 20 26 33 37 34 25",
    "rush": "2 1 1 1 1 3 10 30 34 22 18 16 16 15 16 18 24 33 32 22 14 9 6 3",
    "flat": "8 7 6 6 6 7 10 14 16 17 17 16 15 15 16 16 17 18 18 17 15 13 11 9",
}
# Monday first.
WEEK: Final = {
    "day": (1.10, 1.06, 1.05, 1.05, 1.04, 0.88, 0.82),
    "office": (1.28, 1.18, 1.14, 1.13, 1.08, 0.65, 0.54),
    "home": (1.04, 0.97, 0.96, 0.96, 0.98, 1.05, 1.04),
    "evening": (0.96, 0.95, 0.96, 0.97, 1.05, 1.08, 1.03),
    "night": (0.92, 0.90, 0.92, 0.95, 1.12, 1.18, 1.01),
    "rush": (1.09, 1.06, 1.05, 1.05, 1.10, 0.86, 0.79),
    "flat": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
}
SPRING_FESTIVAL: Final = {  # new year of the lunar calendar: month and day
    2022: (2, 1),
    2023: (1, 22),
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
}
# By season: height of the wave and the day of the year of its top.
WAVES: Final = {
    "": (0.0, 0.0),
    "summer": (0.16, 200.0),
    "winter": (0.14, 15.0),
    "leaf": (0.10, 320.0),
    "flood": (0.14, 195.0),
    "rain": (0.45, 195.0),
    "heating": (0.0, 0.0),
    "festival": (0.0, 0.0),
}


@dataclass(frozen=True, eq=False)
class Rhythm:
    """How many cases to expect on a day, by matter and hour.

    daily: cases a day in the year that ends at `until`; hours, week: by matter.
    """

    seed: int
    codes: Codes
    daily: float
    until: date
    hours: Floats = field(repr=False)
    week: Floats = field(repr=False)

    def expected(self, day: date) -> Floats:
        """Cases expected by matter and hour, before chance and weather."""
        growth = 1 + GROWTH * (day - self.until).days / YEAR
        level = self.codes.weight * self.week[:, day.weekday()] * self._season(day)
        return np.asarray(self.daily * growth * level[:, None] * self.hours, dtype=np.float64)

    def likely(self, day: date) -> Floats:
        """Cases expected once the day's weather and mood are known."""
        rng = _chance(self.seed, STREAM, day.toordinal())
        mood = 0.015 * rng.standard_normal()
        mood += 0.009 * sum(_mood(self.seed, day.toordinal() - back) for back in range(4))
        category = self.codes.category
        tempers = np.exp(rng.normal(0, 0.025, int(category.max()) + 1))
        rate = self.expected(day) * np.exp(mood) * tempers[category][:, None]
        return np.asarray(rate * self._weather(day)[:, None], dtype=np.float64)

    def counts(self, rng: np.random.Generator, day: date) -> npt.NDArray[np.int64]:
        """Draw cases by matter and hour; they scatter more than chance alone would make them."""
        shape = (int(self.codes.category.max()) + 1, 24)
        gusts = rng.gamma(OVERDISPERSION, 1 / OVERDISPERSION, shape)
        return rng.poisson(self.likely(day) * gusts[self.codes.category])

    def _season(self, day: date) -> Floats:
        turn = 2 * np.pi * (day.timetuple().tm_yday) / YEAR
        waves = {
            name: 1 + height * np.cos(turn - 2 * np.pi * top / YEAR)
            for name, (height, top) in WAVES.items()
        }
        waves["heating"] = heating(day)
        factor = np.array([waves[season] for season in self.codes.season])
        return np.asarray(factor * self._holiday(day), dtype=np.float64)

    def _holiday(self, day: date) -> Floats:
        """Dip in the Spring Festival and, less so, in the October week; families quarrel more."""
        quiet = 1 - 0.52 * festival(day)
        if (day.month, day.day) in {(10, number) for number in range(1, 8)}:
            quiet *= 0.9
        merry = np.array([season == "festival" for season in self.codes.season])
        return np.where(merry, 1 + 0.25 * festival(day), quiet)

    def _weather(self, day: date) -> Floats:
        rain = wetness(self.seed, day)
        factors = {"rain": 0.5 + 3.6 * rain**1.5, "flood": 0.97 + 0.22 * rain}
        dry = np.where(self.codes.channel == CHANNELS.index("street"), 1 - 0.03 * rain, 1.0)
        wet = np.array([factors.get(season, np.nan) for season in self.codes.season])
        return np.where(np.isnan(wet), dry, wet)


def make_rhythm(seed: int, codes: Codes, daily: float, until: date) -> Rhythm:
    """Prepare the rhythm of a city with so many cases a day."""
    curves = {name: np.array(text.split(), dtype=np.float64) for name, text in HOURS.items()}
    hours = np.stack([curves[name] / curves[name].sum() for name in codes.rhythm])
    week = np.stack([np.array(WEEK[name]) / np.mean(WEEK[name]) for name in codes.rhythm])
    return Rhythm(seed, codes, daily, until, hours, week)


def festival(day: date) -> float:
    """How deep in the Spring Festival a day is, 0 to 1."""
    if day.year not in SPRING_FESTIVAL:
        return 0.0
    offset = (day - date(day.year, *SPRING_FESTIVAL[day.year])).days
    depth = np.interp(offset, [-8, -1, 0, 4, 7, 15], [0, 0.75, 1, 0.9, 0.45, 0])
    return float(depth)


def heating(day: date) -> float:
    """Relative level of heating complaints: mid November to mid March, worst at the start."""
    months = np.array([2.6, 2.3, 1.2, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 1.5, 2.5])
    position = day.month - 1 + (day.day - 15) / 30.5
    return float(np.interp(position, np.arange(-1, 13), np.r_[months[-1], months, months[0]]))


@lru_cache(maxsize=4096)
def wetness(seed: int, day: date) -> float:
    """Rain of a day: 0 dry, 1 wet, up to 2.5 a downpour; wet days come in runs."""
    number = day.toordinal()
    front = sum(_mood(seed + 1, number - back) * weight for back, weight in enumerate((1.0, 0.6)))
    warm = 0.5 + 0.5 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 195) / YEAR)
    return float(np.clip(front - 1.5 + 0.8 * warm, 0, 2.5) * (0.4 + 1.1 * warm))


@lru_cache(maxsize=8192)
def _mood(seed: int, number: int) -> float:
    return float(_chance(seed, MOOD_STREAM, number).standard_normal())


def _chance(*key: int) -> np.random.Generator:
    return np.random.default_rng(key)


def days_between(first: date, last: date) -> list[date]:
    """List the days from `first` to `last`, both included."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]
