"""Folders of files as a city would hand them over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.geodata.wizard.sample import boundaries, cases, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Folder of an invented district: three levels, departments, cases written in GBK."""
    folder = tmp_path / "试验区导出"
    folder.mkdir()
    boundaries(folder)
    table(
        folder / "部门.csv",
        [{"编码": "cg", "名称": "城管执法局"}, {"编码": "sw", "名称": "水务局"}],
    )
    table(folder / "案件.csv", cases(), "gb18030")
    return folder


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, list[dict[str, object]]], Path]:
    """Write a table into a fresh folder."""

    def write(name: str, rows: list[dict[str, object]], encoding: str = "utf-8") -> Path:
        return table(tmp_path / name, rows, encoding)

    return write
