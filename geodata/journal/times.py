"""Moments as sources write them, into epoch seconds; a moment without a zone says too little."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

LATEST: Final = 2**32 - 1  # moments are kept in 32 bits: until 2106


class MomentError(Exception):
    """A value that is no moment; `reason` is a key of `reasons.toml`."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def epoch(value: object) -> int:
    """Whole epoch seconds of ISO text with its zone, or of a number of seconds.

    Raises:
        MomentError: it is neither, or lies outside of what can be kept.
    """
    if isinstance(value, str):
        seconds = _of_text(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = float(value)
    else:
        raise MomentError(reason="time_unreadable")
    if not math.isfinite(seconds) or not 0 < seconds <= LATEST:
        raise MomentError(reason="time_out_of_range")
    return int(seconds)


def _of_text(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise MomentError(reason="time_unreadable") from None
    if moment.tzinfo is None:
        raise MomentError(reason="time_without_zone")
    return moment.timestamp()
