"""What the engine needs to know of a city; the store's `City` is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geodata.model.places import Hierarchy, Tree
    from geodata.model.profile import Profile


class CityData(Protocol):
    """Tables of one published city by the names of `geodata.model.schemas`."""

    @property
    def profile(self) -> Profile:
        """How this city differs from others."""

    @property
    def places(self) -> pd.DataFrame:
        """PLACES of the base division."""

    @property
    def sites(self) -> pd.DataFrame:
        """SITES."""

    @property
    def departments(self) -> pd.DataFrame:
        """Departments by row."""

    @property
    def categories(self) -> pd.DataFrame:
        """Categories by row."""

    @property
    def sources(self) -> pd.DataFrame:
        """Sources by row."""

    @property
    def tree(self) -> Tree:
        """The base division as a tree."""

    def division(self, key: str) -> Hierarchy:
        """Another hierarchy over the same sites."""

    def incident_files(self) -> list[Path]:
        """Parquet files of INCIDENTS, named by month (2026-11) or day (2026-11-21), UTC."""

    def version(self) -> str:
        """Name of the state of the data; changes whenever any record could have."""
