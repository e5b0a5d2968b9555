"""A publication tells what stood out at the end of its history, and nothing is planted for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.publish import publish
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 86_400
END = 1_790_000_000
BURST = 9


@pytest.mark.usefixtures("bare")
def test_a_burst_at_the_end_of_the_history_is_an_alert(tmp_path: Path, sketch: Any) -> None:  # noqa: ANN401
    rng = np.random.default_rng(1)

    def incidents(arranged: Any) -> Iterator[pd.DataFrame]:  # noqa: ANN401
        built = np.flatnonzero(arranged.sites["building"] >= 0)
        usual = sketch.cases(
            rng.choice(built, 200), np.sort(rng.integers(END - 120 * DAY, END, 200))
        )
        moments = END - 3600 + np.arange(BURST) * 60
        for frame in (usual, sketch.cases(np.full(BURST, built[0]), moments, 1_000)):
            yield frame.assign(lon=np.nan, lat=np.nan)

    publish(sketch.draft(incidents=incidents), tmp_path)
    city = open_city(tmp_path)
    alerts = city.alerts
    assert (alerts["kind"] != "imported").all()
    last = alerts[(alerts["raised"] >= END - 3600) & (alerts["kind"] == "scan")]
    assert len(last)
    best = last.loc[last["cases"].idxmax()]
    assert best["cases"] >= BURST
    assert best["level"] <= 2
    assert pd.isna(best["cleared"])
    assert str(best["cases"]) in best["reason_en"]
    place = city.sites[city.sites["building"] >= 0].iloc[0]
    assert (best["lon"], best["lat"]) == pytest.approx((place["lon"], place["lat"]), abs=2e-3)
