"""From which atom each atom was cut: cuts only ever add atoms behind those that there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]


def uncut(size: int) -> Ints:
    """The parents of a ground that nobody has cut: each atom is its own."""
    return np.arange(size, dtype=np.int32)


def ancestors(parents: Ints, size: int) -> Ints:
    """By atom, the one of the first `size` that it was cut from, itself if it is one of these."""
    found = np.arange(len(parents), dtype=np.int32)
    while (late := found >= size).any():
        found[late] = parents[found[late]]
    return found
