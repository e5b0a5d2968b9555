"""What the bench of the warnings adds up, from clusters and alerts that are known."""

from __future__ import annotations

import pandas as pd
import pytest

from geodata.bench.warning import figures


def test_recall_false_alarms_and_delay_are_counted() -> None:
    clusters = pd.DataFrame({
        "grade": ["easy", "easy", "hard", "hard"],
        "found": [True, True, True, False],
        "delay_h": [1.0, 3.0, 5.0, float("nan")],
    })  # fmt: skip
    alerts = pd.DataFrame({"level": [1, 1, 4, 4], "true": [True, False, True, False]})
    found = figures(clusters, alerts, 2.0)
    assert found["clusters_recall"] == pytest.approx(0.75)
    assert (found["clusters_recall_easy"], found["clusters_recall_hard"]) == (1.0, 0.5)
    assert "clusters_recall_medium" not in found
    assert (found["red_per_month"], found["red_false_per_month"]) == (1.0, 0.5)
    assert found["alerts_false_per_day"] == pytest.approx(2 / 60)
    assert found["warning_delay_h"] == 3.0
