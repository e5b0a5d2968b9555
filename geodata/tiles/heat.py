"""Where cases happen: binned, blurred and painted on a fixed scale, one picture for one window."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from geodata.tiles import field
from geodata.tiles.mercator import RADIUS_M, Box, to_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Rgba = tuple[int, int, int, int]

CELL_M: Final = 38.0
BLUR_M: Final = 110.0
SIZE_PX: Final = 768
BREAKS_PER_HOUR: Final = (5.0, 15.0, 25.0, 40.0, 60.0)
HOURS_OF_A_DAY: Final = 24
SHORTEST_DAY: Final = 23  # hours, where summer time begins
MOST_HOURS: Final = 2  # counted by the hour: one of the clock lasts two where summer time ends
LEAST_HOURS: Final = 6  # counted by the day: the first cases of a morning are no day yet
METRES_A_DEGREE: Final = 111_320.0
REACH: Final = 3.0  # standard deviations after which the blur ends
COLOURS: Final = 255  # of a palette, besides "nothing"


@dataclass(frozen=True)
class Scale:
    """How far a case warms its surroundings, and what each colour means; the same at all times.

    blur_m: standard deviation of the blur on the ground; breaks: cases per km² and hour (or day).
    """

    blur_m: float
    breaks: tuple[float, ...]


# By the longer side of the box in metres, of an hour and of days. From afar only a wider blur is a
# field and not specks, and what it spreads further is thinner; an hour has few cases and needs more
# of it, while days have enough to tell one centre from the next. Breaks by the hour: a single case
# stays in the first class, a usual hour of the day in the middle, and its busiest hour reaches the
# last somewhere. Breaks by the day are even, and the last is seldom reached: what a built-up town
# has anywhere must not look like its peak.
SCALES: Final = (
    (4_500.0, Scale(BLUR_M, BREAKS_PER_HOUR), Scale(90.0, (10.0, 25.0, 50.0, 80.0, 120.0))),
    (10_000.0, Scale(220.0, (1.2, 3.6, 8.0, 14.0, 20.0)),
     Scale(140.0, (10.0, 25.0, 45.0, 70.0, 100.0))),
    # A town in the country: a single case of an hour is seen.
    (18_000.0, Scale(400.0, (0.35, 1.1, 2.2, 4.0, 6.0)),
     Scale(200.0, (8.0, 22.0, 40.0, 60.0, 85.0))),
    (70_000.0, Scale(650.0, (0.2, 0.8, 2.0, 3.5, 5.0)),
     Scale(300.0, (6.0, 20.0, 35.0, 50.0, 70.0))),
    (float("inf"), Scale(1_600.0, (0.06, 0.25, 0.9, 2.2, 3.6)),
     Scale(900.0, (3.0, 10.0, 20.0, 30.0, 45.0))),
)  # fmt: skip


@dataclass(frozen=True)
class Density:
    """Cases per km² and hour (windows of an hour) or day, rows from north to south.

    values: of the picture's cells; margin: how many more cells lie around them in `whole`;
    cell_km2: by row of `whole`, the surface of a cell on the ground.
    """

    whole: npt.NDArray[np.float32]
    margin: int
    cell_km2: Floats

    @property
    def values(self) -> npt.NDArray[np.float32]:
        """Density inside the box."""
        inner = slice(self.margin, -self.margin or None)
        return self.whole[inner, inner]


def per_hour(hours: float) -> bool:
    """Whether a window this long is shown by the hour; a longer one is by the day."""
    return hours <= MOST_HOURS


def scale(box: tuple[float, float, float, float], hours: float, factor: float = 1.0) -> Scale:
    """The scale of a picture of this box and this length of window; factor: of the city."""
    west, south, east, north = box
    shrink = float(np.cos(np.radians((south + north) / 2)))
    side = METRES_A_DEGREE * max((east - west) * shrink, north - south)
    hour, day = next((hour, day) for most, hour, day in SCALES if side <= most)
    found = hour if per_hour(hours) else day
    blur_m = found.blur_m
    if MOST_HOURS < hours < SHORTEST_DAY:  # a part of a day lies between the two
        blur_m = float(np.sqrt(hour.blur_m * day.blur_m))
    return Scale(blur_m, tuple(edge * factor for edge in found.breaks))


def _time(hours: float) -> float:
    """By how many hours or days the cases of a window are divided."""
    return hours if per_hour(hours) else max(hours, LEAST_HOURS) / HOURS_OF_A_DAY


def density(  # noqa: PLR0913 - where, when and how fine are separate questions
    lon: Floats,
    lat: Floats,
    box: tuple[float, float, float, float],
    hours: float,
    *,
    cell_m: float = CELL_M,
    blur_m: float = BLUR_M,
    size: int = SIZE_PX,
) -> Density:
    """Bin and blur cases in a box of degrees.

    Args:
        lon: of the cases; those a little outside the box still warm its edge.
        lat: of the cases.
        box: west, south, east, north.
        hours: length of the window.
        cell_m: side of a bin on the ground, unless that makes more than `size` of them.
        blur_m: standard deviation of the blur on the ground.
        size: most bins along the longer side.
    """
    plane = _plane(box)
    width, height = plane.east - plane.west, plane.north - plane.south
    shrink = np.cos(np.radians((box[1] + box[3]) / 2))  # metres on the ground in one of the plane
    side = max(cell_m / shrink, max(width, height) / size)
    columns, rows = max(1, round(width / side)), max(1, round(height / side))
    margin = int(np.ceil(REACH * blur_m / shrink / side)) + 1
    counts = field.counted(lon, lat, field.Bins(plane, columns, rows, margin))
    sigmas = blur_m / shrink * rows / height, blur_m / shrink * columns / width
    blurred = field.blurred(counts, sigmas, REACH)
    middles = plane.north - (np.arange(len(blurred)) - margin + 0.5) * height / rows
    ground = 1 / np.cosh(middles / RADIUS_M)  # cosine of the latitude
    cell_km2 = width / columns * height / rows * ground**2 / 1e6
    per_case = (1 / cell_km2 / _time(hours)).astype(np.float32)
    return Density(blurred * per_case[:, None], margin, cell_km2)


def frame(  # noqa: PLR0913, PLR0917 - where, when, how fine and in which colours are separate questions
    lon: Floats,
    lat: Floats,
    box: tuple[float, float, float, float],
    hours: float,
    palette: Sequence[Rgba],
    breaks: Sequence[float] = BREAKS_PER_HOUR,
    *,
    cell_m: float = CELL_M,
    blur_m: float = BLUR_M,
    size: int = SIZE_PX,
) -> bytes:
    """Paint a PNG over the box, linear in Web Mercator.

    Below the first break nothing is painted; at each break the colour is that of the palette, in
    between it is mixed, above the last it stays. The breaks are in cases per km² and hour for
    windows of an hour, else per km² and day.
    """
    found = density(lon, lat, box, hours, cell_m=cell_m, blur_m=blur_m, size=size)
    values = _enlarged(found.values, size)
    image = Image.fromarray(field.graded(values, breaks, np.linspace(1, COLOURS, len(breaks))))
    colours = _ramp(palette)
    image.putpalette(colours[:, :3].tobytes())
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1, transparency=colours[:, 3].tobytes())
    return stream.getvalue()


def _plane(box: tuple[float, float, float, float]) -> Box:
    x, y = to_metres(np.array([box[0], box[2]]), np.array([box[1], box[3]]))
    return Box(float(x[0]), float(y[0]), float(x[1]), float(y[1]))


def _enlarged(values: npt.NDArray[np.float32], size: int) -> npt.NDArray[np.float32]:
    """Smooth a small picture before it gets its colours, so that its classes have clean edges."""
    rows, columns = values.shape
    factor = size / max(rows, columns)
    if factor <= 1:
        return values
    wanted = (max(1, round(columns * factor)), max(1, round(rows * factor)))
    image = Image.fromarray(np.ascontiguousarray(values))
    return np.asarray(image.resize(wanted, Image.Resampling.BILINEAR))


def _ramp(palette: Sequence[Rgba]) -> npt.NDArray[np.uint8]:
    """256 colours: nothing, then the palette mixed from its first to its last."""
    stops = np.linspace(1, COLOURS, len(palette))
    channels = np.asarray(palette, dtype=np.float64)
    mixed = [np.interp(np.arange(COLOURS + 1), stops, channels[:, c]) for c in range(4)]
    ramp = np.rint(np.column_stack(mixed)).astype(np.uint8)
    ramp[0] = 0
    return ramp
