"""Which cell each site belongs to, for any level of the hierarchy and any other division."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geodata.model.errors import RequestError
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb
    import numpy.typing as npt

    from geodata.engine.city import CityData
    from geodata.engine.request import Request

    Ints = npt.NDArray[np.int32]

NOWHERE: Final = -1
NO_LAYER: Final = ""
DIVISION: Final = "division "  # begins the name of a look-up that is of no level
CREATE_CELLS: Final = "CREATE TABLE cells (layer VARCHAR, site INTEGER, cell INTEGER)"
FILL_CELLS: Final = "INSERT INTO cells SELECT $layer, site, cell FROM filling"


class Cells:
    """Look-ups site → cell, made when first asked for and kept in the table `cells`."""

    def __init__(self, city: CityData, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the table; `connection` must share its database with whoever queries it."""
        self._city = city
        self._connection = connection
        self._lock = threading.Lock()
        self._layers: dict[str, Ints] = {}
        connection.execute(CREATE_CELLS)

    def layer(self, request: Request) -> str:
        """Name of the look-up that the request counts by, in the column `layer`."""
        self.by_site(request)
        # A place below the level asked for lies inside a cell and has none of its own.
        return layer_of(request) if len(self.index(request)) else NO_LAYER

    def index(self, request: Request) -> Ints:
        """Every cell of the place, in order of its rows."""
        low, high = self.sites(request.place)
        if not request.division and request.level != BUILDING:
            return np.asarray(self._city.tree.cells(request.place, request.level))
        cells = np.unique(self.by_site(request)[max(low, 0) : high])
        return np.asarray(cells[cells != NOWHERE])

    def by_site(self, request: Request) -> Ints:
        """The cell of every site of the city; NOWHERE where it has none."""
        name = layer_of(request)
        with self._lock:
            if name not in self._layers:
                found = by_site(self._city, request.level, request.division)
                self._keep(name, found)
                self._layers[name] = found
            return self._layers[name]

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

    def _keep(self, name: str, found: Ints) -> None:
        sites = np.flatnonzero(found != NOWHERE).astype(np.int32)
        filling = pa.table({"site": sites, "cell": found[sites]})
        with self._connection.cursor() as cursor:
            cursor.register("filling", filling)
            cursor.execute(FILL_CELLS, {"layer": name})


def layer_of(request: Request) -> str:
    """Name of a look-up; a division has one whatever the level."""
    return f"{DIVISION}{request.division}" if request.division else request.level


def layers(city: CityData, divisions: Iterable[str]) -> Iterator[tuple[str, Ints]]:
    """Every look-up of a city by its name."""
    for level in (*city.tree.level_keys, BUILDING):
        yield level, by_site(city, level, "")
    for division in divisions:
        yield f"{DIVISION}{division}", by_site(city, "", division)


def by_site(city: CityData, level: str, division: str) -> Ints:
    """The cell of every site by a level, or by a division where one is named."""
    if division:
        _, site_unit = city.division(division)
        found = np.full(len(city.sites), NOWHERE, dtype=np.int32)
        found[site_unit["site"].to_numpy()] = site_unit["unit"].to_numpy()
        return found
    if level == BUILDING:
        return city.sites["building"].to_numpy(dtype=np.int32)
    return _by_level(city, level)


def _by_level(city: CityData, level: str) -> Ints:
    tree, places = city.tree, city.places
    if level not in tree.level_keys:
        known = ", ".join((*tree.level_keys, BUILDING))
        message = f"level {level!r} is not in this city; use one of {known}"
        raise RequestError(message)
    found = np.full(len(city.sites), NOWHERE, dtype=np.int32)
    starts, ends = places["site_from"].to_numpy(), places["site_to"].to_numpy()
    for unit in tree.cells(0, level):
        found[starts[unit] : ends[unit]] = unit
    return found
