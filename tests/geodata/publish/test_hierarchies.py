"""Outlines of every hierarchy of a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from geodata.publish import publish
from geodata.store.snapshots import open_city
from geodata.store.under import under
from geodata.tiles import pyramid
from tests.browser.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_every_hierarchy_is_drawn_and_what_they_share_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, str]] = []
    make = pyramid.make
    monkeypatch.setattr(
        pyramid, "make", lambda places, *of: made.append(of) or make(places, *of)
    )  # fmt: skip
    publish(tiny(), tmp_path)
    city = open_city(tmp_path)
    bands = len(pyramid.BANDS) + 1
    # Four levels of today, the professional grids, and the grids that have been redrawn.
    assert len(made) == (4 + 1 + 1) * bands
    for key in ("", *city.divisions):
        there = under(city, key)
        for level in there.tree.level_keys:
            drawn = pyramid.outlines(there.drawn, there.places, level, 15)
            fresh = make(there.places, level, pyramid.EXACT)
            assert (there.drawn / "outlines" / f"{level}-exact.parquet").exists()
            assert drawn.units.tolist() == there.tree.cells(0, level).tolist()
            assert shapely.equals_exact(drawn.cells, fresh.cells, 1e-6).all()
