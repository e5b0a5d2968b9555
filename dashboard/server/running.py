"""That a server works in a data directory, known to whoever wants to have it alone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from geodata.journal import locking

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = logging.getLogger(__name__)


def begin(data_dir: Path) -> bool:
    """Share the servers' lock until this process ends; False = somebody has the folder alone."""
    path = data_dir / locking.SERVER
    try:
        return locking.share(path) is not None
    except OSError as error:  # a folder that may only be read is shown all the same
        LOG.warning("%s: cannot be locked (%s); a restore would not see us", path, error.strerror)
        return True
