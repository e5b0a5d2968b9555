"""Columns that several tables share: counts, the norm, durations, and what rests on too few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dashboard.screens.overview.bullets import measured
from geodata.ingest.reading import reading
from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from dashboard.screens.overview.scene import Scene

    Floats = npt.NDArray[np.float64]

MINUTE_FIELDS: Final = ("n", "median_min", "p90_min")


def columns(scene: Scene, names: Mapping[str, object]) -> pd.DataFrame:
    """A frame with headings in the reader's language; `attrs["keys"]` names its columns."""
    frame = pd.DataFrame({scene.t(f"column.{name}"): values for name, values in names.items()})
    frame.attrs["keys"] = list(names)
    return frame


def ordered(frame: pd.DataFrame, sort: str) -> pd.DataFrame:
    """The rows by a column of `attrs["keys"]`, the highest first after a minus, unknown ones last.

    A column that the table does not have leaves it in its own order.
    """
    keys, key = frame.attrs["keys"], sort.removeprefix("-")
    if key not in keys:
        return frame
    heading = frame.columns[keys.index(key)]
    return frame.sort_values(
        heading, ascending=key == sort, kind="stable", na_position="last", key=_comparable
    )


def _comparable(column: pd.Series) -> pd.Series:
    """Numbers and moments as they are, texts as they are read; an empty text is not known."""
    if column.dtype.kind in "iufM":
        return column
    return column.map(_read)


def _read(text: Any) -> str | None:  # noqa: ANN401 (whatever a cell holds)
    return None if pd.isna(text) or not str(text) else reading(str(text))


def whole(values: object) -> pd.arrays.IntegerArray:
    """Counts as whole numbers; what is not known stays unknown, not zero."""
    numbers = np.asarray(values, dtype=np.float64)
    missing = ~np.isfinite(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0, np.rint(numbers)).astype(np.int64), missing)


def counts(scene: Scene, tally: pd.DataFrame) -> dict[str, object]:
    """Cases, what was expected, and the change; unknown in a city that keeps no cases."""
    reported = tally["reported"].to_numpy(dtype=np.float64)
    norm = tally["norm"].to_numpy(dtype=np.float64)
    if not scene.has_cases:
        reported = norm = np.full(len(tally), np.nan)
    return {"reported": whole(reported), "norm": norm.round(1), "change": _change(reported, norm)}


def _change(reported: Floats, norm: Floats) -> Floats:
    """Per cent of the norm; none where the norm is so small that chance would lead the ranking."""
    enough = np.where(norm >= LEAST_CASES, norm, np.nan)
    change: Floats = ((reported / enough - 1) * 100).round(1)
    return change


def durations(scene: Scene, tally: pd.DataFrame) -> dict[str, object]:
    """Minutes to arrival, or to resolution where no arrival is kept."""
    kind = measured(scene)
    return {f"{kind}_{name}": whole(tally[f"{kind}_{name}"]) for name in MINUTE_FIELDS}


def remarks(scene: Scene, tally: pd.DataFrame) -> dict[str, object]:
    """Which figures of a row rest on too few cases to be compared."""
    kind = measured(scene)
    small = {
        "reported": tally["reported"].to_numpy(dtype=np.float64) < LEAST_CASES,
        kind: tally[f"{kind}_n"].to_numpy(dtype=np.float64) < LEAST_CASES,
    }
    words = {name: scene.t(f"column.few_{name}", n=LEAST_CASES) for name in small}
    between = scene.t("column.between")
    said = [
        between.join(words[name] for name in small if small[name][row]) for row in range(len(tally))
    ]
    return {"remark": said if scene.has_cases else [""] * len(tally)}
