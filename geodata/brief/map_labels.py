"""What stands on the map of the sheet: marks of alerts, and names of places beside them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.brief import names
from geodata.brief.facts import MOST_NAMED

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.brief.facts import Facts
    from geodata.brief.frame import MapFrame

    Floats = npt.NDArray[np.float64]
    Spot = tuple[float, float]
    Taken = list[tuple[float, float, float]]  # middle and half the width of what is drawn

MOST_LABELS: Final = 12
MOST_MARKS: Final = 7
LABEL_PT: Final = 6.6
LINE_PT: Final = 8.0
MARK_PT: Final = 5.0
LAST_NARROW: Final = "\u2fff"
# How far a name may move out of the way of a mark or of another name, the least first.
MOVES: Final = sorted(
    product((0.0, -9.0, 9.0, -18.0, 18.0), (0.0, -9.0, 9.0, -16.0, 16.0)),
    key=lambda move: abs(move[0]) + abs(move[1]),
)


def labels(facts: Facts, frame: MapFrame) -> list[dict[str, Any]]:
    """Names of what lies one step below the place, as many as have room, each once."""
    city = facts.asked.city
    below = _in_order(facts)
    at = frame.paper(below["label_lon"].to_numpy(), below["label_lat"].to_numpy())
    taken: Taken = [(mark["x"], mark["y"], MARK_PT) for mark in marks(facts, frame)]
    found: list[dict[str, Any]] = []
    for unit, shape, wanted in zip(below["unit"], below.geometry, at, strict=True):
        text = names.brief(city, int(unit), facts.asked.lang)
        half = _width(text) / 2
        spot = _spot(frame, taken, shape, wanted, half)
        if spot is not None and len(found) < MOST_LABELS:
            taken.append((*spot, half))
            found.append({"x": spot[0], "y": spot[1], "text": text})
    return found


def marks(facts: Facts, frame: MapFrame) -> list[dict[str, Any]]:
    """The worst alerts, where they are."""
    shown = facts.alerts[:MOST_MARKS]
    table = facts.asked.city.alerts.iloc[[each.row for each in shown]]
    at = frame.paper(table["lon"].to_numpy(), table["lat"].to_numpy()) if shown else []
    return [{"x": x, "y": y, "level": each.level} for (x, y), each in zip(at, shown, strict=True)]


def _in_order(facts: Facts) -> pd.DataFrame:
    """What may be named: first what the sheet speaks of, then most cases, then most people."""
    city = facts.asked.city
    below = city.places.iloc[city.tree.children(facts.asked.unit)]
    below = below[below["label_lon"].notna()]
    cases = facts.children.reindex(below.index).fillna(0).to_numpy()
    told = np.isin(below["unit"].to_numpy(), _told(facts))
    return below.iloc[np.lexsort((-below["people"].to_numpy(), -cases, ~told))]


def _told(facts: Facts) -> list[int]:
    """The places one step below with most cases, an alert of the map, the cell off its norm."""
    tree = facts.asked.city.tree
    units = [each.unit for each in facts.alerts[:MOST_MARKS]]
    units += facts.children.index[:MOST_NAMED].tolist()
    if facts.outlier is not None:
        units.append(facts.outlier.row)
    children = [int(unit) for unit in tree.children(facts.asked.unit)]
    return [each for each in children if any(each <= unit < tree.ends[each] for unit in units)]


def _spot(
    frame: MapFrame, taken: Taken, shape: shapely.Geometry, wanted: Spot, half: float
) -> Spot | None:
    """The nearest free place for a name inside its unit; None where there is none."""
    if _is_free(frame, taken, *wanted, half):
        return wanted
    moved = [(wanted[0] + dx, wanted[1] + dy) for dx, dy in MOVES]
    inside = shapely.contains_xy(shape, *frame.degrees(np.array(moved)))
    free = (
        spot
        for spot, own in zip(moved, inside, strict=True)
        if own and _is_free(frame, taken, *spot, half)
    )
    return next(free, None)


def _is_free(frame: MapFrame, taken: Taken, x: float, y: float, half: float) -> bool:
    wide, high = frame.size
    if not (half <= x <= wide - half and LINE_PT / 2 <= y <= high - LINE_PT / 2):
        return False
    return all(abs(x - a) > half + b or abs(y - c) > LINE_PT for a, c, b in taken)


def _width(text: str) -> float:
    """About how wide a name is on paper."""
    return sum(LABEL_PT if each > LAST_NARROW else LABEL_PT * 0.56 for each in text)
