"""Cases one by one, as a file: what is open now, and what was reported in the period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from dashboard.screens.overview.case_names import matter, ways
from dashboard.screens.overview.columns import columns
from geodata.model.periods import HOUR
from geodata.model.schemas import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access import Live
    from dashboard.screens.overview.scene import Scene

QUEUE: Final = "queue"
REPORTED: Final = "case_list"
MOST: Final = 20_000  # rows of one file


def open_cases(scene: Scene, live: Live) -> pd.DataFrame:
    """What is open now, the earliest deadline first."""
    found = live.engine.open_cases(scene.numbers.request).head(MOST + 1)
    cases = found.head(MOST)
    left = (cases["due"].to_numpy(dtype=np.float64) - scene.now) / HOUR
    said = {key: scene.t(f"case_list.{key}") for key in ("over", "done", "free", "in")}
    limits = np.select(
        [cases["overdue"], cases["done"], np.isnan(left)],
        [said["over"], said["done"], said["free"]],
        said["in"],
    )
    return _told(
        scene,
        {
            **_known(scene, cases),
            "case_due": _moments(scene, cases["due"]),
            "case_left_h": np.where(cases["done"], np.nan, left).round(1),
            "case_limit": [str(limit) for limit in limits],
            "case_stage": [scene.t(f"stage.{stage}") for stage in cases["stage"]],
            "case_since": _moments(scene, cases["since"]),
        },
        len(found) > MOST,
    )


def reported_cases(scene: Scene, live: Live) -> pd.DataFrame:
    """What was reported in the period, the newest first, with the moment of every stage."""
    found = live.engine.incidents(scene.numbers.request, MOST + 1)
    cases = found.head(MOST)
    later = {
        f"case_{stage}": _moments(scene, cases[stage])
        for stage in STAGES[1:]
        if cases[stage].notna().any()
    }
    return _told(
        scene,
        {**_known(scene, cases), "case_due": _moments(scene, cases["due"]), **later},
        len(found) > MOST,
    )


def _told(scene: Scene, shown: dict[str, object], cut: bool) -> pd.DataFrame:  # noqa: FBT001
    frame = columns(scene, shown)
    frame.attrs["cut"] = MOST if cut else 0
    return frame


def _known(scene: Scene, cases: pd.DataFrame) -> dict[str, object]:
    """What is known of a case from its report on."""
    city = scene.city
    units = city.sites["unit"].to_numpy()[cases["site"].to_numpy(dtype=np.int64)]
    matters = {int(row): matter(scene, int(row)) for row in cases["matter"].unique()}
    return {
        "case_key": cases["key"].astype(str).tolist(),
        "case_where": ways(scene, units),
        "code": [city.tree.codes[int(unit)] for unit in units],
        "case_matter": [matters[int(row)] for row in cases["matter"]],
        **{
            f"case_{name}": _entries(scene, table, cases[name])
            for name, table in (
                ("category", city.categories),
                ("department", city.departments),
                ("source", city.sources),
            )
        },
        "case_reported": _moments(scene, cases["reported"]),
    }


def _entries(scene: Scene, table: pd.DataFrame, rows: pd.Series) -> list[str]:
    names = {int(row): scene.entry(table, int(row)) for row in rows.unique()}
    return [names[int(row)] for row in rows]


def _moments(scene: Scene, seconds: pd.Series) -> pd.Series:
    """Moments on the city's clock; what is not known stays unknown."""
    known = seconds.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    moments = pd.to_datetime(pd.Series(known), unit="s", utc=True).dt.tz_convert(scene.zone)
    return moments.dt.tz_localize(None).dt.floor("min")


LISTS: Final[dict[str, Callable[[Scene, Live], pd.DataFrame]]] = {
    QUEUE: open_cases,
    REPORTED: reported_cases,
}
