"""Names of streets and rivers along them on a map for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.scenarios.drawing import wide

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.paper.frame import Frame
    from geodata.scenarios.exports import Moved

    Shapes = npt.NDArray[np.object_]

MOST: Final = 40
APART_PT: Final = 16.0  # between a name and anything else that is written
LETTERS: Final = 0.9  # of these against those of a list
UPRIGHT: Final = 90.0  # degrees, beyond which a name would stand on its head


def street_names(
    moved: Moved, frame: Frame, language: str, others: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each name once, on its longest piece, turned along it; others: what is written already."""
    lines = moved.there.lines
    names = lines.name_zh if language == "zh" else lines.name_en
    other = lines.name_en if language == "zh" else lines.name_zh
    said = np.array([str(a) or str(b) for a, b in zip(names, other, strict=True)], dtype=object)
    whole = shapely.coverage_union_all(moved.there.ground.shapes[moved.atoms])
    flat = shapely.get_dimensions(lines.shapes) == 1
    rows = np.flatnonzero((said != "") & flat & shapely.intersects(lines.shapes, whole))
    cut = shapely.intersection(lines.shapes[rows], whole)
    longest: list[tuple[float, str, shapely.Geometry]] = []
    for name in sorted(set(said[rows])):
        parts = shapely.get_parts(shapely.line_merge(shapely.union_all(cut[said[rows] == name])))
        parts = parts[shapely.get_dimensions(parts) == 1]
        if len(parts):
            piece = parts[int(np.argmax(shapely.length(parts)))]
            longest.append((float(piece.length), name, piece))
    return _placed(frame, sorted(longest, key=lambda each: (-each[0], each[1])), others)


def _placed(
    frame: Frame, pieces: list[tuple[float, str, shapely.Geometry]], others: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Names where there is room, the longest streets first."""
    found: list[dict[str, Any]] = []
    for _, name, piece in pieces:
        size = LETTERS * wide(name)
        for share in (0.5, 0.3, 0.7, 0.15, 0.85):
            at = _along(frame, piece, share, size)
            near = [each for each in (*others, *found) if _beside(at, each, size)]
            if at and not near and len(found) < MOST:
                found.append(at | {"text": name})
                break
    return found


def _along(frame: Frame, piece: shapely.Geometry, share: float, size: float) -> dict[str, float]:
    """The middle of a stretch of a line and how it is turned; nothing where it is too short."""
    points = np.array(frame.points(shapely.get_coordinates(piece)))
    drawn = shapely.linestrings(points)
    half = size / 2 / max(float(shapely.length(drawn)), 1e-9)
    if not half <= share <= 1 - half:
        return {}
    ends = shapely.get_coordinates(shapely.line_interpolate_point(
        drawn, [share - half, share, share + half], normalized=True
    ))  # fmt: skip
    across, down = ends[2] - ends[0]
    turned = float(np.degrees(np.arctan2(down, across)))
    turned -= np.copysign(2 * UPRIGHT, turned) if abs(turned) > UPRIGHT else 0.0
    return {"x": float(ends[1, 0].round(1)), "y": float(ends[1, 1].round(1)),
            "angle": round(turned, 1)}  # fmt: skip


def _beside(at: dict[str, float], other: dict[str, Any], size: float) -> bool:
    """Whether two texts would touch; of what is turned the whole length counts."""
    if not at:
        return False
    apart = float(np.hypot(at["x"] - other["x"], at["y"] - other["y"]))
    return apart < APART_PT + size / 2
