from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

from geodata.store import particulars
from geodata.store.particulars import Particulars

if TYPE_CHECKING:
    from pathlib import Path

PHONE = "13912345678"


def cases(first: int, count: int) -> pd.DataFrame:
    return pd.DataFrame({"id": range(first, first + count), "phone": PHONE})


def test_they_are_written_as_they_come_in_groups_that_are_quick_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(particulars, "HELD_ROWS", 8)
    monkeypatch.setattr(particulars, "ROW_GROUP", 4)
    paths = tmp_path / "particulars.parquet", tmp_path / "sealed" / "particulars.parquet"
    with Particulars(tmp_path) as made:
        made.add(cases(0, 3))
        assert not any(path.exists() for path in paths)
        for first in (3, 6, 9, 12):
            made.add(cases(first, 3).iloc[::-1])
    for path, shown in zip(paths, ("139****5678", PHONE), strict=True):
        groups = pq.ParquetFile(path).metadata
        sizes = [groups.row_group(n).num_rows for n in range(groups.num_row_groups)]
        assert (sum(sizes), max(sizes)) == (15, 4)
        whole = pd.read_parquet(path)
        assert whole["id"].tolist() == list(range(15))
        assert set(whole["phone"]) == {shown}
        assert particulars.of(path, [13, 2]).index.tolist() == [2, 13]
    assert paths[1].stat().st_mode & 0o777 == 0o600
    assert paths[1].parent.stat().st_mode & 0o777 == 0o700


def test_where_nobody_is_known_there_is_no_file(tmp_path: Path) -> None:
    with Particulars(tmp_path) as made:
        made.add(cases(0, 3).drop(columns="phone"))
        made.add(cases(3, 3).assign(phone=""))
    assert list(tmp_path.iterdir()) == []


def test_a_publication_that_fails_closes_what_it_had_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(particulars, "HELD_ROWS", 2)

    def failing() -> None:
        with Particulars(tmp_path) as made:
            made.add(cases(0, 3))
            made.add(cases(3, 1))
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert pq.read_table(tmp_path / "particulars.parquet").num_rows == 3
