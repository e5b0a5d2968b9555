"""The map of the sheet: cells tinted by a measure, as paths; names and alerts as points on it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.brief import map_labels, names, words
from geodata.brief.frame import MapFrame
from geodata.metrics.classes import LEAST_CASES, NO_DATA, TOO_FEW, breaks, classify
from geodata.paper.frame import FINE
from geodata.paper.palette import colour
from geodata.tiles.mercator import Box, fitting_zoom, project, to_metres
from geodata.tiles.pyramid import outlines, shared_lines

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.brief.facts import Facts

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]
    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 312.0, 262.0  # points on paper
WHOLE_WIDTH, WHOLE_HEIGHT = 506.0, 430.0  # where nothing stands beside it
MARGIN_PT: Final = 1.0
PIXELS: Final = 1_300.0  # of a screen that shows as much as the paper
LEAST_WATER: Final = 3.0  # square points; below it is a dot
SEEN: Final = 3.0  # steps that the eye can tell apart
MOST_LETTERS: Final = 200_000  # of all cells; with their borders and the water it is twice that
MOST_ROUNDS: Final = 8
HATCH: Final = (
    '<defs><pattern id="h" width="34" height="34" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="34" height="34" fill="{ground}"/>'
    '<path d="M0 0V34" stroke="{ink}" stroke-width="5"/></pattern></defs>'
)
SEQUENCE: Final = ("s1", "s2", "s3", "s4", "s5")
KNOWN_SHARE: Final = 0.8  # of the cells: fewer with people make no map of cases per head
PEOPLE, AREA = "density_people", "density_area"


def drawn(facts: Facts) -> dict[str, Any]:
    """The map as the page takes it; without `svg` where no boundary is known."""
    city, lang = facts.asked.city, facts.asked.lang
    zoom_box = _box(facts)
    if zoom_box is None:
        return {"said": words.word("map_no_shape", lang)}
    made = outlines(city.drawn, city.places, facts.level, fitting_zoom(zoom_box, PIXELS))
    mine = np.isin(made.units, city.tree.cells(facts.asked.unit, facts.level))
    units, cells = made.units[mine], made.cells[mine]
    if not len(units):
        return {"said": words.word("map_no_shape", lang)}
    frame = _frame(cells, facts)
    metric, edges, classes = _classes(facts, units)
    return {
        "svg": _bounded(facts, frame, units, cells, classes),
        "width": round(frame.width / FINE, 1),
        "height": round(frame.height / FINE, 1),
        "title": _title(facts, metric, len(units)),
        "legend": _legend(edges, classes, facts) if metric else [],
        "labels": map_labels.labels(facts, frame),
        "marks": map_labels.marks(facts, frame),
    }


def _bounded(facts: Facts, frame: MapFrame, units: Ints, cells: Shapes, classes: Bytes) -> str:
    """The picture; outlines of more corners than the sheet should weigh are drawn plainer."""
    plainer = SEEN / frame.scale
    for _ in range(MOST_ROUNDS):
        if sum(map(len, _path(frame, cells, closed=True))) <= MOST_LETTERS:
            break
        cells = np.asarray(shapely.coverage_simplify(cells, plainer))
        plainer *= 2
    return _svg(facts, frame, units, cells, classes, plainer)


def _box(facts: Facts) -> Box | None:
    places = facts.asked.city.places
    shapes = np.asarray(
        places.geometry.iloc[facts.asked.city.tree.cells(facts.asked.unit, facts.level)].array
    )
    bounds = shapely.total_bounds(shapes[~shapely.is_missing(shapes)])
    if not np.isfinite(bounds).all():
        return None
    (west, east), (south, north) = to_metres(bounds[[0, 2]], bounds[[1, 3]])
    return Box(float(west), float(south), float(east), float(north))


def _frame(cells: Shapes, facts: Facts) -> MapFrame:
    alone = not facts.numbers.total["reported"] and not facts.alerts
    width, height = (WHOLE_WIDTH, WHOLE_HEIGHT) if alone else (WIDTH, HEIGHT)
    return MapFrame.of(shapely.total_bounds(cells), width, height, MARGIN_PT)


def _classes(facts: Facts, units: Ints) -> tuple[str, tuple[float, ...], Bytes]:
    """The measure, its edges, and the class of each unit."""
    if not facts.numbers.total["reported"]:
        return "", (), np.full(len(units), NO_DATA, dtype=np.uint8)
    metric = PEOPLE if facts.figure(PEOPLE).notna().mean() >= KNOWN_SHARE else AREA
    found = facts.figure(metric).reindex(units).to_numpy(dtype=np.float64)
    n = facts.numbers.cells["reported"].reindex(units).fillna(0).to_numpy(dtype=np.float64)
    edges = breaks(metric, days=facts.asked.window.days, values=found[n >= LEAST_CASES])
    return metric, edges, classify(found, n, edges)


def _svg(  # noqa: PLR0913, PLR0917 (one picture)
    facts: Facts, frame: MapFrame, units: Ints, cells: Shapes, classes: Bytes, plainer: float
) -> str:
    """Numbers and colours of ours alone: no text of the data goes into it."""
    width, height = round(frame.width), round(frame.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        HATCH.format(ground=colour("nodata"), ink=colour("hatch")),
    ]
    for name in np.unique(classes):
        fill = "url(#h)" if name == TOO_FEW else colour(_token(int(name)))
        path = "".join(_path(frame, cells[classes == name], closed=True))
        parts.append(f'<path d="{path}" fill="{fill}" fill-rule="evenodd"/>')
    water = "".join(_path(frame, _water(facts, frame, cells, plainer), closed=True))
    if water:
        parts.append(f'<path d="{water}" fill="{colour("water")}" fill-rule="evenodd"/>')
    for lines, ink, wide in _lines(facts, units, cells):
        path = "".join(_path(frame, lines, closed=False))
        parts.append(
            f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="{wide}" '
            'stroke-linejoin="round"/>'
        )
    return "".join([*parts, "</svg>"])


def _token(name: int) -> str:
    return "nodata" if name in {NO_DATA, TOO_FEW} else SEQUENCE[min(name, len(SEQUENCE) - 1)]


def _lines(facts: Facts, units: Ints, cells: Shapes) -> list[tuple[Shapes, str, int]]:
    """Borders of cells, of what is one step below the place, and of the place itself."""
    tree = facts.asked.city.tree
    owner = np.full(len(tree), -1)
    for unit in tree.children(facts.asked.unit):
        owner[unit : tree.ends[unit]] = unit
    groups = owner[units]
    known = groups >= 0
    sound = shapely.make_valid(cells)
    merged = [shapely.union_all(sound[groups == each]) for each in np.unique(groups)]
    whole = np.array([shapely.union_all(np.array(merged, dtype=object))], dtype=object)
    found = [(shared_lines(cells), colour("panel"), 4)]
    if known.any() and 1 < len(merged) < len(cells):
        found.append((shared_lines(np.array(merged, dtype=object)), colour("panel"), 16))
        found.append((shared_lines(np.array(merged, dtype=object)), colour("t2"), 6))
    found.append((shared_lines(whole), colour("t2"), 9))
    return found


def _path(frame: MapFrame, shapes: Shapes, *, closed: bool) -> list[str]:
    """Rings or lines as path data in whole steps, each point beside the one before."""
    parts = shapely.get_parts(shapes)
    lines = shapely.get_rings(parts) if closed else parts
    said = []
    for line in lines:
        points = frame.steps(shapely.get_coordinates(line))
        moved = np.diff(points, axis=0)
        moved = moved[np.any(moved != 0, axis=1)]
        if len(moved) < 1 + closed:
            continue
        rest = " ".join(f"{x} {y}" for x, y in (moved[:-1] if closed else moved).tolist())
        said.append(f"M{points[0, 0]} {points[0, 1]}l{rest}{'z' if closed else ''}")
    return said


def _water(facts: Facts, frame: MapFrame, cells: Shapes, plainer: float) -> Shapes:
    """Water large enough to be seen, inside the place."""
    city = facts.asked.city
    layer = city.basemap("water")
    if layer is None or not len(layer):
        return np.empty(0, dtype=object)
    shapes = city.once("brief water", lambda: project(np.asarray(layer.geometry.array)))
    wide = shapes[shapely.area(shapes) > LEAST_WATER * (FINE / frame.scale) ** 2]
    near = wide[shapely.intersects(wide, shapely.box(*shapely.total_bounds(cells)))]
    near = shapely.make_valid(shapely.simplify(near, plainer))
    whole = shapely.union_all(shapely.make_valid(cells))
    found = shapely.get_parts(shapely.intersection(near, whole))
    return np.asarray(found[shapely.get_type_id(found) == shapely.GeometryType.POLYGON])


def _title(facts: Facts, metric: str, count: int) -> str:
    lang = facts.asked.lang
    if not metric:
        return words.word("map_none", lang)
    level = names.level(facts.asked.city, facts.level, lang)
    level = level.lower() if lang == "en" else level
    return words.word(
        "map_title", lang, measure=words.word(f"map_{metric}", lang), level=level, n=count
    )


def _legend(edges: tuple[float, ...], classes: Bytes, facts: Facts) -> list[dict[str, str]]:
    lang, said = facts.asked.lang, [f"{edge:,g}" for edge in edges]
    texts = [words.word("map_below", lang, n=said[0])]
    texts += [f"{low}–{high}" for low, high in pairwise(said)]
    texts.append(words.word("map_from", lang, n=said[-1]))
    rows = [{"fill": token, "text": text} for token, text in zip(SEQUENCE, texts, strict=False)]
    if (classes == TOO_FEW).any():
        few = words.word("map_few", lang) + f" (n<{LEAST_CASES})"
        rows.append({"fill": "few", "text": few})
    return rows
