"""What a warehouse cannot do, in one family of errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc

from geodata.model.errors import YipingError

if TYPE_CHECKING:
    from collections.abc import Iterator


class WarehouseError(YipingError):
    """The warehouse cannot be reached or asked; the message names it, without its password."""


@contextmanager
def told(name: str) -> Iterator[None]:
    """Say of which warehouse a fault of the database is.

    Raises:
        WarehouseError: in place of what the database or its driver says.
    """
    import psycopg  # noqa: PLC0415 - a server without a warehouse does not load it

    try:
        yield
    except (exc.SQLAlchemyError, psycopg.Error) as error:
        words = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        msg = f"{name}: {words}; look whether the server runs and lets us in"
        raise WarehouseError(msg) from error
