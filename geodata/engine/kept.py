"""What was found out about segments and is true of them for long: the next question asks less."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.engine.cache import Recent
from geodata.engine.shares import Share, together
from geodata.kernels import past
from geodata.kernels.judge import frozen
from geodata.kernels.tally import EVERY
from geodata.model.periods import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from geodata.columns import Segment
    from geodata.engine.shares import Among, Question

    Ints = npt.NDArray[np.int32]
    Order = tuple[Ints, npt.NDArray[np.int64]]

SHARES_KEPT: Final = 128_000_000  # bytes
PASTS_KEPT: Final = 32_000_000
ORDERS_KEPT: Final = 32_000_000
UNCLOSED_KEPT: Final = 16_000_000
ENTRY: Final = 1_000  # bytes that an answer takes, however little it holds
THREADS: Final = 2


class Kept:
    """What segments were worth when they were asked for before, and which rows answer what."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.shares: Recent[Share] = Recent(SHARES_KEPT, lambda share: share.weight)
        self._pasts: Recent[past.Past] = Recent(PASTS_KEPT, lambda one: sum(t.nbytes for t in one))
        self._orders: Recent[Order] = Recent(ORDERS_KEPT, lambda order: ENTRY + order[0].nbytes)
        self._unclosed: Recent[Ints] = Recent(UNCLOSED_KEPT, lambda rows: ENTRY + rows.nbytes)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="shares")

    def share(self, question: Question, segments: Sequence[Segment], *, lean: bool) -> Share:
        """What these segments are worth together, all of them ripe; lean: see `share_of`."""
        key = (tuple(segment.token for segment in segments), question.key, lean)
        each = partial(together, question, segments, lean=lean)
        make = partial(each, lambda function, some: list(self._pool.map(function, some)))
        return self.shares.get(key, make)

    def past(
        self, question: Question, segment: Segment, make: Callable[[Question, Segment], past.Past]
    ) -> past.Past:
        """What a whole segment is worth for norm and trend, which changes no more."""
        key = (segment.token, question.key)
        return self._pasts.get(key, partial(make, question, segment))

    def rows(self, question: Question, segment: Segment) -> Among:
        """The rows of a segment that may be asked for: of one department only its own."""
        first, last = segment.between(*question.sites)
        wanted = np.flatnonzero(question.asked.departments)
        if len(wanted) != 1:
            return first, last, EVERY
        rows, ends = self._orders.get(segment.whole, partial(_by_department, segment))
        code = int(wanted[0])
        mine = rows[ends[code] : ends[code + 1]] if code + 1 < len(ends) else EVERY
        low, high = np.searchsorted(mine, (first, last))
        return int(low), int(high), mine

    def unclosed(self, question: Question, segment: Segment, moment: int) -> Ints:
        """Rows of the question's sites that were open when the day of a moment began, or came then.

        Who is open at the moment is among them, and they are few; to go through all cases takes
        twenty times as long.
        """
        day = moment - moment % DAY
        rows = self._unclosed.get((segment.token, day), partial(_unclosed, segment, day))
        low, high = np.searchsorted(rows, segment.between(*question.sites))
        return rows[low:high]


def _by_department(segment: Segment) -> Order:
    """The rows, those of each department (from −1) together, and where each of them begins."""
    department = segment.rows.department
    ends = np.cumsum(np.bincount(department + 1))
    return frozen(np.argsort(department, kind="stable").astype(np.int32)), np.append(0, ends)


def _unclosed(segment: Segment, day: int) -> Ints:
    out = np.empty(len(segment), np.int32)
    return frozen(out[: past.unclosed(segment.rows, day, day + DAY, out)].copy())
