"""To whom cases that came back had first been dispatched: who is taken for whom, planted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.demo.codes import Codes

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Column = npt.NDArray[np.float32]

# Weight of the department that is taken for another, by that other; 1 = of any two.
TAKEN_FOR: Final = {
    ("urban", "housing"): 24.0,
    ("housing", "urban"): 30.0,
    ("market", "urban"): 12.0,
    ("urban", "market"): 6.0,
    ("ecology", "urban"): 8.0,
    ("urban", "ecology"): 6.0,
    ("water", "housing"): 10.0,
    ("ecology", "water"): 9.0,
    ("police", "urban"): 5.0,
    ("fire", "emergency"): 8.0,
}
# Matters that nearly always go to the wrong one first, to whom, and how much oftener they return.
NOTORIOUS: Final = {"small_ads": "market", "rubbish_pile": "housing"}
OFTENER: Final = 3.0
SAME: Final = 0.12  # share of those returned that the same department gets once more


def first_sent(codes: Codes, matter: Ints, chance: Column) -> Ints:
    """Rows of the departments first sent to, of returned cases; chance: uniform numbers."""
    keys = codes.departments["key"].tolist()
    choice = np.cumsum(confusion(keys), axis=1)
    final: Ints = codes.department[matter]
    drawn = np.clip((chance - SAME) / (1 - SAME), 0, 1 - 1e-6)
    found = (drawn[:, None] >= choice[final]).sum(axis=1)
    for key, wrong in NOTORIOUS.items():
        found[matter == codes.rows[key]] = keys.index(wrong)
    return np.where(chance < SAME, final, found)


def oftener(codes: Codes, matter: Ints) -> Column:
    """How much oftener a case returns than those of its department do on average."""
    factor = np.ones(len(codes.weight))
    factor[[codes.rows[key] for key in NOTORIOUS]] = OFTENER
    cases = np.bincount(codes.department, codes.weight)
    mean = np.bincount(codes.department, codes.weight * factor) / np.where(cases > 0, cases, 1.0)
    return np.asarray((factor / mean[codes.department])[matter], dtype=np.float32)


def confusion(keys: list[str]) -> Floats:
    """Shares of those who sent a case back, a row for each department that settled it."""
    weights = np.array([[TAKEN_FOR.get((first, last), 1.0) for first in keys] for last in keys])
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
