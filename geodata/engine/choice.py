"""Which of the engines answers: one setting chooses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal

from geodata.engine.duck import Engine
from geodata.kernels.settings import COMPILED
from geodata.model.overlay import nothing_live

if TYPE_CHECKING:
    from geodata.engine.fused import ColumnCity
    from geodata.model.overlay import Live

Choice = Literal["auto", "fused", "duckdb"]


def open_engine(city: ColumnCity, choice: Choice = "auto", live: Live = nothing_live) -> Engine:
    """The engine for a city: the fused scan where kernels can be compiled, else DuckDB."""
    if not _fused(choice):
        return Engine(city, live=live)
    from geodata.columns.folder import build_behind  # noqa: PLC0415 - needs the kernels
    from geodata.engine.fused import FusedEngine  # noqa: PLC0415

    build_behind(city)  # a snapshot of an earlier program has none, or of another form
    return FusedEngine(city, live=live)


def load(choice: Choice = "auto") -> None:
    """Load the engine that will answer, so that a city published later finds it there."""
    if _fused(choice):
        import_module("geodata.engine.fused")


def _fused(choice: Choice) -> bool:
    return choice == "fused" or (choice == "auto" and COMPILED)
