"""Cells that tell nothing give way to their parents, without a screen read for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.place import Place
from dashboard.screens.overview import scene as scenes

if TYPE_CHECKING:
    from types import SimpleNamespace

    import pandas as pd

    from geodata.engine.request import Request

NARROW = Place(period="24h", categories=("k1",))


class Counting:
    """Has a few cases in each of the finest cells; remembers what was read."""

    def __init__(self, engine: Any) -> None:  # noqa: ANN401 - of the tests
        self._engine = engine
        self.screens: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._engine, name)

    def screen(self, request: Request) -> Any:  # noqa: ANN401
        self.screens.append(request.level)
        found = self._engine.screen(request)
        found.cells["reported"] = self.cells(request)["reported"]
        return found

    def cells(self, request: Request) -> pd.DataFrame:
        found = self._engine.cells(request)
        return found.assign(reported=2.0) if request.level == "community" else found


@pytest.mark.parametrize(
    ("place", "read"),
    [
        (NARROW, ["street"]),
        (NARROW.moved(period="90d"), ["community", "street"]),
        (Place(period="24h"), ["community", "street"]),
        (NARROW.moved(level="community"), ["community"]),
    ],
)
def test_the_parents_of_cells_that_tell_nothing_are_shown(
    live: SimpleNamespace, place: Place, read: list[str]
) -> None:
    engine = live.engine = Counting(live.engine)
    scene = scenes.read(place, live)  # type: ignore[arg-type]
    assert engine.screens[: len(read)] == read
    assert scene.level == read[-1]
