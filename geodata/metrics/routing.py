"""How departments are dispatched to, and what streets think of their work.

The way cases went is counted by `geodata.engine.handling`, the scores are a register.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from geodata.metrics.metric import Form, Metric
from geodata.model.schemas import FULL_SCORE

SENT: Final = ("first_dispatched", "right_first")
SCORED: Final = ("points", "full_points", "rated_cases")
FIRST_DISPATCH: Final = Metric(
    key="first_dispatch_rate",
    name_zh="一次派遣准确率",
    name_en="Right department at first dispatch",
    short_zh="派遣准确率",
    short_en="Right first",
    unit_zh="%",
    unit_en="%",
    direction="up",
    form=Form.SHARE,
    numerator=("right_first",),
    denominator=("first_dispatched",),
    counted=("first_dispatched",),
    definition_zh=(
        "首次派遣的部门就是最终办结的部门的案件数，除以已派遣并办结的案件数；按首次派遣的部门统计。"
    ),
    definition_en="Cases settled by the department that they were first dispatched to, out of "
    "those dispatched and settled; by the department first dispatched to.",
    exclusions_zh=(
        "作废、重复上报、未派遣、未办结的案件，以及退回过而不知首次派遣部门的案件不计入。"
    ),
    exclusions_en="Void and duplicate reports, cases not dispatched or not settled are left "
    "out; returns whose sender is unknown are not counted.",
    decimals=1,
    cap=100.0,
)
REVERSE_SCORE: Final = Metric(
    key="reverse_score",
    name_zh="逆向评价得分",
    name_en="Score given by streets",
    short_zh="逆向评价",
    short_en="Streets' score",
    unit_zh="分",
    unit_en="points",
    direction="up",
    form=Form.SHARE,
    numerator=("points",),
    denominator=("full_points",),
    counted=("rated_cases",),
    definition_zh=(
        "镇街按月对部门配合情况评分（0 至 100），以评分所依据的案件数加权平均；"
        "时段内没有评分的，取此前最近一个月。"
    ),
    definition_en="Mean of the scores (0 to 100) that streets give a department each month, "
    "weighted by the cases they rest on; where a period has none, the newest month before.",
    exclusions_zh="没有评分的部门和镇街不计入。",
    exclusions_en="Departments and streets without a score are left out.",
    decimals=1,
    cap=100.0,
    source="ratings",
)
ROUTING: Final = (FIRST_DISPATCH, REVERSE_SCORE)


def by_first(routes: pd.DataFrame, departments: int) -> pd.DataFrame:
    """Settled cases by the department first dispatched to: first_dispatched, right_first.

    routes: as `Engine.routes` counts them.
    """
    known = routes[routes["first_department"] >= 0]
    right = known["first_department"] == known["department"]
    counts = {
        name: np.bincount(part["first_department"], part["cases"], minlength=departments)
        for name, part in zip(SENT, (known, known[right]), strict=True)
    }
    return pd.DataFrame(counts).astype(np.int64)


def weighed(ratings: pd.DataFrame) -> pd.DataFrame:
    """Ratings with what a mean score is made of: points, full_points, rated_cases."""
    cases = ratings["cases"]
    columns = (ratings["score"] * cases, FULL_SCORE * cases, cases)
    return ratings.assign(**dict(zip(SCORED, columns, strict=True)))
