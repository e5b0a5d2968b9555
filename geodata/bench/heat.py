"""Pictures of where cases happen: cases found, counted, blurred and painted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.bench.cities import moment
from geodata.bench.figures import median, p95, timed
from geodata.engine import Engine, Request, open_engine
from geodata.model.periods import DAY, HOUR
from geodata.tiles.heat import frame, scale

if TYPE_CHECKING:
    from geodata.bench.figures import Figures, Limits
    from geodata.store.snapshots import City

WINDOWS: Final = (HOUR, DAY, 7 * DAY, 30 * DAY)
PLAYED: Final = 24  # hours, a frame each
PALETTE: Final = tuple((50 * step, 10, 0, 100 + 30 * step) for step in range(5))


def run(city: City, _limits: Limits) -> Figures:
    """Milliseconds of one picture of the whole city: of windows and filters, and while played."""
    engine, now = open_engine(city), moment(city)
    whole = Request(0, city.tree.level_keys[0], now - HOUR, now, now)
    _painted(engine, city, whole)  # the files are opened
    windows = [replace(whole, start=now - length) for length in WINDOWS]
    few = [replace(each, categories=(0,)) for each in windows]
    played = [
        replace(whole, start=now - HOUR * (step + 1), end=now - HOUR * step)
        for step in range(PLAYED)
    ]
    still = [_painted(engine, city, each) for each in (*windows, *few)]
    moving = [_painted(engine, city, each) for each in played]
    lon, _ = engine.points(windows[-1])
    return {
        "heat_frame_ms": median(still),
        "heat_frame_p95_ms": p95(still),
        "heat_most_ms": max(still),
        "heat_most_points": len(lon),
        "heat_playback_ms": median(moving),
        "heat_playback_p95_ms": p95(moving),
    }


def _painted(engine: Engine, city: City, request: Request) -> float:
    west, south, east, north = map(float, city.places.total_bounds)
    box, hours = (west, south, east, north), (request.end - request.start) / HOUR
    found = scale(box, hours, city.profile.heat_factor)

    def paint() -> bytes:
        lon, lat = engine.points(request)
        return frame(lon, lat, box, hours, PALETTE, found.breaks, blur_m=found.blur_m)

    return timed(paint)[0]
