"""Cases as columns: a stretch of time, with what arrived live in place of what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata.model.overlay import Overlay, Settled
from geodata.model.schemas import INCIDENTS, MOMENTS
from geodata.store.months import MonthWriter
from geodata.store.reports import read_reports

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("id", "reported", "voided", "lon", "matter")
LIMITS = {"site": 9, "category": 9}


def rows(ids: list[int], reported: list[int]) -> dict[str, np.ndarray]:
    kinds = {"UInt32": "uint32", "string": "object"}
    made = {n: np.zeros(len(ids), kinds.get(kind, kind)) for n, kind in INCIDENTS.items()}
    made["key"] = np.array([str(n) for n in ids], dtype=object)
    return made | {"id": np.array(ids), "reported": np.array(reported, dtype=np.uint32)}


def month(folder: Path, ids: list[int], reported: list[int]) -> list[Path]:
    writer = MonthWriter(folder, LIMITS)
    frame = pd.DataFrame(rows(ids, reported))
    for moment in set(MOMENTS) - {"reported"}:
        frame[moment] = pd.array([pd.NA] * len(frame), dtype="UInt32")
    writer.add(frame)
    return [folder / f"{name}.parquet" for name in writer.finish()]


def test_only_the_stretch_is_read_and_unknown_moments_are_nought(tmp_path: Path) -> None:
    paths = month(tmp_path, [1, 2, 3], [100, 200, 300])
    (found,) = read_reports(paths, NAMES, 150, 250)
    assert found["id"].tolist() == [2]
    assert found["voided"].tolist() == [0]
    assert not list(read_reports([], NAMES, 0, 1))


def test_what_arrived_replaces_what_was_published(tmp_path: Path) -> None:
    paths = month(tmp_path / "published", [1, 2, 3], [100, 200, 300])
    settled = month(tmp_path / "settled", [2, 8, 9], [210, 220, 230])
    live = Overlay(
        "v",
        rows([3, 9], [310, 240]),
        Settled(tuple(settled), (), np.array([2]), 210),
        np.array([9]),
    )
    found = [
        pair
        for part in read_reports(paths, NAMES, 0, 1000, live)
        for pair in zip(part["reported"].tolist(), part["id"].tolist(), strict=True)
    ]
    assert sorted(found) == [
        (100, 1), (210, 2), (220, 8), (240, 9), (310, 3),
    ]  # fmt: skip
