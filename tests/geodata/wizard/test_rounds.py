from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from geodata.wizard import Budget, Fault, look_folder, rounds
from geodata.wizard.purse import Purse
from geodata.wizard.reading import LIMITS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_folder_leaves_out_what_is_no_data(exported: Path) -> None:
    (exported / "LICENSE.txt").write_text("x", encoding="utf-8")
    (exported / "说明.docx").write_bytes(b"x")
    names = [each.name for each in look_folder(exported)]
    assert names == sorted(names)
    assert {"区.geojson", "街道.geojson", "网格.geojson", "部门.csv", "案件.csv"} == set(names)


def test_every_layer_of_a_file_is_looked_at(tmp_path: Path, exported: Path) -> None:
    import geopandas as gpd  # noqa: PLC0415 (only this test writes with it)

    folder = tmp_path / "layers"
    folder.mkdir()
    for name, layer in (("区", "district"), ("网格", "grid")):
        gpd.read_file(exported / f"{name}.geojson").to_file(folder / "all.gpkg", layer=layer)
    found = look_folder(folder)
    assert [each.name for each in found] == ["all.gpkg#district", "all.gpkg#grid"]
    assert [each.rows for each in found] == [1, 6]


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    folder.mkdir()
    with zipfile.ZipFile(folder / "x.zip", "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return folder


def test_an_encoding_chosen_for_a_layer_is_used(tmp_path: Path) -> None:
    text = "名称,说明\n东风,街道\n".encode("gb18030")
    folder = archive(tmp_path / "in", {"a.csv": text, "b.csv": text})
    before = [each.encoding for each in look_folder(folder)]
    for name in ("x.zip#a.csv", "x.zip#b.csv"):
        found = look_folder(folder, encodings={name: "big5"})
        assert [each.name for each in found] == ["x.zip#a.csv", "x.zip#b.csv"]
        changed = [e.name for e, was in zip(found, before, strict=True) if e.encoding != was]
        assert changed == [name]


def test_a_file_of_very_many_layers_is_looked_at_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST_LAYERS", 2)
    folder = archive(tmp_path / "in", {f"{name}.csv": b"a\n1\n" for name in "abc"})
    *found, rest = look_folder(folder)
    assert [each.name for each in found] == ["x.zip#a.csv", "x.zip#b.csv"]
    assert rest.name == "x.zip"
    assert rest.fault == Fault("too_many_layers", "has 3 layers, of which 2 are looked at")


def test_small_files_do_not_wait_behind_large_ones(tmp_path: Path) -> None:
    for name, rows in (("a", 900), ("b", 1), ("c", 90)):
        (tmp_path / f"{name}.csv").write_text("id\n" + "1\n" * rows)
    order: list[str] = []
    found = look_folder(tmp_path, progress=lambda name, _: order.append(name))
    assert order == ["b.csv", "c.csv", "a.csv"]
    assert [each.name for each in found] == ["a.csv", "b.csv", "c.csv"]


def test_all_files_together_are_bounded(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("id\n1\n")
    first, second = look_folder(tmp_path, budget=Budget(bytes=7))
    assert first.fault is None
    assert second.fault
    assert second.fault.reason == "looks_too_large"
    late = look_folder(tmp_path, budget=Budget(seconds=0))
    assert [each.fault.reason for each in late if each.fault] == ["looks_too_long"] * 2


def test_a_file_is_not_blamed_for_the_time_of_all() -> None:
    now = 0.0
    purse = Purse(Budget(seconds=100), lambda: now)
    slow = Fault("too_slow", "takes longer than 100 s to read")
    assert purse.limits(LIMITS).seconds == 100
    assert purse.fair(slow) == slow
    now = 101.0
    blamed = purse.fair(slow)
    assert blamed
    assert blamed.reason == "looks_too_long"
    assert purse.fair(None) is None
