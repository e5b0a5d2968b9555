from __future__ import annotations

from pathlib import Path

import pytest

from geodata.paper import fonts, typeset
from geodata.paper.errors import FontError


def test_usual_folders_are_searched_for_files_of_the_families(tmp_path: Path) -> None:
    for name in ("a/b/NotoSansCJK-Regular.ttc", "c/Comic.ttf", "d/wqy-zenhei.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.touch()
    assert fonts.folders(None, [str(tmp_path)]) == [str(tmp_path / "a/b")]


def test_the_folder_of_the_setting_is_the_only_one(tmp_path: Path) -> None:
    (tmp_path / "own.otf").touch()
    assert fonts.folders(tmp_path) == [str(tmp_path)]


def test_without_a_font_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="fonts-noto-cjk"):
        fonts.folders(None, [str(tmp_path), str(tmp_path / "gone")])
    with pytest.raises(FontError, match="YIPING_FONTS"):
        fonts.folders(tmp_path)


def test_files_that_are_no_font_are_no_font(tmp_path: Path) -> None:
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"nothing")
    with pytest.raises(FontError, match="fonts-noto-cjk"):
        typeset.pdf(typeset.Sheet(Path(__file__), {}, 0), tmp_path)
