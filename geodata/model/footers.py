"""What the footer of a Parquet file tells without a look at its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def newest_moment(path: Path, columns: Collection[str]) -> int | None:
    """The latest value of some columns, 0 without any; None where the footer does not tell."""
    footer = pq.read_metadata(path)
    tops = [0]
    for group in range(footer.num_row_groups):
        row_group = footer.row_group(group)
        for number in range(row_group.num_columns):
            column = row_group.column(number)
            if column.path_in_schema not in columns:
                continue
            if column.statistics is None:
                return None
            if column.statistics.has_min_max:
                tops.append(int(column.statistics.max))
    return max(tops)
