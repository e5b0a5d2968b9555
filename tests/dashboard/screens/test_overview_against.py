"""Norms as texts."""

from __future__ import annotations

from dashboard.screens.overview import against


def test_norms_of_one_list_have_the_same_decimals() -> None:
    assert [against.written(norm) for norm in (160.2, 1.0)] == ["160", "1.0"]
    norms = [160.2, 1.0, 125.0]
    assert [against.written(norm, norms) for norm in norms] == ["160.2", "1.0", "125.0"]
    assert against.written(160.2, norms[::2]) == "160"
