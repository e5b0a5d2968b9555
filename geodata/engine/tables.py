"""Rows of counts put into tables as grouping sets give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.engine.answer import Columns

    Floats = npt.NDArray[np.float64]


def codes(table: npt.NDArray[np.generic]) -> Floats:
    """Keys of a table by code + 1."""
    return np.arange(-1, len(table) - 1, dtype=np.float64)


def kind_of(kind: int, keys: Floats, columns: Columns) -> Columns:
    """Rows of one grouping set, those without anything left out."""
    some = np.any([np.nan_to_num(column) != 0 for column in columns.values()], axis=0)
    some |= len(keys) == 1
    return {"kind": np.full(int(some.sum()), float(kind)), "key": keys[some]} | {
        name: column[some] for name, column in columns.items()
    }


def stacked(parts: Sequence[Columns]) -> Columns:
    """Rows of several tables under each other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
