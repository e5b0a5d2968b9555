"""Files dropped into a folder become events: each is read once and put away with an account."""

from geodata.watch.inbox import Inbox

__all__ = ["Inbox"]
