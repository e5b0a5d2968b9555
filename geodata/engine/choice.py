"""Which of the engines answers: one setting chooses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, Protocol

from geodata.engine.duck import Engine
from geodata.kernels.settings import COMPILED
from geodata.model.overlay import nothing_live

if TYPE_CHECKING:
    from geodata.engine.fused import ColumnCity
    from geodata.engine.twin import WarehouseCity
    from geodata.model.overlay import Live

    class AnyCity(ColumnCity, WarehouseCity, Protocol):
        """A city that every engine can answer for."""


Choice = Literal["auto", "fused", "duckdb", "postgresql"]
TWIN: Final = "postgresql"


def open_engine(
    city: AnyCity, choice: Choice = "auto", live: Live = nothing_live, warehouse: str = ""
) -> Engine:
    """The engine for a city: the fused scan where kernels can be compiled, else DuckDB.

    Args:
        city: whose cases are asked about.
        choice: names one in place of the best.
        live: gives what arrived since the publication.
        warehouse: URL of the PostgreSQL that answers where it is chosen.

    Raises:
        WarehouseError: the URL is none of a PostgreSQL.
    """
    if choice == TWIN:
        from geodata.engine.twin import TwinEngine, fill_behind  # noqa: PLC0415 - seldom wanted

        twin = TwinEngine(city, warehouse, live=live)
        fill_behind(city, warehouse)  # whoever is the first to open a snapshot loads it
        return twin
    if not _fused(choice):
        return Engine(city, live=live)
    from geodata.columns.mending import build_behind  # noqa: PLC0415 - needs the kernels
    from geodata.engine.fused import FusedEngine  # noqa: PLC0415

    build_behind(city)  # a snapshot of an earlier program has none, or of another form
    return FusedEngine(city, live=live)


def load(choice: Choice = "auto", warehouse: str = "") -> None:
    """Load the engine that will answer, so that a city published later finds it there.

    Raises:
        WarehouseError: the URL is none of a PostgreSQL, and one is wanted.
    """
    if choice == TWIN:
        import_module("geodata.engine.twin")
        import_module("geodata.warehouse.tables").parsed(warehouse)
    if _fused(choice):
        import_module("geodata.engine.fused")


def _fused(choice: Choice) -> bool:
    return choice == "fused" or (choice == "auto" and COMPILED)
