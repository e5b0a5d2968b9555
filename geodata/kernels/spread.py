"""Medians and ninetieth percentiles of whole seconds, by group.

Few values are sorted group by group and the answer is exact. Many fall into log-linear buckets
(those of HdrHistogram), of which `estimate` takes the ranks as if evenly spread inside each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.settings import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Longs = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

FINE_BITS: Final = 6  # 64 buckets an octave: each is 1.1 to 1.6 % wide
OCTAVES: Final = 32
BUCKETS: Final = (OCTAVES << FINE_BITS) + 1  # the first holds zero
SHARES: Final = (0.5, 0.9)
NONE: Final = -1
MANTISSA: Final = 52


@kernel
def bucket(seconds: int) -> int:
    """Which bucket a whole number of seconds falls into."""
    if seconds <= 0:
        return 0
    octave, left = 0, seconds
    for half in (16, 8, 4, 2, 1):
        if left >> half:
            octave, left = octave + half, left >> half
    shift = octave - FINE_BITS
    fine = seconds >> shift if shift >= 0 else seconds << -shift
    return 1 + (octave << FINE_BITS) + (fine - (1 << FINE_BITS))


@kernel
def edge(number: int) -> float:
    """Where a bucket begins, in seconds."""
    if number == 0:
        return 0.0
    octave, fine = (number - 1) >> FINE_BITS, (number - 1) & ((1 << FINE_BITS) - 1)
    return (1.0 + fine / (1 << FINE_BITS)) * 2.0**octave


@kernel
def fill(values: Ints, groups: Ints, table: Ints) -> None:
    """Count values (NONE left out) by group (negative left out) and bucket."""
    for i in range(len(values)):
        if values[i] != NONE and groups[i] >= 0:
            table[groups[i], bucket(values[i])] += 1


@kernel
def estimate(table: Ints, out: Floats) -> None:
    """Number, median and ninetieth percentile by group, evenly spread inside each bucket."""
    for group in range(len(table)):
        count = 0
        for number in range(BUCKETS):
            count += table[group, number]
        out[group, 0] = count
        for which in range(len(SHARES)):
            out[group, 1 + which] = _between(table[group], SHARES[which] * (count - 1), count)


@kernel
def _between(counts: Ints, rank: float, count: int) -> float:
    """The quantile of a rank, between the two whole ranks beside it."""
    if count == 0:
        return np.nan
    low = int(rank)
    at = _at(counts, low)
    return at if low + 1 >= count else at + (rank - low) * (_at(counts, low + 1) - at)


@kernel
def _at(counts: Ints, rank: int) -> float:
    """The value of a whole rank, as if the values of a bucket were evenly spread in it."""
    below = 0
    for number in range(BUCKETS):
        here = counts[number]
        if rank < below + here:
            share = (rank - below + 0.5) / here
            return float(edge(number) + share * (edge(number + 1) - edge(number)))
        below += here
    return np.nan


@kernel
def by_group(values: Ints, groups: Ints, out: Floats) -> None:
    """Number, median and ninetieth percentile by group, exact: values are sorted group by group."""
    starts = np.zeros(len(out) + 1, np.int64)
    for i in range(len(values)):
        if values[i] != NONE and groups[i] >= 0:
            starts[groups[i] + 1] += 1
    for group in range(len(out)):
        starts[group + 1] += starts[group]
    places = starts[:-1].copy()
    sorted_ = np.empty(starts[-1], np.int32)
    for i in range(len(values)):
        if values[i] != NONE and groups[i] >= 0:
            sorted_[places[groups[i]]] = values[i]
            places[groups[i]] += 1
    for group in range(len(out)):
        part = sorted_[starts[group] : starts[group + 1]]
        out[group, 0] = len(part)
        for which in range(len(SHARES)):
            out[group, 1 + which] = _exact(part, SHARES[which])


@kernel
def _exact(part: Ints, share: float) -> float:
    """The quantile as numpy's and SQL's continuous one; reorders the values."""
    if len(part) == 0:
        return np.nan
    rank = share * (len(part) - 1)
    low = int(rank)
    at = select(part, low)
    if low + 1 == len(part):
        return float(at)
    after = part[low + 1]
    for i in range(low + 2, len(part)):
        after = min(after, part[i])
    return float(at + (rank - low) * (after - at))


@kernel
def select(part: Ints, rank: int) -> int:
    """The value of a rank; afterwards nothing before it is larger, nothing after it smaller."""
    low, high = 0, len(part) - 1
    while low < high:
        middle = (low + high) // 2
        pivot = max(min(part[low], part[high]), min(max(part[low], part[high]), part[middle]))
        i, j = low, high
        while i <= j:
            while part[i] < pivot:
                i += 1
            while part[j] > pivot:
                j -= 1
            if i <= j:
                part[i], part[j] = part[j], part[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    return int(part[rank])


def warm() -> None:
    """Call the kernels once with the types they are given in earnest."""
    values, out = np.zeros(1, np.int32), np.empty((1, 3))
    table = np.zeros((1, BUCKETS), np.int32)
    fill(values, values, table)
    estimate(table, out)
    by_group(values, values, out)
    by_group(values, values, np.empty((2, 1, 3))[0])
