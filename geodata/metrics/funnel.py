"""How far what came in has come, stage by stage; counted by `geodata.engine.handling`."""

from __future__ import annotations

from typing import Final

from geodata.metrics.metric import Form, Metric


def _reached(stage: str, zh: str, en: str) -> Metric:
    """The share of all that came in that has reached a stage."""
    return Metric(
        key=f"{stage}_share",
        name_zh=f"{zh}占采集",
        name_en=f"{en}, of all collected",
        short_zh=zh,
        short_en=en,
        unit_zh="%",
        unit_en="%",
        direction="none",
        form=Form.SHARE,
        numerator=(f"reached_{stage}",),
        denominator=("came",),
        counted=("came",),
        definition_zh=f"时段内上报的案件中，目前已经{zh}或已进入其后环节的，除以全部上报的案件数。",
        definition_en=f"Cases of the period that are {en.lower()} by now, or further on, out of "
        "all that came in.",
        exclusions_zh="作废与重复上报的案件计入分母，不计入分子。",
        exclusions_en="Void and duplicate reports count as collected, and go no further.",
        decimals=1,
        cap=100.0,
    )


FUNNEL: Final = (
    _reached("accepted", "立案", "Accepted"),
    _reached("dispatched", "派遣", "Dispatched"),
    _reached("resolved", "办结", "Resolved"),
)
