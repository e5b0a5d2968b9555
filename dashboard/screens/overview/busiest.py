"""The buildings of a place with most cases, however many buildings it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from dashboard.i18n import named
from dashboard.screens.overview.case_names import ways
from dashboard.screens.overview.columns import columns, whole
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.question import Question
    from dashboard.screens.overview.scene import Scene

KEY: Final = "buildings"
MOST: Final = 200


def read(asked: Question, live: Live) -> pd.Series | None:
    """Cases of the period by row of the building, the most first; None where nobody asks."""
    if asked.place.table != KEY:
        return None
    found = live.engine.workload(replace(asked.request, level=BUILDING))
    counted = found[found["cell"] >= 0].groupby("cell")["cases"].sum()
    # Among equals the order is that of the buildings, whichever engine answers.
    return counted.sort_index().sort_values(ascending=False, kind="stable").head(MOST)


def table(scene: Scene) -> pd.DataFrame:
    """The buildings with where they stand."""
    cases = pd.Series(dtype="int64") if scene.busiest is None else scene.busiest
    rows = scene.city.buildings.iloc[cases.index.to_numpy(dtype=int)]
    return columns(
        scene,
        {
            "name": [named(row, scene.language) for row in rows.itertuples()],
            "case_where": ways(scene, rows["unit"]),
            "code": rows["code"].astype(str).tolist(),
            "reported": whole(cases.to_numpy()),
        },
    )


def ways_in(scene: Scene, frame: pd.DataFrame) -> list[str]:
    """Where each row leads: to its building."""
    codes = frame.iloc[:, frame.attrs["keys"].index("code")]
    return [scene.href(at=code, level="", table="") for code in codes]
