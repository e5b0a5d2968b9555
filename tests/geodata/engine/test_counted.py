"""The same matter again from the same building, however many buildings and matters there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.engine.counted import repeated

NEVER = 2**32 - 1


@pytest.mark.parametrize("far", [1, 400_000])
def test_what_comes_again_soon_after_its_closing_is_found(far: int) -> None:
    site = np.array([far, far, far, 2 * far, 2 * far, 3 * far])
    matter = np.array([9_000, 9_000, 0, 5, 5, 5])
    came = np.array([100, 250, 250, 100, 301, 200])
    closed = np.array([200, NEVER, 400, 200, NEVER, 300])
    assert repeated(site, matter, came, closed, 100).tolist() == [True] + [False] * 5
    assert (
        repeated(site, matter, came, closed, 101).tolist()
        == [True, False, False, True] + [False] * 2
    )


@given(st.data())
def test_every_pair_is_looked_at(data: st.DataObject) -> None:
    """Whatever the moments, closings before their reports included."""
    moments = st.one_of(st.integers(0, 40), st.just(NEVER))
    case = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 40), moments)
    cases = data.draw(st.lists(case, max_size=25))
    columns = np.array(cases, dtype=np.int64).reshape(-1, 4).T
    wanted = [
        any(s == site and m == matter and closed < c <= closed + 5 for s, m, c, _ in cases)
        for site, matter, _, closed in cases
    ]
    assert repeated(*columns, 5).tolist() == wanted


def test_of_nothing_nothing_comes_again() -> None:
    none = np.empty(0, np.int64)
    assert repeated(none, none, none, none, 100).tolist() == []
