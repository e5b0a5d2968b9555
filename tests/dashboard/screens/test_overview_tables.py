"""Tables: whole counts, the change against the norm, parents, and what rests on too few cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dashboard.place import Place
from dashboard.screens.overview import tables
from dashboard.server.export import to_csv

if TYPE_CHECKING:
    from types import SimpleNamespace


def test_counts_are_whole_numbers_in_a_file(live: SimpleNamespace) -> None:
    frame = tables.table("map", Place(level="street"), live)
    rows = to_csv(frame, []).splitlines()
    assert rows[0].startswith("\ufeff名称,编号,受理（件）,常态（件）,较常态（%）")
    assert rows[1].startswith("鹤湾街道,9901001,1879,400.0,369.8,17.4,300,65,130,")


def test_a_community_tells_its_street(live: SimpleNamespace) -> None:
    frame = tables.table("map", Place(), live)
    assert frame["所属"].iloc[0] == "鹤湾街道"
    assert frame["所属"].iloc[-1] == ""
    assert "所属" not in tables.table("map", Place(level="street"), live)


def test_small_samples_are_marked_and_not_ranked(live: SimpleNamespace) -> None:
    unknown = tables.table("map", Place(), live).iloc[-1]
    assert pd.isna(unknown["较常态（%）"])
    assert unknown["备注"] == "受理不足\u200920\u2009件 · 到场样本不足\u200920\u2009件"


def test_enough_cases_carry_no_remark(live: SimpleNamespace) -> None:
    assert tables.table("map", Place(), live).iloc[0]["备注"] == ""


@pytest.mark.parametrize("panel", sorted(tables.PANELS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_note_breaks_its_line(live: SimpleNamespace, panel: str, language: str) -> None:
    frame = tables.table(panel, Place(language=language), live)
    told = [*frame.attrs["definitions"], *(text for note in frame.attrs["notes"] for text in note)]
    assert all(told)
    assert not [text for text in told if "\n" in text or "{" in text]


def test_notes_tell_place_period_filters_and_moment(live: SimpleNamespace) -> None:
    place = Place(at="9901001", period="24h", categories=("k1",), departments=("k0",))
    notes = dict(tables.table("categories", place, live).attrs["notes"])
    assert notes["范围"] == "鹤湾街道 9901001"
    assert notes["时段"].replace("\u2009", " ") == (
        "近 24 小时（2026-11-20 14:31 至 2026-11-21 14:31）"
    )
    assert notes["筛选"] == "类别：物业服务；部门：城管执法局"
    assert notes["统计时点"] == "2026-11-21 14:31"


def test_norm_and_sample_are_defined(live: SimpleNamespace) -> None:
    told = "\n".join(tables.table("map", Place(), live).attrs["definitions"])
    for name in ("常态：", "较常态：", "到场 n："):
        assert name in told.replace("\u2009", " ")


def test_shares_of_a_whole_add_up(live: SimpleNamespace) -> None:
    assert tables.table("settlement", Place(), live)["占比（%）"].sum() == pytest.approx(100)
