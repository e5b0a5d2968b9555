"""A scheme that nobody can count is refused before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.model.errors import ProfileError
from geodata.model.profile import read_profile
from geodata.publish.imports import imported

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = """
key = "x"
name_zh = "某区"
name_en = "X"

[[levels]]
key = "district"
name_zh = "区"
name_en = "district"
sources = [{ path = "lost.geojson" }]

[[schemes]]
key = "own"
name_zh = "本区方案"
name_en = "Our own"

[[schemes.parts]]
metric = "speed"
weight = 1
"""


def test_a_scheme_of_unknown_metrics_stops_an_import(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(PROFILE, "utf-8")
    assert read_profile(path).schemes[0].parts[0].metric == "speed"
    with pytest.raises(ProfileError, match="scheme own: metric 'speed' is not in the registry"):
        imported(path, tmp_path, tmp_path)
