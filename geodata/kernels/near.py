"""How many earlier cases lie near each case, by distance and by age."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


class Squares(NamedTuple):
    """Cases by square: x, y (metres) and moment, in order of square and moment.

    key: the squares that hold a case, row × columns + column, rising; start: first case of each,
    and the number of cases; columns: of a row, of which the first and the last are empty.
    """

    x: Floats
    y: Floats
    moment: Ints
    key: Ints
    start: Ints
    columns: int


@kernel
def near(  # the squares are at least as wide as the last of the distances
    cases: Squares, judged: Ints, square: Ints, distances: Floats, ages: Ints
) -> npt.NDArray[np.int32]:
    """Count the cases not later than each judged one, itself left out: judged × distance × age.

    judged: rows of the cases; square: the key of each of them; distances, ages: rising, the
    counts are of cases at most so far and less than so old.
    """
    found = np.zeros((len(judged), len(distances), len(ages)), dtype=np.int32)
    oldest = ages[len(ages) - 1]
    squared = distances * distances
    farthest = squared[len(squared) - 1]
    for i in range(len(judged)):
        case = judged[i]
        x, y, moment = cases.x[case], cases.y[case], cases.moment[case]
        for row in range(-1, 2):
            middle = square[i] + row * cases.columns
            here = np.searchsorted(cases.key, middle - 1)
            while here < len(cases.key) and cases.key[here] <= middle + 1:
                low, high = cases.start[here], cases.start[here + 1]
                here += 1
                begin = low + np.searchsorted(cases.moment[low:high], moment - oldest, "right")
                for j in range(begin, high):
                    age = moment - cases.moment[j]
                    if age < 0:
                        break
                    away = (cases.x[j] - x) ** 2 + (cases.y[j] - y) ** 2
                    if away > farthest or j == case:
                        continue
                    near_to, old = 0, 0
                    while away > squared[near_to]:
                        near_to += 1
                    while age >= ages[old]:
                        old += 1
                    found[i, near_to, old] += 1
        for k in range(1, len(distances)):
            for a in range(len(ages)):
                found[i, k, a] += found[i, k - 1, a]
        for k in range(len(distances)):
            for a in range(1, len(ages)):
                found[i, k, a] += found[i, k, a - 1]
    return found


@kernel
def within(
    zone: npt.NDArray[np.int32], zones: int, moment: Ints, judged: Ints, ages: Ints
) -> npt.NDArray[np.int32]:
    """Count the cases before each judged one in its zone: judged × age, none outside every zone.

    zone: of each case, in order of time, −1 = none; zones: how many there are; ages: the counts
    are of cases less than so old.
    """
    start = np.zeros(zones + 1, dtype=np.int64)
    for case in range(len(zone)):
        if zone[case] >= 0:
            start[zone[case] + 1] += 1
    for number in range(zones):
        start[number + 1] += start[number]
    filled = start.copy()
    moments = np.empty(start[zones], dtype=np.int64)
    place = np.empty(len(zone), dtype=np.int64)
    for case in range(len(zone)):
        if zone[case] >= 0:
            at = filled[zone[case]]
            moments[at], place[case] = moment[case], at
            filled[zone[case]] = at + 1
    found = np.zeros((len(judged), len(ages)), dtype=np.int32)
    for i in range(len(judged)):
        case = judged[i]
        if zone[case] < 0:
            continue
        low = start[zone[case]]
        before = moments[low : place[case]]
        for a in range(len(ages)):
            old = np.searchsorted(before, moment[case] - ages[a], "right")
            found[i, a] = len(before) - old
    return found


def warm() -> None:
    """Compile the kernels of this module."""
    places, moments = np.array([0.0, 1.0]), np.array([0, 1], dtype=np.int64)
    one, zeros = np.array([4], dtype=np.int64), np.zeros(2, dtype=np.int64)
    cases = Squares(places, places, moments, one, np.array([0, 2], dtype=np.int64), 3)
    near(cases, moments, zeros + 4, np.array([1.0, 2.0]), np.array([1, 2], dtype=np.int64))
    within(zeros.astype(np.int32), 1, moments, moments, np.array([1, 2], dtype=np.int64))
