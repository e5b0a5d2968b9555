"""How the rows of a table are put in order."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.screens.overview.columns import ordered
from geodata.ingest.reading import reading


@given(st.lists(st.sampled_from(["", "碧亭", "碧庭", "第2", "第10", "a"]), max_size=8))
def test_either_way_empty_texts_stand_last_and_equals_keep_their_order(texts: list[str]) -> None:
    frame = pd.DataFrame({"名称": texts, "at": range(len(texts))})
    frame.attrs["keys"] = ["name", "at"]
    for sort in ("name", "-name"):
        found = ordered(frame, sort)
        given_ = [text for text in found["名称"] if text]
        assert found["名称"].tolist() == given_ + [""] * (len(texts) - len(given_))
        assert given_ == sorted(given_, key=reading, reverse=sort == "-name")
        for _, rows in found.groupby("名称"):
            assert rows["at"].is_monotonic_increasing


def test_a_text_that_is_not_known_is_no_word() -> None:
    frame = pd.DataFrame({"名称": ["第10", None, "第2"]})
    frame.attrs["keys"] = ["name"]
    found = ordered(frame, "name")["名称"]
    assert (found.tolist()[:2], pd.isna(found.iloc[-1])) == (["第2", "第10"], True)


def test_a_moment_that_is_not_known_stands_last_in_either_order() -> None:
    moments = pd.to_datetime(["2026-11-02 09:00", None, "2026-11-01 10:00"])
    frame = pd.DataFrame({"到场": moments})
    frame.attrs["keys"] = ["case_arrived"]
    assert ordered(frame, "case_arrived").index.tolist() == [2, 0, 1]
    assert ordered(frame, "-case_arrived").index.tolist() == [0, 2, 1]
