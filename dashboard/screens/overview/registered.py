"""The registry of metrics as the overview uses it: values, definitions and names by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    import pandas as pd


def figure(key: str, tally: pd.Series) -> float:
    """The metric of one tally row, rates in per cent; NaN where there is nothing to divide by."""
    return float(value(key, tally))


def behind(key: str, tally: pd.Series) -> int:
    """How many cases the metric of a tally row rests on."""
    return int(sample(key, tally))


def is_small(key: str, tally: pd.Series) -> bool:
    """Whether too few cases stand behind the metric to judge by it."""
    return behind(key, tally) < METRICS[key].minimum


def definition(key: str, language: str) -> str:
    """How the metric is counted, with what is left out."""
    metric = METRICS[key]
    said, left_out = (
        (metric.definition_zh, metric.exclusions_zh)
        if language == "zh"
        else (metric.definition_en, metric.exclusions_en)
    )
    return "\n".join(text for text in (said, left_out) if text)


def metric_name(key: str, language: str) -> str:
    """The name of the metric."""
    metric = METRICS[key]
    return metric.name_zh if language == "zh" else metric.name_en
