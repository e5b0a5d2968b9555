"""Paths of a profile: what a variable means, and what counts from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.ingest.files import expand
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "${YIPING_REAL_DATA:-../../../shared/data}/town"


def test_a_relative_path_from_a_variable_counts_from_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIPING_REAL_DATA", "../shared/data")
    found = tmp_path / "geodata" / "profiles" / expand(TEXT)
    assert found.resolve() == tmp_path.parent / "shared" / "data" / "town"


def test_a_whole_path_from_a_variable_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIPING_REAL_DATA", "/srv/data")
    assert expand(TEXT) == "/srv/data/town"


def test_a_fallback_counts_from_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIPING_REAL_DATA", raising=False)
    assert expand(TEXT) == "../../../shared/data/town"


def test_a_variable_inside_a_path_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEAR", "2019")
    assert expand("cases-${YEAR}.csv") == "cases-2019.csv"


def test_a_variable_without_value_or_fallback_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIPING_REAL_DATA", raising=False)
    with pytest.raises(ImportRefusedError, match="YIPING_REAL_DATA"):
        expand("${YIPING_REAL_DATA}/town")
