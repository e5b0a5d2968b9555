"""The heat picture: nothing is lost, and the scale stands still."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from geodata.tiles.heat import BREAKS_PER_HOUR, SCALES, density, frame, per_hour, scale

if TYPE_CHECKING:
    import numpy.typing as npt

BOX = (113.9, 22.4, 114.1, 22.6)
WIDTHS = (0.02, 0.09, 0.15, 0.4, 1.0)  # degrees: a community, a street, a town, a district, a city
PALETTE = tuple((50 * step, 10, 0, 100 + 30 * step) for step in range(5))


def cloud(count: int, seed: int = 1) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    return rng.normal(114, 0.02, count), rng.normal(22.5, 0.02, count)


def open_rgba(data: bytes) -> npt.NDArray[Any]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


@pytest.mark.parametrize("hours", [1.0, 24.0, 168.0])
@pytest.mark.parametrize("blur_m", [60.0, 110.0, 300.0])
def test_every_case_is_there(hours: float, blur_m: float) -> None:
    lon, lat = cloud(5000)
    found = density(lon, lat, BOX, hours, blur_m=blur_m)
    time = hours if per_hour(hours) else hours / 24
    assert (found.whole * found.cell_km2[:, None]).sum() * time == pytest.approx(5000, rel=1e-4)


def test_a_day_is_a_day_where_the_clock_changes() -> None:
    assert {scale(BOX, hours).breaks for hours in (23, 25)} == {scale(BOX, 24).breaks}
    assert scale(BOX, 2).breaks != scale(BOX, 24).breaks


def test_cases_at_the_edge_of_the_box_are_there_too() -> None:
    found = density(np.array([113.9, 114.1]), np.array([22.4, 22.6]), BOX, 1.0)
    assert (found.whole * found.cell_km2[:, None]).sum() == pytest.approx(2, rel=1e-3)
    assert (found.values * found.cell_km2[found.margin : -found.margin, None]).sum() < 1


def test_peak_lies_where_the_case_is_in_mercator() -> None:
    tall = (113.9, 10.0, 114.0, 60.0)
    found = density(np.array([113.95]), np.array([40.0]), tall, 1.0, size=2000)
    row, _ = np.unravel_index(found.values.argmax(), found.values.shape)
    plane = np.arctanh(np.sin(np.radians([10.0, 40.0, 60.0])))
    share = (plane[2] - plane[1]) / (plane[2] - plane[0])
    assert row / len(found.values) == pytest.approx(share, abs=2e-3)


def test_known_density() -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(113.85, 114.15, 90_000), rng.uniform(22.35, 22.65, 90_000)
    width = 0.3 * 111.32 * np.cos(np.radians(22.5))
    per_km2 = 90_000 / (width * 0.3 * 111.32)
    assert density(lon, lat, BOX, 1.0).values.mean() == pytest.approx(per_km2, rel=0.02)
    assert density(lon, lat, BOX, 48.0).values.mean() == pytest.approx(per_km2 / 2, rel=0.02)


def test_scale_stands_still() -> None:
    lon, lat = cloud(4000)
    few = open_rgba(frame(lon, lat, BOX, 24.0, PALETTE))
    doubled = np.concatenate([lon, lon]), np.concatenate([lat, lat])
    same = open_rgba(frame(*doubled, BOX, 24.0, PALETTE, tuple(b * 2 for b in BREAKS_PER_HOUR)))
    # Rounding may move a pixel to the neighbouring of 255 colours.
    assert np.abs(few.astype(int) - same.astype(int)).max() <= 2 or (few == same).mean() > 0.99
    more = open_rgba(frame(*doubled, BOX, 24.0, PALETTE))
    assert more[..., 3].sum() > few[..., 3].sum()


def test_nothing_is_painted_below_the_first_break() -> None:
    empty = open_rgba(frame(np.array([]), np.array([]), BOX, 1.0, PALETTE))
    assert not empty.any()
    lon, lat = cloud(4000)
    found = density(lon, lat, BOX, 24.0)
    picture = open_rgba(frame(lon, lat, BOX, 24.0, PALETTE, size=max(found.values.shape)))
    assert picture.shape[:2] == found.values.shape
    assert ((picture[..., 3] > 0) == (found.values >= BREAKS_PER_HOUR[0])).all()
    assert picture[found.values >= BREAKS_PER_HOUR[0]][:, 3].min() >= PALETTE[0][3]


def test_a_small_box_is_painted_smoothly() -> None:
    lon, lat = cloud(4000)
    small = (113.99, 22.49, 114.01, 22.51)
    picture = open_rgba(frame(lon, lat, small, 1.0, PALETTE))
    assert max(picture.shape[:2]) == 768
    assert density(lon, lat, small, 1.0).values.shape[0] < 80


@pytest.mark.parametrize(("hours", "column"), [(1.0, 1), (24.0, 2)])
def test_the_further_away_the_wider_the_blur_and_the_lower_the_breaks(
    hours: float, column: int
) -> None:
    found = [scale((114.0, 22.4, 114.0 + width, 22.4 + width / 2), hours) for width in WIDTHS]
    assert found == [kept[column] for kept in SCALES]
    blurs, firsts = [each.blur_m for each in found], [each.breaks[0] for each in found]
    assert blurs == sorted(blurs)
    assert firsts == sorted(firsts, reverse=True)
    assert len(set(firsts)) >= len(firsts) - 1


@pytest.mark.parametrize("width", WIDTHS)
def test_the_scale_of_a_place_depends_on_the_unit_alone(width: float) -> None:
    box = (114.0, 22.4, 114.0 + width, 22.4 + width / 2)
    assert len({scale(box, hours) for hours in (0.5, 1.0, 2.0)}) == 1
    assert len({scale(box, hours) for hours in (23.0, 24.0, 25.0, 168.0, 8760.0)}) == 1
    part, day = scale(box, 13.0), scale(box, 24.0)
    assert part.breaks == day.breaks
    assert day.blur_m < part.blur_m < scale(box, 1.0).blur_m
    assert scale(box, 24.0).breaks > scale(box, 1.0).breaks


def test_one_case_is_a_field_of_many_pixels_from_any_height() -> None:
    for width in WIDTHS:
        box = (114.0, 22.4, 114.0 + width, 22.4 + width / 2)
        middle = np.array([114.0 + width / 2]), np.array([22.4 + width / 4])
        values = density(*middle, box, 1.0, blur_m=scale(box, 1.0).blur_m).values
        wide = np.count_nonzero(values[len(values) // 2] > values.max() / 2)
        assert wide / values.shape[1] > 0.02  # specks were a hundredth and less


def test_what_a_town_has_everywhere_does_not_look_like_its_peak() -> None:
    """A built-up area of 30 cases per km² and day, and a centre with twice as many in it."""
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(113.95, 114.05, 15_000), rng.uniform(22.45, 22.55, 15_000)
    more_lon, more_lat = rng.normal(114, 0.004, 1_500), rng.normal(22.5, 0.004, 1_500)
    box = (113.85, 22.35, 114.15, 22.65)
    found = scale(box, 24.0)
    towns, west = found.blur_m, np.concatenate([lon, more_lon])
    values = density(west, np.concatenate([lat, more_lat]), box, 24.0 * 5, blur_m=towns).values
    painted = values[values >= found.breaks[0]]
    assert 0 < (painted >= found.breaks[-1]).mean() < 0.05
    assert (painted < found.breaks[2]).mean() > 0.5


def test_the_first_cases_of_a_morning_are_no_day_yet() -> None:
    one = np.array([114.0]), np.array([22.5])
    early, later = (density(*one, BOX, hours).values.max() for hours in (3.0, 6.0))
    assert early == later
    assert density(*one, BOX, 12.0).values.max() == pytest.approx(later / 2)


def test_a_single_case_of_an_hour_is_no_alarm_and_a_handful_at_one_spot_is() -> None:
    for width in WIDTHS[:3]:  # near enough for a handful to be seen
        box = (114.0, 22.4, 114.0 + width, 22.4 + width / 2)
        found = scale(box, 1.0)
        middle = np.array([114.0 + width / 2]), np.array([22.4 + width / 4])
        one = density(*middle, box, 1.0, blur_m=found.blur_m).values.max()
        assert found.breaks[0] < one < found.breaks[1]
        assert 2 * one < found.breaks[-1] < 6.5 * one


@pytest.mark.parametrize(("cases", "least", "most"), [(15, 0, 2), (200, 3, 5), (330, 5, 5)])
def test_a_busy_hour_reaches_the_last_colour_and_a_night_does_not(
    cases: int, least: int, most: int
) -> None:
    """A town of 70 km² in a district: some 15 cases in an hour of the night, 200 by day."""
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(113.96, 114.04, cases), rng.uniform(22.46, 22.54, cases)
    box = (113.8, 22.3, 114.2, 22.7)
    found = scale(box, 1.0)
    values = density(lon, lat, box, 1.0, blur_m=found.blur_m).values
    assert least <= np.searchsorted(found.breaks, values.max(), side="right") <= most
