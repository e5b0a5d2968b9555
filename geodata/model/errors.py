"""Errors that name what is wrong and what to do; one family, so that one table answers them."""


class YipingError(Exception):
    """Root of every error the product raises on purpose."""


class ProfileError(YipingError):
    """A city profile that cannot be used."""


class ImportRefusedError(YipingError):
    """A file that cannot be read as what the profile says it is."""


class BusyError(YipingError):
    """Something else is being done that must end first; ask again in a moment."""


class DiskFullError(YipingError):
    """A disk has no room left; nothing half was kept."""


class SnapshotError(YipingError):
    """No published city, or one that is damaged."""


class NotYetError(SnapshotError):
    """What is asked for is being read; ask again in a moment."""


class NoCityError(SnapshotError):
    """Nothing was ever published here."""


class UnknownPlaceError(YipingError):
    """A code that no unit or building of the live snapshot has."""


class RequestError(YipingError):
    """A question that cannot be answered as it was put."""


class NotAllowedError(YipingError):
    """The actor may not do or see this."""


class AuditError(YipingError):
    """The audit cannot be sealed, or is not as it was written."""
