"""What must not be lost, copied while the server runs, and put back: journal, city, tokens."""

from geodata.backup.making import KEEP, make, newest
from geodata.backup.restoring import restore

__all__ = ["KEEP", "make", "newest", "restore"]
