"""Which cell each site belongs to, for any level of the hierarchy and any other division."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geodata.engine.sql import CREATE_CELLS, FILL_CELLS
from geodata.model.errors import RequestError
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import duckdb
    import numpy.typing as npt

    from geodata.engine.city import CityData
    from geodata.engine.request import Request

    Ints = npt.NDArray[np.int32]

NOWHERE: Final = -1


class Cells:
    """Look-ups site → cell, made when first asked for and kept in the table `cells`."""

    def __init__(self, city: CityData, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the table; `connection` must share its database with whoever queries it."""
        self._city = city
        self._connection = connection
        self._lock = threading.Lock()
        self._layers: dict[tuple[str, str], tuple[int, Ints]] = {}
        connection.execute(CREATE_CELLS)

    def layer(self, request: Request) -> int:
        """Number of the look-up that the request counts by, in the column `layer`."""
        number = self._layer(request)[0]
        # A place below the level asked for lies inside a cell and has none of its own.
        return number if len(self.index(request)) else NOWHERE

    def index(self, request: Request) -> Ints:
        """Every cell of the place, in order of its rows."""
        low, high = self.sites(request.place)
        if not request.division and request.level != BUILDING:
            return np.asarray(self._city.tree.cells(request.place, request.level))
        cells = np.unique(self._layer(request)[1][max(low, 0) : high])
        return np.asarray(cells[cells != NOWHERE])

    def by_site(self, request: Request) -> Ints:
        """The cell of every site of the city; NOWHERE where it has none."""
        return self._layer(request)[1]

    def sites(self, place: int) -> tuple[int, int]:
        """Half-open range of the sites of a unit; the whole city takes whatever there is."""
        places = self._city.places
        if not 0 <= place < len(places):
            message = f"place {place} is not in this city; ask for 0 to {len(places) - 1}"
            raise RequestError(message)
        if place == 0:
            return NOWHERE, max(len(self._city.sites), 1)
        row = places.iloc[place]
        return int(row["site_from"]), int(row["site_to"])

    def _layer(self, request: Request) -> tuple[int, Ints]:
        key = (request.division, "" if request.division else request.level)
        with self._lock:
            if key not in self._layers:
                number = len(self._layers)
                by_site = self._by_site(request)
                self._keep(number, by_site)
                self._layers[key] = number, by_site
            return self._layers[key]

    def _keep(self, number: int, by_site: Ints) -> None:
        sites = np.flatnonzero(by_site != NOWHERE).astype(np.int32)
        filling = pa.table({"site": sites, "cell": by_site[sites]})
        with self._connection.cursor() as cursor:
            cursor.register("filling", filling)
            cursor.execute(FILL_CELLS, {"layer": number})

    def _by_site(self, request: Request) -> Ints:
        sites = self._city.sites
        if request.division:
            _, site_unit = self._city.division(request.division)
            found = np.full(len(sites), NOWHERE, dtype=np.int32)
            found[site_unit["site"].to_numpy()] = site_unit["unit"].to_numpy()
            return found
        if request.level == BUILDING:
            return sites["building"].to_numpy(dtype=np.int32)
        return self._by_level(request.level)

    def _by_level(self, level: str) -> Ints:
        tree, places = self._city.tree, self._city.places
        if level not in tree.level_keys:
            known = ", ".join((*tree.level_keys, BUILDING))
            message = f"level {level!r} is not in this city; use one of {known}"
            raise RequestError(message)
        found = np.full(len(self._city.sites), NOWHERE, dtype=np.int32)
        starts, ends = places["site_from"].to_numpy(), places["site_to"].to_numpy()
        for unit in tree.cells(0, level):
            found[starts[unit] : ends[unit]] = unit
        return found
