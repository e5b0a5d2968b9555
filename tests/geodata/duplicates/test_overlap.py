from __future__ import annotations

import numpy as np

from geodata.duplicates import overlap


def test_matters_by_pair_of_sources() -> None:
    cases = np.array([5, 1, 2, 3, 4, 9, 8])
    source = np.array([0, 0, 1, 1, 2, 2, 2])
    # 2 repeats 1, 4 repeats 2 and so 1; 8 repeats what nobody knows.
    found = overlap(cases, source, np.array([2, 4, 8]), np.array([1, 2, 77]), 4)
    assert found.tolist() == [[2, 1, 1, 0], [1, 2, 1, 0], [1, 1, 3, 0], [0, 0, 0, 0]]


def test_two_reports_of_one_source_are_one_matter() -> None:
    found = overlap(np.array([1, 2]), np.array([0, 0]), np.array([2]), np.array([1]), 2)
    assert found.tolist() == [[1, 0], [0, 0]]


def test_nothing_in_common() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert overlap(np.array([1, 2]), np.array([0, 1]), none, none, 2).tolist() == [[1, 0], [0, 1]]
    assert overlap(none, none, none, none, 2).tolist() == [[0, 0], [0, 0]]
