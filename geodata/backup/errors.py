"""What keeps a backup from being made or put back."""

from __future__ import annotations

from geodata.model.errors import YipingError


class BackupError(YipingError):
    """A backup that cannot be made or put back; nothing was changed unless the message says so."""
