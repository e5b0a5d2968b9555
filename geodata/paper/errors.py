"""Why a page cannot be made."""

from typing import Final

from geodata.model.errors import YipingError

NO_FONT: Final = 3  # exit code of the process that sets the page


class PaperError(YipingError):
    """The page could not be set."""


class FontError(PaperError):
    """There is no font on this machine that has Chinese characters."""
