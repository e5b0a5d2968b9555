"""How a city tunes what the product does: the wall, the warning, the evaluation of grids."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from geodata.model.parts import Named, Part

CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class Wall(Part):
    """How the command centre's wall is calibrated, and how it behaves; see docs/wall.md."""

    pitch_mm: float = Field(default=1.5, gt=0)  # between two pixels
    distance_m: float = Field(default=8.0, gt=0)  # of the farthest regular seat
    arcmin: float = Field(default=20.0, gt=0)  # that the smallest letters take there
    columns: int = Field(default=3840, gt=0)  # pixels across
    seams: tuple[int, ...] = ()  # pixel columns that a bezel or a cabinet's edge begins at
    tour_s: float = Field(default=60.0, ge=15, le=300)  # at each place
    dim_from: str = Field(default="22:00", pattern=CLOCK)  # local time; from = to: never dim
    dim_to: str = Field(default="06:00", pattern=CLOCK)


class Syndrome(Named):
    """Matters that one cause brings together, whatever their categories."""

    matters: tuple[str, ...] = Field(min_length=2)


class WarningRules(Part):
    """When cases that come close together are worth an alert; see docs/warning.md."""

    judged_days: int = Field(default=30, ge=1)  # of the history before a publication
    baseline_days: int = Field(
        default=84, ge=63
    )  # what a place has had before; bands need nine weeks
    every_min: float = Field(default=5.0, gt=0)  # between two judgings of a running server
    # As strong an alarm comes by chance once in so many days: red, orange, yellow, blue.
    recurrence_days: tuple[float, float, float, float] = (3650.0, 365.0, 30.0, 1.0)
    reds_a_month: float = Field(default=8.0, ge=0)  # of the strongest of the last 30 days
    oranges_a_month: float = Field(default=40.0, ge=0)
    urgent: tuple[str, ...] = ()  # matters whose alerts stand one level higher
    syndromes: tuple[Syndrome, ...] = ()
    least_cases: int = Field(default=3, ge=2)
    prior_cases: float = Field(default=50.0, gt=0)  # what people count for, against past cases
    least_prior: float = Field(default=0.3, gt=0)  # cases any place may have had
    quiet_h: tuple[float, float] = (6.0, 24.0)  # without a further case, until an alert is cleared
    flood: int = Field(default=5, ge=2)  # alerts of one matter within a few hours are one


class Evaluation(Part):
    """How the load of grids is measured and judged; see docs/evaluation.md.

    The first four: what share of the load index each part has. The others are against the mean of
    the level (1), or against the target of the arrival.
    """

    people: float = Field(default=0.2, ge=0)
    households: float = Field(default=0.3, ge=0)
    buildings: float = Field(default=0.1, ge=0)
    cases: float = Field(default=0.4, ge=0)
    matter_weights: dict[str, float] = Field(default_factory=dict)  # key → usual cases it is worth
    split_from: float = Field(default=2.0, gt=1)
    staff_from: float = Field(default=1.5, gt=1)
    slow_from: float = Field(default=1.5, ge=1)
    merge_to: float = Field(default=0.5, gt=0, lt=1)
