from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geodata.model.footers import newest_moment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_footer_tells_the_newest_moment_or_that_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "2026-11.parquet"
    frame = pd.DataFrame({"reported": pd.array([5, 9], dtype="UInt32"), "due": [50, 90]})
    frame.to_parquet(path)
    assert newest_moment(path, ("reported",)) == 9
    assert newest_moment(path, ("closed",)) == 0
    frame.to_parquet(path, write_statistics=False)
    assert newest_moment(path, ("reported",)) is None
