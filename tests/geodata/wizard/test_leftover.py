"""Columns that nothing uses are named, and so are deadlines that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.wizard import Choice, Draft, changed, guess, look_folder, toml, unused_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Writes = Callable[[str, list[dict[str, object]]], Path]


def drafted(written: Writes, **columns: Sequence[str]) -> Draft:
    """A draft of a file of cases with these columns besides its own."""
    rows: list[dict[str, object]] = [
        {
            "案件编号": f"A{n:03}",
            "上报时间": f"2026-11-{n + 1:02} 08:00:00",
            **{name: cells[n % len(cells)] for name, cells in columns.items()},
        }
        for n in range(12)
    ]
    looks = look_folder(written("案件.csv", rows).parent)
    return guess(looks, [Choice("案件.csv", "role", "incidents")])


@pytest.mark.parametrize(
    "name",
    [
        "办理时限", "处置时限", "办结时限", "截止时间", "应办结时间", "处置截止时间", "应结案时间",
        "due_date", "SLA due", "SLA Due Date", "Target Date",
    ],
)  # fmt: skip
def test_a_deadline_is_known_by_many_names(written: Writes, name: str) -> None:
    draft = drafted(written, **{name: ["2026-12-01 18:00:00", "2026-12-02 18:00:00"]})
    assert draft.files[0].column("due") == name
    assert not any(name in question.zh for question in draft.questions)


@pytest.mark.parametrize("cells", [("24", "48"), ("24小时", "3个工作日"), ("2 days", "1 day")])
def test_a_span_of_time_is_no_deadline_and_that_is_told(
    written: Writes, cells: tuple[str, str]
) -> None:
    draft = drafted(written, 办理时限=cells)
    assert "办理时限" not in [guess.value for _, guess in draft.files[0].columns]
    (asked,) = [question for question in draft.questions if question.column == "办理时限"]
    assert cells[0] in asked.zh
    assert "limit_kind" in asked.en
    assert not asked.must


def test_columns_that_nothing_uses_are_named(written: Writes) -> None:
    draft = drafted(written, 备注=["甲说", "乙说", "丙说"], 空列=[""], 标签=["一", "二"])
    (plan,), (look,) = draft.files, draft.looks
    assert unused_columns(plan, look) == ("备注", "标签")
    assert "# 未使用的列：备注, 标签\n" in toml(draft, language="zh")
    assert "# Columns not used: 备注, 标签\n" in toml(draft, language="en")
    used = changed(draft, [Choice("案件.csv", "column:category", "标签")])
    assert unused_columns(used.files[0], look) == ("备注",)
    none = changed(draft, [Choice("案件.csv", "role", "unused")])
    assert unused_columns(none.files[0], look) == ()
