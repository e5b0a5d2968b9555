"""The limits of a city's matters, by row of the matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geodata.model.calendar import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Limits:
    """Amount and kind (row of `KINDS`) by row of the matter; the last is of no matter."""

    amount: npt.NDArray[np.float64]
    kind: npt.NDArray[np.int8]

    @classmethod
    def of(cls, amounts: Iterable[Any], kinds: Iterable[Any]) -> Limits:
        """Take the columns `limit` and `limit_kind` of `matters`."""
        rows = [KINDS.index(kind) for kind in kinds]
        return cls(np.array([*map(float, amounts), 0.0]), np.array([*rows, 0], np.int8))
