"""How often deadlines are missed or put off, and how often cases leave the count or come back.

Counted by `geodata.engine.handling`, whose columns these are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from geodata.metrics.metric import Form, Metric

WITHOUT_VOID_ZH: Final = "作废、重复上报和未办结的案件不计入。"
WITHOUT_VOID_EN: Final = "Void, duplicate and unsettled cases are left out."


def _share(
    key: str,
    names: tuple[str, str, str, str],
    parts: tuple[str, str],
    said: tuple[str, str],
    left_out: tuple[str, str] = (WITHOUT_VOID_ZH, WITHOUT_VOID_EN),
) -> Metric:
    """One share in per cent that is better the lower it is."""
    return Metric(
        key=key,
        name_zh=names[0],
        name_en=names[1],
        short_zh=names[2],
        short_en=names[3],
        unit_zh="%",
        unit_en="%",
        direction="down",
        form=Form.SHARE,
        numerator=(parts[0],),
        denominator=(parts[1],),
        counted=(parts[1],),
        definition_zh=said[0],
        definition_en=said[1],
        exclusions_zh=left_out[0],
        exclusions_en=left_out[1],
        decimals=1,
        cap=100.0,
    )


LATE: Final = (
    replace(
        _share(
            "late_rate",
            ("超时率", "Late", "超时", "Late"),
            ("missed", "due"),
            (
                "未按时{done}的案件数除以应{done}数；按上报的星期和小时统计，超期未{done}的即时计入。",
                (
                    "Cases not {done} within their limit out of those due, by weekday and hour of "
                    "the report; a case past its limit and not {done} counts at once."
                ),
            ),
            (
                "作废、重复上报和没有时限的案件不计入。",
                "Void and duplicate reports and cases without a limit are left out.",
            ),
        ),
        clock="limit",
    ),
)
SHARES: Final = (
    _share(
        "again_rate",
        ("办结后再报率", "Reported again", "再报", "Again"),
        ("again", "closed_at_building"),
        (
            "结案后 15 日内同一楼栋同一事项又有上报的案件数除以楼栋内已结案件数。",
            (
                "Closed cases in buildings after which the same matter was reported from the same "
                "building within 15 days, out of cases closed in buildings."
            ),
        ),
        (
            "作废、重复上报和不在楼栋内的案件不计入。",
            "Void and duplicate reports and cases outside buildings are left out.",
        ),
    ),
    _share(
        "reopened_rate",
        ("返工率", "Reopened", "返工", "Reopened"),
        ("reopened", "settled"),
        (
            "被退回重新办理的案件数除以已办结案件数。",
            "Cases sent back to be done again, out of those settled.",
        ),
    ),
    _share(
        "unverified_rate",
        ("未核查结案率", "Closed unchecked", "未核查", "Unchecked"),
        ("unverified", "closed"),
        (
            "没有核查记录即结案的案件数除以已结案件数。",
            "Cases closed with no check on record, out of those closed.",
        ),
        ("作废、重复上报和未结案的案件不计入。", "Void, duplicate and open cases are left out."),
    ),
    _share(
        "extended_rate",
        ("延期率", "Extended", "延期", "Extended"),
        ("extended", "settled"),
        (
            "办理中延期过的案件数除以已办结案件数。",
            "Cases whose limit was extended, out of those settled.",
        ),
    ),
    _share(
        "suspended_rate",
        ("挂账率", "Suspended", "挂账", "Suspended"),
        ("suspended", "settled"),
        (
            "办理中挂账过的案件数除以已办结案件数。",
            "Cases whose clock was stopped for a time, out of those settled.",
        ),
    ),
    _share(
        "appealed_rate",
        ("申诉率", "Appealed", "申诉", "Appealed"),
        ("appealed", "settled"),
        (
            "对考核结果提出申诉的案件数除以已办结案件数。",
            "Cases whose assessment was appealed against, out of those settled.",
        ),
    ),
    _share(
        "voided_rate",
        ("作废率", "Voided", "作废", "Voided"),
        ("voided", "came"),
        ("作废的案件数除以全部上报的案件数。", "Void cases out of all that were reported."),
        ("不剔除案件。", "Nothing is left out."),
    ),
)
