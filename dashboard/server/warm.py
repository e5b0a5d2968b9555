"""What the first visitor of a city will ask for, made before anybody comes."""

from __future__ import annotations

import gc
import logging
from threading import Thread
from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.boxes import box
from dashboard.place import Place
from dashboard.question import ask
from dashboard.server.keeper import be_kind
from geodata.kernels import DRAWING, ready
from geodata.tiles.encode import tile
from geodata.tiles.mercator import Box, fitting_zoom, tiles_over, to_metres
from geodata.tiles.pyramid import BANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access import Live
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
PATIENCE_S: Final = 1.0  # a large city gets warm while it is already served
KIND: Final = 10  # to the other threads, as of `nice`, once the first screen is there
# Objects that come between two looks for garbage; a page makes some ten thousand and drops them.
YOUNG: Final = 20_000
LEAST_PX: Final = 420  # the map's height on a small screen; twice that is the next zoom


def _nothing(_: Live) -> None:
    """Make nothing else ready."""


def warm(
    live: Live, read: Callable[[Place, Live], object], later: Callable[[Live], None] = _nothing
) -> None:
    """Read the first screen and cut its tiles; waits for it, but not for ever.

    later: makes ready what is asked for next, when nobody waits any more.
    """
    thread = Thread(target=_warm, args=(live, read, later), name="warm", daemon=True)
    thread.start()
    thread.join(PATIENCE_S)


def _warm(live: Live, read: Callable[[Place, Live], object], later: Callable[[Live], None]) -> None:
    try:
        read(Place(), live)
        _cut(live.city)
        live.engine.version()  # looks for what has arrived, which may wait to be folded
        be_kind(KIND)
        later(live)
        _lay_out(live.city)
        _ = live.city.buildings  # whoever goes down to one should not wait for all
        ready(DRAWING)  # the first grid that a planner parts would wait for its machine code
    except Exception:  # nothing is lost: whoever asks meets it again and is told
        LOG.exception("the first screen could not be read before it was asked for")
    finally:
        settle()


def begin() -> None:
    """Look for garbage seldom from the start: nearly all that comes with a city stays."""
    gc.set_threshold(YOUNG)


def settle() -> None:
    """Leave out what now stays when Python looks for garbage: it stopped every tenth page.

    Once the city is replaced, everything is looked through again, so that the old one can go.
    """
    gc.collect()
    gc.freeze()


def _lay_out(city: City) -> None:
    """Make every scale of units and base map ready: whoever first goes down would wait for it."""
    around = _around(city)
    if around is None:
        return
    least = fitting_zoom(around, LEAST_PX)
    for z in (*(last for last in BANDS.values() if last > least), max(BANDS.values()) + 1):
        x, y = next(iter(tiles_over(around, z)))
        for layer in ("base", *city.tree.level_keys):
            tile(city, layer, z, x, y)


def _around(city: City) -> Box | None:
    """The box round the city on the plane of the map; None where nothing has a shape."""
    west, south, east, north = box(city, 0)
    edges = to_metres(np.array([west, east]), np.array([south, north]))
    if np.isnan(edges).any():
        return None
    (left, right), (bottom, top) = (tuple(map(float, edge)) for edge in edges)
    return Box(left, bottom, right, top)


def _cut(city: City) -> None:
    asked, around = ask(Place(), city), _around(city)
    if around is None:
        return
    keys = city.tree.level_keys
    # A city of one level shows its buildings, which are no level of units.
    deep = keys.index(asked.request.level) + 1 if asked.request.level in keys else len(keys)
    shown = [*keys[:deep], "base"]
    least = fitting_zoom(around, LEAST_PX)
    for z in (least, least + 1):
        for x, y in tiles_over(around, z):
            for layer in shown:
                tile(city, layer, z, x, y)
