"""What the fold asks others for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from geodata.journal.journal import Entry
    from geodata.journal.places import Spot
    from geodata.model.overlay import Settled

    Case = tuple[str, str]  # channel and number
    Ints = npt.NDArray[np.int64]
    Columns = dict[str, npt.NDArray[Any]]


class Lookup(Protocol):
    """Finds cases of the published history; `store.keys.Base` is one."""

    def find(self, sources: Sequence[int], keys: Sequence[str]) -> tuple[list[int], Columns]:
        """Cases by row of their channel and number: which of the wanted, and their rows."""


class Siting(Protocol):
    """Finds sites; `places.Places` is one."""

    def sites(self, spots: Sequence[Spot], sources: Sequence[str]) -> Ints:
        """Site of each case."""


class Compacted(Protocol):
    """Cases that need not be here; `past.Past` is one.

    name: of their generation; seq: of the newest event in them; newest: the latest moment of one.
    """

    @property
    def name(self) -> str:
        """Name of the generation."""

    @property
    def seq(self) -> int:
        """The newest event in them."""

    @property
    def newest(self) -> int:
        """The latest moment of an event in them."""

    @property
    def settled(self) -> Settled:
        """Their rows."""

    def entries(self, cases: Sequence[Case]) -> list[Entry]:
        """Every event up to `seq` that names one of these cases, and perhaps others."""
