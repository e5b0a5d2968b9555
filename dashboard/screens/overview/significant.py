"""Significant hot spots of the heat: cells above the rate of the place, with those round them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from dash import html

from dashboard.components.marks import link
from dashboard.i18n.amounts import count
from geodata.metrics.hotspots import FALSE_SHARE, Hotspots, borders, hotspots
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

    Ints = npt.NDArray[np.int64]

NAMED: Final = 3  # in words
DRAWN: Final = 12  # on the map, the clearest


def judged(scene: Scene) -> tuple[list[int], Hotspots] | None:
    """The significant cells of the heat, the clearest first; None where cells are not compared."""
    if scene.mode != "heat" or scene.level == BUILDING or not scene.has_cases:
        return None
    cells = scene.numbers.cells
    cells = cells[cells.index >= 0]
    rows = cells.index.to_numpy(dtype=np.int64)
    places = scene.city.places
    people, area = (places[n].to_numpy(np.float64)[rows] for n in ("people", "area_km2"))
    counts = cells["reported"].to_numpy(dtype=np.float64)
    found = hotspots(counts, people, area, _pairs(scene, rows))
    hot = np.flatnonzero(found.significant)
    return rows[hot[np.argsort(-found.z[hot], kind="stable")]].tolist(), found


def _pairs(scene: Scene, rows: Ints) -> tuple[Ints, Ints]:
    """Which of some cells share a border; those of a whole level are found once."""
    level = scene.city.once(f"borders {scene.level} {scene.city.id}", lambda: _bordering(scene))
    number = np.full(len(scene.city.places), -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    one, other = (number[side] for side in level)
    both = (one >= 0) & (other >= 0)
    return one[both], other[both]


def _bordering(scene: Scene) -> tuple[Ints, Ints]:
    places = scene.city.places
    rows = np.flatnonzero((places["level"] == scene.level).to_numpy())
    one, other = borders(places.geometry.to_numpy()[rows])
    return rows[one], rows[other]


def drawn(scene: Scene) -> list[dict[str, Any]]:
    """The clearest, to be outlined on the map."""
    found = judged(scene)
    return [{"layer": scene.level, "id": unit} for unit in (found[0] if found else [])[:DRAWN]]


def about(scene: Scene, hot: Hotspots) -> str:
    """What significant means and how it is judged, for a hover."""
    basis = scene.t(f"spots.by_{hot.basis}")
    return scene.t("spots.significant_about", basis=basis, percent=round(FALSE_SHARE * 100))


def sure_percent() -> int:
    """How many of a hundred outlined cells are so by more than chance, at least."""
    return round(100 * (1 - FALSE_SHARE))


def told(scene: Scene) -> Node:
    """How many there are, by what, with what certainty, and the clearest by name."""
    found = judged(scene)
    if found is None:
        return None
    units, hot = found
    if not np.isfinite(hot.z).any():
        return None
    basis, said = scene.t(f"spots.by_{hot.basis}"), about(scene, hot)
    if not units:
        return html.P(scene.t("spots.significant_none", basis=basis), title=said)
    head = scene.t("spots.significant", n=count(len(units), scene.language), basis=basis)
    named: list[Node] = []
    for unit in units[:NAMED]:
        code = scene.city.tree.codes[unit]
        href = scene.href(at=code, level="", play="", heat=False)
        named += [" " if not named else " · ", link(scene.short(unit), href)]
    return html.P([head, *named], title=said, className="significant")
