from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geodata.bench.cities import borrowed, made_up
from geodata.demo import city as demo
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny, tiny

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from geodata.store.snapshots import City


def quiet(_step: str, _share: float) -> None:
    """Tell nobody."""


def files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_borrowed_city_is_the_same_and_leaves_nothing(city: City) -> None:
    before = files(city.data_dir)
    with borrowed(city) as folder:
        same = open_city(folder)
        assert same.id == city.id
        assert [path.stat().st_size for path in same.incident_files()] == [
            path.stat().st_size for path in city.incident_files()
        ]
        columns = sorted((folder / "columns" / city.id).iterdir())
        assert columns
        for path in (columns[0], next((folder / "keys").rglob("*.npy"))):
            path.unlink()
            path.write_bytes(b"made anew")
        (folder / "journal").mkdir()
    assert not folder.exists()
    assert files(city.data_dir) == before


def test_a_city_is_made_once_and_again_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def draft(scale: str, *_: object) -> tuple[Any, None]:
        made.append(scale)
        return tiny(), None

    monkeypatch.setattr(demo, "demo_draft", draft)
    folder = tmp_path / "district"
    first = made_up(folder, "district", quiet)
    assert made_up(folder, "district", quiet).id == first.id
    assert made == ["district"]
    meta = first.folder / "meta.json"
    meta.write_text(json.dumps(first.meta | {"built": 0}), encoding="utf-8")
    assert made_up(folder, "district", quiet).meta["built"] > 0
    assert made == ["district", "district"]


def test_columns_are_there_before_anything_is_measured(tmp_path: Path) -> None:
    publish_tiny(tmp_path)
    for path in (tmp_path / "columns").rglob("*.col"):
        path.unlink()
    found = made_up(tmp_path, "district", quiet)
    names = {path.stem for path in (tmp_path / "columns" / found.id).glob("*.col")}
    assert names == {path.stem for path in found.incident_files()}
