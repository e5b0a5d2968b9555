"""Events at the pace of a clock that runs so many times as fast as ours."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.replay.sender import Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geodata.replay.played import Played
    from geodata.replay.sender import Sender

TICK_S: Final = 0.5  # what falls due within it goes together
MOST: Final = 2_000  # events in one batch


@dataclass(frozen=True)
class Clock:
    """Where the time comes from; tests have their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def batches(
    events: Sequence[Played], start: int, speed: float, clock: Clock
) -> Iterator[Sequence[Played]]:
    """Cut events in order into batches, each given once it is due; speed 0 waits for nothing."""
    began, done = clock.now(), 0
    while done < len(events):
        if not speed:
            yield events[done : done + MOST]
            done += MOST
            continue
        reached = start + (clock.now() - began) * speed
        upto = done
        while upto < len(events) and upto - done < MOST and events[upto].at <= reached:
            upto += 1
        if upto == done:
            clock.sleep(max(TICK_S, (events[done].at - reached) / speed))
            continue
        yield events[done:upto]
        done = upto
        if upto - done < MOST:
            clock.sleep(TICK_S)


def play(  # noqa: PLR0913 (what is played, how, and to whom)
    events: Sequence[Played],
    start: int,
    speed: float,
    sender: Sender,
    tell: Callable[[Played, Sent], None],
    *,
    clock: Clock | None = None,
) -> Sent:
    """Send every event when it is due; `tell` hears of every batch.

    Raises:
        NotAllowedError: the token may not send.
        RequestError: the server cannot be reached, or refuses a batch.
    """
    sent = Sent()
    for batch in batches(events, start, speed, clock or Clock()):
        sender.send([event.line for event in batch], sent)
        tell(batch[-1], sent)
    return sent
