"""Maps of a plan for paper: paths in whole steps, and where names and numbers stand on them.

Numbers and colours of ours alone: no text of the data goes into a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.paper.frame import FINE
from geodata.paper.palette import colour

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geodata.paper.frame import Frame
    from geodata.planner.plan import Plan
    from geodata.scenarios.exports import Moved

    Shapes = npt.NDArray[np.object_]

LETTER_PT: Final = 3.7  # of a Latin letter
LINE_PT: Final = 8.0
MOST_LABELS: Final = 160
SEEN_STEPS: Final = 3.0  # that the eye can tell apart
BROAD: Final = 34  # of an arterial, in steps
INNER: Final = 0.6  # of the width of an arterial, between its two lines
EDGE_M: Final = 3.0  # a road along the border of what is shown lies now inside, now outside
COARSE: Final = 20_000  # from 1 : so many on arterials are drawn half as wide
ROOM_PT: Final = 48.0  # side of a grid in which there is room for a second line
GROWN: Final = 1.5  # of letters of a label against those of a list
FILLS: Final = {"kept": "panel", "changed": "s1", "new": "s2", "gone": "s1"}


@dataclass(frozen=True)
class Grids:
    """Some grids of a plan on paper: code, polygon, and what becomes of each."""

    codes: list[str]
    shapes: Shapes
    states: list[str]


def grids_of(moved: Moved, plan: Plan) -> Grids:
    """The grids of a plan or of today in the communities that are shown."""
    ground = moved.there.ground
    inside = np.unique(plan.grid[moved.atoms]).tolist()
    origins, gone = moved.origins(), set(moved.gone())
    codes = [plan.codes[number] for number in inside]
    shapes = [shapely.coverage_union_all(ground.shapes[plan.atoms(number)]) for number in inside]
    states = ["gone" if code in gone else origins[code][0] for code in codes]
    return Grids(codes, np.array(shapes, dtype=object), states)


def picture(moved: Moved, grids: Grids, frame: Frame, *, land: bool) -> str:
    """Grids tinted by what becomes of them, land that changes hands, roads, rivers and borders.

    land: whether to show what land it is that changes its grid.
    """
    ground = moved.there.ground
    width, height = round(frame.width), round(frame.height)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">']
    for state in sorted(set(grids.states)):
        mine = grids.shapes[[each == state for each in grids.states]]
        parts.append(_filled(frame, mine, FILLS[state]))
    going = ground.shapes[moved.atoms & (moved.before != moved.after)]
    if land and len(going):
        moving = shapely.get_parts(shapely.coverage_union_all(going))
        # On white first: over the tint of a grid it would be a colour that no legend has.
        parts.append(_filled(frame, moving, "panel"))
        parts.append(_filled(frame, moving, "a2", ' fill-opacity="0.55"'))
    whole = shapely.coverage_union_all(ground.shapes[moved.atoms])
    parts += _lines(moved, frame, whole)
    parts.append(_drawn(frame, shapely.boundary(grids.shapes), "t2", 10))
    communities = np.array([
        shapely.coverage_union_all(ground.shapes[ground.community == row])
        for row in moved.communities.tolist()
    ], dtype=object)  # fmt: skip
    parts.append(_drawn(frame, shapely.boundary(communities), "t1", 16))
    return "".join([*parts, "</svg>"])


def _lines(moved: Moved, frame: Frame, whole: shapely.Geometry) -> list[str]:
    """Rivers, arterials and roads as far as they lie in what is shown."""
    lines = moved.there.lines
    found = []
    broad = BROAD if frame.one_to < COARSE else BROAD // 2
    kinds = (("river", "water", 30), ("road", "line", 8), ("arterial", "hatch", broad))
    near = shapely.buffer(whole, EDGE_M)
    for kind, ink, wide in kinds:
        shapes = lines.shapes[lines.kind == kind]
        shapes = shapes[shapely.intersects(shapes, near)]
        areas = shapely.get_dimensions(shapes) > 1
        inside, about = (shapely.intersection(shapes, each) for each in (whole, near))
        cut = np.where(areas, inside, about)
        if areas.any():
            found.append(_filled(frame, shapely.get_parts(cut[areas]), ink))
        if (~areas).any():
            found.append(_drawn(frame, cut[~areas], ink, wide))
        if (~areas).any() and kind == "arterial":  # two lines with white between, as no border has
            found.append(_drawn(frame, cut[~areas], "panel", round(INNER * wide)))
    return found


def overlay(frame: Frame, shapes: Shapes, ink: str, wide: int) -> str:
    """Lines as a picture of their own, to lie upon another one of the same frame."""
    width, height = round(frame.width), round(frame.height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    return f"{head}{_drawn(frame, shapes, ink, wide)}</svg>"


def _filled(frame: Frame, shapes: Shapes, ink: str, more: str = "") -> str:
    path = "".join(_paths(frame, shapely.get_rings(shapely.get_parts(shapes)), closed=True))
    return f'<path d="{path}" fill="{colour(ink)}" fill-rule="evenodd"{more}/>' if path else ""


def _drawn(frame: Frame, shapes: Shapes, ink: str, wide: int) -> str:
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes)))
    path = "".join(_paths(frame, merged[shapely.get_dimensions(merged) == 1], closed=False))
    stroke = f'stroke="{colour(ink)}" stroke-width="{wide}" stroke-linejoin="round"'
    return f'<path d="{path}" fill="none" {stroke}/>' if path else ""


def _paths(frame: Frame, lines: Shapes, *, closed: bool) -> Iterable[str]:
    """Rings or lines as path data in whole steps, each point beside the one before."""
    for line in shapely.simplify(lines, SEEN_STEPS / 2 / frame.scale):
        points = frame.steps(shapely.get_coordinates(line))
        moved = np.diff(points, axis=0)
        moved = moved[np.any(moved != 0, axis=1)]
        if len(moved) < 1 + closed:
            continue
        rest = " ".join(f"{x} {y}" for x, y in (moved[:-1] if closed else moved).tolist())
        yield f"M{points[0, 0]} {points[0, 1]}l{rest}{'z' if closed else ''}"


def labels(
    frame: Frame, grids: Grids, texts: list[str], notes: list[str] | None = None
) -> list[dict[str, Any]]:
    """Names in the middle of their grids, the largest first, where there is room for them.

    notes: a second line of each, where its grid is large enough for it.
    """
    areas = shapely.area(grids.shapes)
    roomy = np.sqrt(areas) * frame.scale / FINE >= ROOM_PT
    below = [note if roomy[row] else "" for row, note in enumerate(notes or [""] * len(texts))]
    spots = frame.points(shapely.get_coordinates(shapely.point_on_surface(grids.shapes)))
    taken: list[tuple[float, float, float]] = []
    found: list[dict[str, Any]] = []
    for row in np.argsort(-areas, kind="stable").tolist():
        (x, y), half = spots[row], max(wide(texts[row]) * GROWN, wide(below[row])) / 2
        high = LINE_PT * GROWN * (2 if below[row] else 1)
        free = all(abs(x - a) > half + b or abs(y - c) > high for a, c, b in taken)
        if free and len(found) < MOST_LABELS and half <= x <= frame.width / FINE - half:
            taken.append((x, y, half))
            found.append({"x": x, "y": y, "text": texts[row], "note": below[row]})
    return found


def wide(text: str) -> float:
    """About how wide a text is on paper, in points."""
    return sum(2 * LETTER_PT if letter > "\u2fff" else LETTER_PT for letter in text)
