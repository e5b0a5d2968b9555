"""What `python -m geodata replay` does and says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geodata.replay.played import events, window
from geodata.replay.playing import play
from geodata.replay.sender import Sender

if TYPE_CHECKING:
    from geodata.model.draft import Progress
    from geodata.replay.played import Played
    from geodata.replay.sender import Sent
    from geodata.store.snapshots import City

__all__ = ["Sender", "ending", "run", "window"]


def run(
    city: City, between: tuple[int, int], speed: float, sender: Sender, progress: Progress
) -> Sent:
    """Play the events between two moments and tell how far the played clock is.

    Raises:
        NotAllowedError: the token may not send.
        RequestError: there is nothing to play, or the server does not take it.
    """
    start, end = between
    zone = ZoneInfo(city.profile.time_zone)

    def tell(last: Played, _sent: Sent) -> None:
        clock = datetime.fromtimestamp(last.at, zone)
        progress(f"{clock:%m-%d %H:%M}", (last.at - start) / (end - start))

    return play(events(city, start, end), start, speed, sender, tell)


def ending(sent: Sent) -> str:
    """What became of the events, in a line."""
    line = f"accepted {sent.accepted:,}, known already {sent.repeated:,}"
    if sent.rejected:
        line += f", rejected {sent.rejected:,}; the first: {sent.first}"
    return line
