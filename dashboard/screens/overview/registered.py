"""The registry of metrics as the overview uses it: values, definitions and names by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.scene import Scene


def figure(key: str, tally: pd.Series) -> float:
    """The metric of one tally row, rates in per cent; NaN where there is nothing to divide by."""
    return float(value(key, tally))


def behind(key: str, tally: pd.Series) -> int:
    """How many cases the metric of a tally row rests on."""
    return int(sample(key, tally))


def is_small(key: str, tally: pd.Series) -> bool:
    """Whether too few cases stand behind the metric to judge by it."""
    return behind(key, tally) < METRICS[key].minimum


def definition(key: str, scene: Scene) -> str:
    """How the metric is counted in this city, with what is left out."""
    told = METRICS[key].told(scene.language, scene.city.profile.deadline)
    return "\n".join(filter(None, told))


def metric_name(key: str, language: str) -> str:
    """The name of the metric."""
    metric = METRICS[key]
    return metric.name_zh if language == "zh" else metric.name_en
