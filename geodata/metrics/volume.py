"""How much there is: cases reported, their density, and what is unfinished."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from geodata.metrics.metric import Form, Metric

NO_LIMIT_ZH: Final = "作废、重复上报和没有时限的案件不计入。"
NO_LIMIT_EN: Final = "Void and duplicate reports and cases without a limit are left out."


class Words(NamedTuple):
    """A metric in one language."""

    name: str
    short: str
    definition: str


def _cases(key: str, zh: Words, en: Words, counted: str = "reported") -> Metric:
    """A count of cases, shown however small it is."""
    return Metric(
        key=key,
        name_zh=zh.name,
        name_en=en.name,
        short_zh=zh.short,
        short_en=en.short,
        unit_zh="件",
        unit_en="cases",
        direction="none",
        form=Form.COUNT,
        numerator=(key,),
        denominator=(),
        counted=(counted,),
        definition_zh=zh.definition,
        definition_en=en.definition,
        minimum=0,
    )


def _overdue(key: str, zh: Words, en: Words, counted: str = "reported") -> Metric:
    """A count of cases past their limit: the fewer the better."""
    return replace(
        _cases(key, zh, en, counted),
        direction="down",
        clock="limit",
        exclusions_zh=NO_LIMIT_ZH,
        exclusions_en=NO_LIMIT_EN,
    )


REPORTED: Final = (
    _cases(
        "reported",
        Words("受理案件数", "受理", "时段内上报并受理的案件数，按上报时间统计。"),
        Words(
            "Cases reported",
            "Reported",
            "Cases reported in the period, by the moment of reporting.",
        ),
    ),
    Metric(
        key="deviation",
        name_zh="较常态偏离",
        name_en="Deviation from the norm",
        short_zh="较常态",
        short_en="vs norm",
        unit_zh="%",
        unit_en="%",
        direction="none",
        form=Form.DEVIATION,
        source="cases_norm",
        numerator=("reported",),
        denominator=("norm",),
        counted=("reported",),
        definition_zh="受理案件数与常态之差占常态的百分比；常态为此前各整周同一时段的平均值"
        "（至多 8 个时段，时段长于 7 天的至多 4 个）。",
        definition_en="Difference between the cases reported and the norm, in per cent of the "
        "norm, which is the mean of the same window in earlier weeks (up to 8, or 4 if longer than "
        "7 days).",
        exclusions_zh="作废与重复上报的案件不计入；可比时段不足两个的，不计算。",
        exclusions_en="Void and duplicate reports are left out; with fewer than two earlier "
        "windows there is no value.",
    ),
    Metric(
        key="density_people",
        name_zh="每千人案件数",
        name_en="Cases per 1,000 people",
        short_zh="件/千人",
        short_en="per 1,000",
        unit_zh="件/千人",
        unit_en="per 1,000 people",
        direction="down",
        form=Form.PER_PEOPLE,
        source="cases_people",
        numerator=("reported",),
        denominator=(),
        counted=("reported",),
        definition_zh="时段内受理案件数除以常住人口（千人）。",
        definition_en="Cases reported in the period per thousand inhabitants.",
        exclusions_zh="作废与重复上报的案件不计入；人口未知的单元不计算。",
        exclusions_en="Void and duplicate reports are left out; units of unknown population have "
        "no value.",
        decimals=1,
    ),
    Metric(
        key="density_area",
        name_zh="每平方公里案件数",
        name_en="Cases per km²",
        short_zh="件/km²",
        short_en="per km²",
        unit_zh="件/km²",
        unit_en="per km²",
        direction="down",
        form=Form.PER_AREA,
        source="cases_area",
        numerator=("reported",),
        denominator=(),
        counted=("reported",),
        definition_zh="时段内受理案件数除以单元面积（平方公里）。",
        definition_en="Cases reported in the period per square kilometre.",
        decimals=1,
    ),
)
UNFINISHED: Final = (
    _overdue(
        "overdue_open",
        Words("超期未结案件数", "超期未结", "时段内上报、办理时限已过而尚未{done}的案件数。"),
        Words(
            "Open past their limit",
            "Overdue",
            "Cases reported in the period that are past their limit and not {done}.",
        ),
    ),
    _cases(
        "open",
        Words("在办案件数", "在办", "时段内上报、尚未结案的案件数。"),
        Words("Open cases", "Open", "Cases reported in the period that are not closed."),
    ),
)
BACKLOG: Final = (
    replace(
        _cases(
            "backlog_open",
            Words(
                "当前在办案件数",
                "当前在办",
                "近 90 天上报、目前尚未结案的案件数，不随所选时段变化。",
            ),
            Words(
                "Open now",
                "Open now",
                "Cases of the last 90 days that are not closed, whatever period is shown.",
            ),
            "backlog_open",
        ),
        clock="now",
    ),
    _overdue(
        "backlog_overdue",
        Words(
            "当前超期未结案件数",
            "超期未结",
            "近 90 天上报、办理时限已过而目前尚未{done}的案件数，不随所选时段变化。",
        ),
        Words(
            "Overdue now",
            "Overdue",
            "Cases of the last 90 days that are past their limit and not {done}, whatever period "
            "is shown.",
        ),
        "backlog_open",
    ),
)
