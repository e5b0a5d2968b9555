"""Only what differs is written to what arrived."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.overlay import Overlay
from geodata.model.schemas import INCIDENTS
from geodata.warehouse.session import NOTHING, differences

STATES = st.dictionaries(
    st.integers(0, 8), st.tuples(st.sampled_from([0.0, 1.0, np.nan]), st.sampled_from(["a", "b"]))
)


def state(cases: dict[int, tuple[float, str]]) -> Overlay:
    columns = {
        name: np.zeros(len(cases), object if kind == "string" else kind.lower())
        for name, kind in INCIDENTS.items()
    }
    columns["id"] = np.array(list(cases), np.int64)
    columns["lon"] = np.array([lon for lon, _ in cases.values()], np.float32)
    columns["key"] = np.array([key for _, key in cases.values()], object)
    return Overlay("", columns)


@given(before=STATES, after=STATES)
def test_differences_make_one_state_of_another(
    before: dict[int, tuple[float, str]], after: dict[int, tuple[float, str]]
) -> None:
    wanted = state(after)
    gone, written = differences(state(before), wanted)
    ids = wanted.columns["id"][written].tolist()
    assert len(set(ids)) == len(ids)
    kept = {key: value for key, value in before.items() if key not in set(gone.tolist())}
    assert not set(kept) & set(ids)
    made = kept | {key: after[key] for key in ids}
    assert pd.DataFrame(made).sort_index(axis=1).equals(pd.DataFrame(after).sort_index(axis=1))
    same = [k for k in after if k in before and str(after[k]) == str(before[k])]
    assert not set(same) & (set(ids) | set(gone.tolist()))  # nothing is written in vain


def test_the_first_state_is_written_whole() -> None:
    gone, written = differences(NOTHING, state({3: (1.0, "a"), 1: (np.nan, "b")}))
    assert len(gone) == 0
    assert written.tolist() == [0, 1]
