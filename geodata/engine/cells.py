"""Which cell each site belongs to, for any level of any hierarchy."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from geodata.model.errors import RequestError
from geodata.model.places import BUILDING, DRAFT, NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb
    import numpy.typing as npt

    from geodata.engine.city import CityData
    from geodata.engine.request import Request
    from geodata.model.places import Tree

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]

NO_LAYER: Final = ""
DIVISION: Final = "division "  # begins the name of a look-up of another hierarchy
CREATE_CELLS: Final = "CREATE TABLE cells (layer VARCHAR, site INTEGER, cell INTEGER)"
FILL_CELLS: Final = "INSERT INTO cells SELECT $layer, site, cell FROM filling"
DROP_CELLS: Final = "DELETE FROM cells WHERE layer = $layer"
MOST_DRAFTED: Final = 40  # look-ups of draft plans, each of which is replaced by the next state


class Cells:
    """Look-ups site → cell, made when first asked for; in the table `cells` for statements."""

    def __init__(self, city: CityData, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the table; `connection` must share its database with whoever queries it."""
        self._city = city
        self._connection = connection
        self._lock = threading.Lock()
        self._layers: dict[str, Ints] = {}
        self._filled: set[str] = set()
        connection.execute(CREATE_CELLS)

    def layer(self, request: Request) -> str:
        """Name of the look-up that the request counts by, in the column `layer`."""
        self._fill(request.level, request.division)
        # A place below the level asked for lies inside a cell and has none of its own.
        return layer_of(request) if len(self.index(request)) else NO_LAYER

    def index(self, request: Request) -> Ints:
        """Every cell of the place, in order of its rows."""
        low, high = self.sites(request)
        if request.level != BUILDING:
            return np.asarray(self._tree(request).cells(request.place, request.level))
        inside, found = self.inside(request), self.by_site(request)[max(low, 0) : high]
        cells = np.unique(found if inside is None else found[inside])
        return np.asarray(cells[cells != NOWHERE])

    def by_site(self, request: Request) -> Ints:
        """The cell of every site of the city; NOWHERE where it has none."""
        return self._known(request.level, request.division)

    def sites(self, request: Request) -> tuple[int, int]:
        """Half-open range that holds the sites of a place; the city takes whatever there is."""
        place, places = request.place, len(self._tree(request))
        if not 0 <= place < places:
            message = f"place {place} is not in this city; ask for 0 to {places - 1}"
            raise RequestError(message)
        if place == 0:
            return NOWHERE, max(len(self._city.sites), 1)
        if request.division:
            found = np.flatnonzero(self._city.division(request.division).inside(place))
            return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0)
        row = self._city.places.iloc[place]
        return int(row["site_from"]), int(row["site_to"])

    def inside(self, request: Request) -> Flags | None:
        """Which sites of their range are the place's; None = all."""
        if not request.division or request.place == 0:
            return None
        low, high = self.sites(request)
        return self._city.division(request.division).inside(request.place)[low:high]

    def within(self, request: Request) -> dict[str, Any]:
        """Parameters that say which sites of their range are the place's, where not all are."""
        if not request.division or request.place == 0:
            return {}
        self._fill("", request.division)
        end = int(self._tree(request).ends[request.place])
        name = name_of("", request.division)
        return {"within": name, "unit_from": request.place, "unit_to": end}

    def _tree(self, request: Request) -> Tree:
        """The tree that place and level are of."""
        if not request.division:
            return self._city.tree
        return self._city.division(request.division).tree

    def known(self, level: str) -> None:
        """Make sure that the table has the look-up of a level of the hierarchy in force."""
        self._fill(level, "")

    def _known(self, level: str, division: str) -> Ints:
        """A look-up, made and kept where it is asked for the first time."""
        name = name_of(level, division)
        with self._lock:
            if name not in self._layers:
                self._layers[name] = by_site(self._city, level, division)
                self._thin()
            return self._layers[name]

    def _thin(self) -> None:
        """Let the oldest look-ups of drafts go, which nobody asks for any more."""
        drafted = [name for name in self._layers if is_drafted(name)]
        for name in drafted[:-MOST_DRAFTED]:
            del self._layers[name]
            if name in self._filled:
                self._filled.remove(name)
                with self._connection.cursor() as cursor:
                    cursor.execute(DROP_CELLS, {"layer": name})

    def _fill(self, level: str, division: str) -> None:
        """See to it that the table has a look-up: only statements need it, and it takes a while."""
        found, name = self._known(level, division), name_of(level, division)
        with self._lock:
            if name not in self._filled:
                self._insert(name, found)
                self._filled.add(name)

    def _insert(self, name: str, found: Ints) -> None:
        sites = np.flatnonzero(found != NOWHERE).astype(np.int32)
        filling = pa.table({"site": sites, "cell": found[sites]})
        with self._connection.cursor() as cursor:
            cursor.register("filling", filling)
            cursor.execute(FILL_CELLS, {"layer": name})


def layer_of(request: Request) -> str:
    """Name of the look-up that a request counts by."""
    return name_of(request.level, request.division)


def name_of(level: str, division: str) -> str:
    """Name of a look-up; that of a building is of every hierarchy."""
    return f"{DIVISION}{division} {level}" if division and level != BUILDING else level


def is_drafted(name: str) -> bool:
    """Whether a look-up is of a draft plan, which only this machine knows."""
    return name.startswith(f"{DIVISION}{DRAFT}")


def layers(city: CityData, divisions: Iterable[str]) -> Iterator[tuple[str, Ints]]:
    """Every look-up of a city by its name."""
    for level in (*city.tree.level_keys, BUILDING):
        yield name_of(level, ""), by_site(city, level, "")
    for key in divisions:
        for level in ("", *city.division(key).tree.level_keys):
            yield name_of(level, key), by_site(city, level, key)


def by_site(city: CityData, level: str, division: str) -> Ints:
    """The cell of every site by a level of a hierarchy; level "" = the deepest unit known."""
    if level == BUILDING:
        return city.sites["building"].to_numpy(dtype=np.int32)
    keys = city.division(division).tree.level_keys if division else city.tree.level_keys
    if level and level not in keys:
        known = ", ".join((*keys, BUILDING))
        message = f"level {level!r} is not in this city; use one of {known}"
        raise RequestError(message)
    return city.division(division).cells(level) if division else _by_level(city, level)


def _by_level(city: CityData, level: str) -> Ints:
    tree, places = city.tree, city.places
    found = np.full(len(city.sites), NOWHERE, dtype=np.int32)
    starts, ends = places["site_from"].to_numpy(), places["site_to"].to_numpy()
    for unit in tree.cells(0, level):
        found[starts[unit] : ends[unit]] = unit
    return found
