"""What the panels of a department are made of: the scene, and how the department handles cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.screens.overview.case_names import matter

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access import Live
    from dashboard.screens.overview.scene import Scene
    from geodata.engine.handling import Handling


@dataclass(frozen=True)
class Desk:
    """Everything a panel of the department may ask.

    row: of the department.
    assessed: what all departments are assessed by, besides the scene's numbers.
    case: the one case that is looked at, None where none is; near: others of its category within
        200 m and three days.
    """

    scene: Scene
    row: int
    handling: Handling
    assessed: pd.DataFrame
    case: pd.Series | None = None
    near: pd.DataFrame | None = None

    @property
    def open(self) -> pd.DataFrame:
        """The department's open cases, the earliest deadline first."""
        return self.handling.open

    def name(self, row: int | None = None) -> str:
        """The name of a department, this one's by default."""
        return self.scene.entry(self.scene.city.departments, self.row if row is None else row)

    def matter(self, row: int) -> str:
        """The name of a matter."""
        return matter(self.scene, row)


def read(scene: Scene, live: Live) -> Desk:
    """Ask how the chosen department handles its cases."""
    request = scene.numbers.request
    found = live.engine.case(int(scene.place.case), scene.now) if scene.place.case else None
    case = None if found is None or found.empty else found.iloc[0]
    return Desk(
        scene=scene,
        row=scene.numbers.request.departments[0],
        handling=live.engine.handling(request),
        assessed=live.engine.assessed(request),
        case=case,
        near=None if case is None else live.engine.near(case, scene.now),
    )
