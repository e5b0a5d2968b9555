"""Points in polygons by a raster: most cells know their polygon, edges are asked in the others.

A cell that no edge crosses lies in one polygon or in none. In every other cell the polygons whose
edges cross it are asked, lowest row first, and then the one that covers it whole. To ask a polygon
takes its edges at the height of the point alone: they are listed line by line of the raster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geodata.kernels.exact import side
from geodata.kernels.settings import kernel, whole
from geodata.kernels.strips import (
    REACH,
    Edges,
    Net,
    Strips,
    between,
    in_columns,
    in_lines,
    strips_of,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int32]
    Table = npt.NDArray[np.int32]

NOWHERE: Final = -1
CROSSED: Final = -2  # of a cell: this and below it count the cells that edges cross


class Raster(NamedTuple):
    """What the cells know.

    cells: row of the owner, NOWHERE, or CROSSED minus the number of the crossed cell.
    crossed: by crossed cell, the first of its polygons in `asked`, and the owner of the polygon
        that covers it whole or NOWHERE; one more row ends the last.
    asked: owner of a polygon, and the range of its edges at that height.
    edges: x1, y1, x2, y2.
    """

    cells: Rows
    crossed: Table
    asked: Table
    edges: Floats


@kernel
def build(edges: Edges, net: Net) -> Raster:
    """Sort the cells out."""
    cells = np.full(net.columns * net.rows, NOWHERE, dtype=np.int32)
    numbers = np.zeros(len(cells), dtype=np.int64)
    _walk(edges, net, numbers, cells, np.empty(0, dtype=np.int32))
    count = np.count_nonzero(numbers)
    crossed = np.full((count + 1, 2), NOWHERE, dtype=np.int32)
    places = np.zeros(count + 1, dtype=np.int64)
    number = 0
    for cell in range(len(cells)):
        if numbers[cell]:
            cells[cell] = CROSSED - number
            places[number + 1] = places[number] + numbers[cell]
            number += 1
    crossed[:, 0] = places
    listed = np.empty(places[count], dtype=np.int32)
    _walk(edges, net, places, cells, listed)
    strips = strips_of(edges, net)
    for polygon in range(len(edges.owners)):
        _cover(edges, net, polygon, strips, cells, crossed, listed)
    return Raster(cells, crossed, _asked(edges, net, strips, cells, crossed, listed), strips.edges)


@kernel
def _asked(
    edges: Edges, net: Net, strips: Strips, cells: Rows, crossed: Table, listed: Rows
) -> Table:
    """What is known of the polygons whose edges cross a cell, side by side as it is read."""
    asked = np.empty((len(listed), 3), dtype=np.int32)
    for cell in range(len(cells)):
        if cells[cell] > CROSSED:
            continue
        number = CROSSED - cells[cell]
        for place in range(crossed[number, 0], crossed[number + 1, 0]):
            polygon = listed[place]
            strip = strips.bases[polygon] + cell // net.columns
            asked[place, 0] = edges.owners[polygon]
            asked[place, 1], asked[place, 2] = strips.starts[strip], strips.starts[strip + 1]
    return asked


@kernel
def locate(x: Floats, y: Floats, net: Net, raster: Raster, found: Rows) -> None:
    """Fill in the lowest row whose polygon holds each point or has it on its border."""
    # Taken out of their tuple here, because for every call inside the loop that takes its time.
    cells, crossed, asked, edges = raster.cells, raster.crossed, raster.asked, raster.edges
    for i in range(len(x)):
        across, up = (x[i] - net.west) * net.per_x, (y[i] - net.south) * net.per_y
        found[i] = NOWHERE
        if not (0 <= across < net.columns and 0 <= up < net.rows):
            continue
        known = cells[np.int64(up) * net.columns + np.int64(across)]
        if known > CROSSED:
            found[i] = known
            continue
        number = CROSSED - known
        found[i] = under = crossed[number, 1]
        for place in range(crossed[number, 0], crossed[number + 1, 0]):
            owner = asked[place, 0]
            if 0 <= under <= owner:
                break
            if _holds(x[i], y[i], edges, asked[place, 1], asked[place, 2]):
                found[i] = owner
                break


@kernel
def _holds(x: float, y: float, edges: Floats, first: int, final: int) -> bool:
    """Whether a point lies in a polygon or on its border, without rounding."""
    inside = False
    for i in range(first, final):
        x1, y1, x2, y2 = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        if (y1 > y and y2 > y) or (y1 < y and y2 < y) or (x1 < x and x2 < x):
            continue
        if y1 == y2:
            if min(x1, x2) <= x <= max(x1, x2):
                return True
            continue
        turn = side(x1, y1, x2, y2, x, y)
        if turn == 0:
            return True
        # An edge counts where the ray to the right crosses it, with its lower end alone.
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            inside = not inside
    return inside


@kernel
def _walk(edges: Edges, net: Net, numbers: Ints, cells: Rows, asked: Rows) -> None:
    """Count the polygons whose edges cross each cell; or list them, where there is room for it.

    numbers: by cell, how many; or by crossed cell, where the next is listed.
    """
    listing = len(asked) > 0
    last = np.full(len(cells), NOWHERE, dtype=np.int32)
    firsts, (x1, x2), (y1, y2) = edges.firsts, in_columns(edges, net), in_lines(edges, net)
    for polygon in range(len(edges.owners)):
        for i in range(firsts[polygon], firsts[polygon + 1]):
            low, high = between(y1[i], y2[i], net.rows)
            for line in range(low, high + 1):
                one, other = _part(x1[i], y1[i], x2[i], y2[i], line)
                first, final = between(one, other, net.columns)
                for cell in range(line * net.columns + first, line * net.columns + final + 1):
                    if last[cell] == polygon:
                        continue
                    last[cell] = polygon
                    place = CROSSED - cells[cell] if listing else cell
                    if listing:
                        asked[numbers[place]] = polygon
                    numbers[place] += 1


@kernel
def _part(x1: float, y1: float, x2: float, y2: float, line: int) -> tuple[float, float]:
    """Where an edge enters and leaves a line of cells; all in cells."""
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    if y2 - y1 <= REACH:
        return x1, x2
    enter = min(1.0, max(0.0, (line - REACH - y1) / (y2 - y1)))
    leave = min(1.0, max(0.0, (line + 1 + REACH - y1) / (y2 - y1)))
    return x1 + enter * (x2 - x1), x1 + leave * (x2 - x1)


@kernel
def _cover(
    edges: Edges,
    net: Net,
    polygon: int,
    strips: Strips,
    cells: Rows,
    crossed: Table,
    listed: Rows,
) -> None:
    """Tell the cells that a polygon covers whole, unless a lower row does already."""
    owner = edges.owners[polygon]
    for line in range(strips.lows[polygon], strips.highs[polygon] + 1):
        spots = _crossings(net, strips, strips.bases[polygon] + line, line + 0.5)
        for pair in range(0, len(spots) - 1, 2):
            begin = max(0, whole(np.ceil(spots[pair] - 0.5)))
            end = min(net.columns, whole(np.ceil(spots[pair + 1] - 0.5)))
            for cell in range(line * net.columns + begin, line * net.columns + end):
                if cells[cell] == NOWHERE:
                    cells[cell] = owner
                elif cells[cell] <= CROSSED:
                    _tell(polygon, owner, CROSSED - cells[cell], crossed, listed)


@kernel
def _crossings(net: Net, strips: Strips, strip: int, height: float) -> Floats:
    """Where the edges of a strip cross a height, in columns from left to right."""
    first, final = strips.starts[strip], strips.starts[strip + 1]
    found = np.empty(final - first)
    count = 0
    for i in range(first, final):
        x1, y1 = strips.edges[i, 0], strips.edges[i, 1]
        x2, y2 = strips.edges[i, 2], strips.edges[i, 3]
        low, high = (y1 - net.south) * net.per_y, (y2 - net.south) * net.per_y
        if (low > height) != (high > height):
            across = x1 + (height - low) / (high - low) * (x2 - x1)
            found[count] = (across - net.west) * net.per_x
            count += 1
    return np.sort(found[:count])


@kernel
def _tell(polygon: int, owner: int, number: int, crossed: Table, listed: Rows) -> None:
    """Tell a crossed cell that the polygon around its middle covers it, if no edge of it does."""
    if crossed[number, 1] != NOWHERE:
        return
    for place in range(crossed[number, 0], crossed[number + 1, 0]):
        if listed[place] == polygon:
            return
    crossed[number, 1] = owner


def warm() -> None:
    """Compile the kernels of this module."""
    x, y = np.array([0.0, 4.0, 4.0, 0.0]), np.array([0.0, 0.0, 4.0, 4.0])
    owners, found = np.zeros(1, dtype=np.int32), np.empty(4, dtype=np.int32)
    edges = Edges(x, y, np.roll(x, -1), np.roll(y, -1), np.array([0, 4]), owners)
    net = Net(0.0, 0.0, 1.0, 1.0, 4, 4)
    locate(x, y, net, build(edges, net), found)
