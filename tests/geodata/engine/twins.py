"""The twin on a small city, where nothing else may answer in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from geodata.engine.twin import TwinEngine, fill
from geodata.model.overlay import nothing_live

if TYPE_CHECKING:
    from geodata.engine.statement import Statement
    from geodata.model.overlay import Live
    from geodata.warehouse import Rows
    from tests.geodata.engine.city import HandMade


class Twin(TwinEngine):
    """Fails where the files would answer."""

    def _asked(self, statement: Statement, values: dict[str, Any]) -> Rows | None:
        found = super()._asked(statement, values)
        assert found is not None, self.fault
        return found


def twin(url: str, city: HandMade, live: Live = nothing_live) -> Twin:
    """The twin on a city that the warehouse does not know yet."""
    city.id = f"toy-{uuid4().hex}"
    assert fill(city, url)
    return Twin(city, url, grain_s=1, live=live)
