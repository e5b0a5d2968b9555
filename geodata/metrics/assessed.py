"""What schemes of evaluation are made of, and raw overtime.

Counted by `geodata.engine.assessed`, some columns by the engine's screen. Where cities divide by
something else, each way to divide is a metric of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.metrics.evasion import SHARES
from geodata.metrics.service import IN_TIME, MINUTES, OUTCOME, SETTLED

if TYPE_CHECKING:
    from geodata.metrics.metric import Metric

_OF: Final = {metric.key: metric for metric in (*IN_TIME, *OUTCOME, *SHARES, *MINUTES)}
VOID: Final = ("作废与重复上报的案件不计入。", "Void and duplicate reports are left out.")


def _share(
    key: str,
    names: tuple[str, str, str, str],
    parts: tuple[str, str],
    said: tuple[str, str],
    left_out: tuple[str, str] = VOID,
) -> Metric:
    """One share in per cent that is better the higher it is."""
    return replace(
        _OF["satisfaction"], key=key, name_zh=names[0], name_en=names[1], short_zh=names[2],
        short_en=names[3], numerator=(parts[0],), denominator=(parts[1],), counted=(parts[1],),
        definition_zh=said[0], definition_en=said[1], exclusions_zh=left_out[0],
        exclusions_en=left_out[1],
    )  # fmt: skip


def _divided(
    metric: Metric, key: str, by: str, names: tuple[str, str], said: tuple[str, str]
) -> Metric:
    """The same cases out of others; it is worth as little where these are few."""
    return replace(
        metric, key=key, name_zh=names[0], name_en=names[1], denominator=(by,), counted=(by,),
        definition_zh=said[0], definition_en=said[1], exclusions_zh=VOID[0], exclusions_en=VOID[1],
    )  # fmt: skip


NO_LIMIT: Final = (
    "作废、重复上报和没有时限的案件不计入。",
    "Void and duplicate reports and cases without a limit are left out.",
)
ON_TIME: Final = (
    replace(
        _share(
            "raw_on_time_rate",
            ("原时限按时率", "Within the original limit", "原时限按时", "Original limit"),
            ("raw_on_time", "raw_due"),
            (
                "在延期、挂账之前的原时限内{done}的案件数除以按原时限应{done}数；延期、挂账和申诉都不改变此数；没有另记原时限的，以现时限计。",
                (
                    "Cases {done} within the limit as it was before any extension or suspension, "
                    "out of those due by it; no extension, suspension or appeal changes it; "
                    "where no other original limit is kept, the one in force counts."
                ),
            ),
            NO_LIMIT,
        ),
        clock="limit_original",
    ),
    replace(
        _share(
            "unappealed_on_time_rate",
            ("按时办结率（剔除申诉）", "On time, appeals left out", "剔除申诉", "No appeals"),
            ("unappealed_on_time", "unappealed_due"),
            (
                (
                    "按期{done}数除以应{done}数，提出过申诉的已办结案件整件剔除；申诉结果没有记录，"
                    "不论是否成立。"
                ),
                (
                    "Cases {done} within their limit out of those due, without settled "
                    "cases that were "
                    "appealed against; how an appeal ended is not kept, so all of "
                    "them are left out."
                ),
            ),
            (
                "作废、重复上报、没有时限和申诉过的案件不计入。",
                "Void and duplicate reports, cases without a limit and appealed ones are left out.",
            ),
        ),
        clock="limit",
    ),
)
CITIZENS: Final = (
    replace(
        _share(
            "response_rate",
            ("响应率", "Answered within 24 h", "响应", "Answered"),
            ("responded_on_time", "response_due"),
            (
                (
                    "派遣后 24 小时内接单（或到场、处置、结案）的案件数除以应响应案件数；"
                    "满 24 小时未响应的即时计为未响应。"
                ),
                (
                    "Cases taken up by the department (or reached, resolved, closed) "
                    "within 24 hours "
                    "of the dispatch, out of those answered or sent longer ago."
                ),
            ),
            (
                "作废、重复上报和未派遣的案件不计入。",
                "Void and duplicate reports and cases not dispatched are left out.",
            ),
        ),
        clock="minutes",
    ),
    _share(
        "settled_rate",
        ("解决率", "Settled", "解决", "Settled"),
        ("resolved", "reported"),
        (
            "已解决的案件数除以上报的案件数，尚在办理的计入分母。",
            "Cases settled out of all reported; those still in hand count as not settled.",
        ),
    ),
    replace(
        _share(
            "community_rate",
            ("社区及以下解决率", "Settled in the community", "社区解决", "Community"),
            ("settled_1", "settled_1"),
            (
                "在网格或社区解决的案件数除以已解决案件数。",
                "Cases settled by grid or community, out of those settled.",
            ),
            (
                "作废、重复上报、未解决和解决层级不明的案件不计入。",
                "Void, duplicate, unsettled cases and unknown levels are left out.",
            ),
        ),
        denominator=SETTLED,
        counted=SETTLED,
    ),
)
CHECKS: Final = (
    _share(
        "verified_rate",
        ("核查率", "Checked", "核查", "Checked"),
        ("verified", "closed"),
        (
            "结案前有核查记录的案件数除以已结案件数。",
            "Cases with a check on record, out of those closed.",
        ),
    ),
    _share(
        "accepted_rate",
        ("受理率", "Accepted", "受理", "Accepted"),
        ("accepted", "reported"),
        ("已立案的案件数除以有效上报数。", "Cases accepted out of valid reports."),
    ),
)
_CHECK: Final = {metric.key: metric for metric in CHECKS}
DIVIDED: Final = (  # by what else cities divide
    _divided(
        _OF["reopened_rate"],
        "reopened_of_closed_rate",
        "closed",
        ("返工率（占结案）", "Reopened, of closed"),
        (
            "被退回重新办理的案件数除以已结案件数。",
            "Cases sent back to be done again, out of those closed.",
        ),
    ),
    _divided(
        _OF["satisfaction"],
        "satisfied_of_settled_rate",
        "resolved",
        ("满意率（占办结）", "Satisfied, of settled"),
        (
            "回访评价为满意或非常满意的案件数除以已办结案件数，未回访的计为不满意。",
            (
                "Callers who were satisfied, out of all cases settled; whoever was "
                "not asked counts as "
                "not satisfied."
            ),
        ),
    ),
    _divided(
        _CHECK["verified_rate"],
        "verified_of_reported_rate",
        "reported",
        ("核查率（占上报）", "Checked, of reported"),
        (
            "有核查记录的已结案件数除以有效上报数。",
            "Closed cases that were checked, out of valid reports.",
        ),
    ),
    replace(
        _divided(
            _CHECK["accepted_rate"],
            "accepted_of_all_rate",
            "came",
            ("受理率（占全部上报）", "Accepted, of everything reported"),
            (
                "已立案的有效案件数除以全部上报数，含作废和重复上报。",
                "Valid cases accepted, out of all reports, void and duplicate ones included.",
            ),
        ),
        exclusions_zh="不剔除案件。",
        exclusions_en="Nothing is left out.",
    ),
)
DISCOVERY: Final = (
    replace(
        _OF["arrival_median_min"],
        key="discovery_median_min",
        name_zh="发现用时中位数",
        name_en="Median time to discovery",
        short_zh="发现中位",
        short_en="Discovery",
        numerator=("discovery_median_min",),
        counted=("discovery_n",),
        definition_zh="第一时间发现：从事发到上报的分钟数的中位数。",
        definition_en="Median of the minutes from occurrence to report.",
        exclusions_zh="作废、重复上报和没有事发时间的案件不计入。",
        exclusions_en="Void and duplicate reports and cases with no known occurrence are left out.",
    ),
)
ALL: Final = (*ON_TIME, *CITIZENS, *CHECKS, *DIVIDED, *DISCOVERY)
