"""Longitude and latitude written the wrong way round, and encodings that are told as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.formats.sheet import LIMITS
from geodata.wizard import guess, look
from geodata.wizard.spots import swapped

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.wizard.draft import Draft

HEAD = "案件编号,上报时间,案件类别,经度,纬度\n"


def drafted(folder: Path, lon: str, lat: str, encoding: str = "utf-8") -> Draft:
    rows = "".join(
        f"A{n},2026-01-{n % 27 + 1:02} 08:{n % 60:02},占道经营,{lon}{n:02},{lat}{n:02}\n"
        for n in range(60)
    )
    path = folder / "案件.csv"
    path.write_bytes((HEAD + rows).encode(encoding))
    return guess([look(path, LIMITS, folder=folder)])


def test_exchanged_coordinates_are_told_before_the_trial(tmp_path: Path) -> None:
    draft = drafted(tmp_path, "39.9", "116.4")
    (plan,) = draft.files
    assert "写反" in plan.crs.zh
    assert any(
        each.must and "写反" in each.zh and "exchanged" in each.en for each in draft.questions
    )
    assert not draft.ready


def test_coordinates_the_right_way_round_are_not_asked_about(tmp_path: Path) -> None:
    draft = drafted(tmp_path, "116.4", "39.9")
    assert draft.files[0].crs.value
    assert not any("写反" in each.zh for each in draft.questions)


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        ((39.0, 116.0, 40.0, 117.0), True),
        ((116.0, 39.0, 117.0, 40.0), False),
        ((-10.0, 20.0, 30.0, 60.0), False),
        ((39.0, 400.0, 40.0, 500.0), False),
    ],
)
def test_a_box_is_exchanged_only_where_the_other_way_makes_sense(
    box: tuple[float, float, float, float],
    wanted: bool,  # noqa: FBT001
) -> None:
    assert swapped(box) is wanted


def test_a_file_of_chinese_is_not_called_plain_letters(tmp_path: Path) -> None:
    assert "英文字母" not in drafted(tmp_path, "116.4", "39.9").files[0].encoding.zh
    assert "utf-8" in drafted(tmp_path, "116.4", "39.9", "utf-8-sig").files[0].encoding.zh
    path = tmp_path / "cases.csv"
    path.write_text("id,reported_at,category\n1,2026-01-01 08:00,noise\n")
    assert "英文字母" in guess([look(path, LIMITS, folder=tmp_path)]).files[0].encoding.zh
