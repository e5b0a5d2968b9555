"""What can go wrong with the journal as a whole; each names the file and what to do."""

from __future__ import annotations

from typing import ClassVar

from geodata.model.errors import YipingError


class JournalError(YipingError):
    """The journal cannot be used now; `key` is one of `reasons.toml`."""

    key: ClassVar[str] = "journal_unusable"


class JournalLockedError(JournalError):
    """Somebody else holds the journal for longer than anybody should."""

    key: ClassVar[str] = "journal_locked"


class JournalDamagedError(JournalError):
    """What is on the disk is not what was written."""

    key: ClassVar[str] = "journal_damaged"


class JournalFullError(JournalError):
    """The disk has no room left; nothing of the last batch was kept."""

    key: ClassVar[str] = "journal_full"


class NotTheWriterError(JournalError):
    """Another process writes this journal; `place` says which."""

    key: ClassVar[str] = "journal_elsewhere"

    def __init__(self, message: str, place: str) -> None:
        """Say where to send instead."""
        super().__init__(message)
        self.place = place
