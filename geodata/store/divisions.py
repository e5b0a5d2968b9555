"""What is kept of a hierarchy beside the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.model.places import Hierarchy, Tree
from geodata.model.profile import Level

if TYPE_CHECKING:
    import pandas as pd

    from geodata.model.profile import Profile


@dataclass(frozen=True)
class Division:
    """A hierarchy beside the one in force: a professional grid, or earlier boundaries.

    until: the first day on which others were in force, as 2025-03-01; "" of a professional grid.
    """

    key: str
    name_zh: str
    name_en: str
    until: str


def divisions_of(table: pd.DataFrame | None) -> dict[str, Division]:
    """The divisions of a table of DIVISIONS by key, in its order; none where there is no table."""
    rows = () if table is None else table.itertuples(index=False)
    return {each.key: each for each in (Division(*map(str, row)) for row in rows)}


def levels_of(table: pd.DataFrame) -> tuple[Level, ...]:
    """The levels of a table of LEVELS."""
    return tuple(
        Level(
            key=row["key"], name_zh=row["name_zh"], name_en=row["name_en"],
            plural_en=row["plural_en"], drill=bool(row["drill"]), geometry=bool(row["shaped"]),
        )
        for row in table.to_dict("records")
    )  # fmt: skip


def hierarchy_of(
    places: pd.DataFrame, levels: tuple[Level, ...], site_unit: pd.DataFrame, profile: Profile
) -> Hierarchy:
    """The hierarchy of the tables of a division."""
    tree = Tree.of(places, profile.model_copy(update={"levels": levels}))
    return Hierarchy(tree, site_unit["unit"].to_numpy(dtype=np.int32))
