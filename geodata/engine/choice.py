"""Which of the engines answers: one setting chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from geodata.engine.duck import Engine
from geodata.kernels.settings import COMPILED
from geodata.model.overlay import nothing_live

if TYPE_CHECKING:
    from geodata.engine.fused import ColumnCity
    from geodata.model.overlay import Live

Choice = Literal["auto", "fused", "duckdb"]
ENGINES: Final[tuple[Choice, ...]] = ("auto", "fused", "duckdb")


def open_engine(city: ColumnCity, choice: Choice = "auto", live: Live = nothing_live) -> Engine:
    """The engine for a city: the fused scan where kernels can be compiled, else DuckDB."""
    if choice == "duckdb" or (choice == "auto" and not COMPILED):
        return Engine(city, live=live)
    from geodata.engine.fused import FusedEngine  # noqa: PLC0415 - needs the kernels

    return FusedEngine(city, live=live)
