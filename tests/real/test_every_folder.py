"""No folder of real data is without a test that reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.real


def test_every_folder_has_a_test(real_data: Path) -> None:
    here = Path(__file__)
    tests = [p.read_text(encoding="utf-8") for p in here.parent.glob("test_*.py") if p != here]
    folders = {path.name for path in real_data.iterdir() if path.is_dir()}
    assert folders
    assert {name for name in folders if not any(name in text for text in tests)} == set()
