from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata.demo.callers import DAYS, with_callers
from geodata.demo.codes import read_codes
from geodata.duplicates import in_common
from geodata.model.periods import DAY
from geodata.model.personal import mask
from geodata.model.schemas import PERSONAL, TOLD
from tests.geodata.demo.conftest import UNTIL, make_arranged

if TYPE_CHECKING:
    from geodata.demo.plan import Plan


def test_the_newest_cases_have_words_the_same_for_the_same_seed(plan: Plan) -> None:
    truth: list[pd.DataFrame] = []
    days = [UNTIL - timedelta(days=back) for back in (DAYS + 3, 2, 1)]
    cases = plan.casebook("district").days(days, truth)
    end = plan.world.midnight(UNTIL)
    arranged = make_arranged()
    arranged.places["name_zh"] = "一网格"
    arranged.buildings["name_zh"] = "晴青小区一栋"
    matters = read_codes().tables["matters"]
    told = with_callers(cases, arranged, matters, 7, end)
    pd.testing.assert_frame_equal(told, with_callers(cases, arranged, matters, 7, end))
    assert not told["phone"].equals(with_callers(cases, arranged, matters, 8, end)["phone"])
    old = cases["reported"].to_numpy(np.int64) < end - DAYS * DAY
    assert old.any()
    assert (told.loc[old, list(TOLD)] == "").all(axis=None)
    assert (told.loc[~old, ["reporter", "phone", "address", "text"]] != "").all(axis=None)
    _is_masked_whole(told.loc[~old].head(500))
    _twins_share_words(told.set_index("id"), pd.concat(truth))


def _is_masked_whole(told: pd.DataFrame) -> None:
    """No telephone and no identity number is left in what everybody may see."""
    for row in told[list(TOLD)].to_dict("records"):
        shown = " ".join(mask(kind, row[name]) for name, kind in PERSONAL["particulars"].items())
        assert row["phone"] not in shown
        assert not row["id_number"] or row["id_number"] not in shown


def _twins_share_words(told: pd.DataFrame, truth: pd.DataFrame) -> None:
    known = truth[truth["id"].isin(told.index) & truth["first"].isin(told.index)]
    both = [(told.loc[a], told.loc[b]) for a, b in known[["id", "first"]].to_numpy()]
    same = [(a, b) for a, b in both if a["text"] and b["text"] and a["matter"] == b["matter"]]
    share = np.mean([bool(in_common(a["text"], b["text"], known="晴青小区一栋")) for a, b in same])
    assert len(same) > 20
    assert share > 0.6
