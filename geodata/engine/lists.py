"""Cases one by one: lists, points, and what is counted from them in passing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.engine import sql
from geodata.engine.files import ALWAYS
from geodata.engine.reader import Reader
from geodata.engine.request import Request
from geodata.engine.statement import Statement
from geodata.model.errors import RequestError
from geodata.model.periods import DAY, WEEK, Window
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

NEWEST_FIRST: Final = Statement(sql.NEWEST_FIRST)
TRAITS: Final = Statement(sql.TRAITS)
POINTS: Final = Statement(sql.POINTS)
MET: Final = Statement(sql.MET)
BY_WEEK: Final = Statement(sql.BY_WEEK)


class Lists(Reader):
    """Lists the cases that a screen counts."""

    def incidents(self, request: Request, limit: int = 200, offset: int = 0) -> pd.DataFrame:
        """List the cases that `reported` counts, newest first, as they stood at `now`."""
        return self._listed(self._rounded(request), limit, offset)

    def building_cases(self, building: int, now: int, days: int = 90) -> pd.DataFrame:
        """List the cases of one building in the last days, newest first."""
        sites = self._city.sites
        found = sites.loc[sites["building"] == building, "site"]
        if found.empty:
            message = f"building {building} is not in this city; ask for a row of it"
            raise RequestError(message)
        site = int(found.iloc[0])
        return self._listed(self._days(now, days), -1, 0, sites=(site, site + 1))

    def building_weeks(self, buildings: Sequence[int], now: int, days: int = 90) -> Ints:
        """Count what `building_cases` lists: a row a building, a column a week back."""
        sites = self._city.sites
        known = sites.loc[sites["building"].isin(buildings), ["site", "building"]].astype(int)
        request = self._days(now, days)
        window = Window(request.start, request.end)
        values = self._values(request, window) | {"sites": known["site"].tolist()}
        found = self._columns(BY_WEEK, values, window)
        building = known.set_index("site")["building"].reindex(found["site"]).to_numpy()
        weeks = np.zeros((len(buildings), -(-days * DAY // WEEK)), dtype=np.int64)
        rows, back = (
            pd.Index(buildings).get_indexer(pd.Index(building)),
            found["back"].astype(int),
        )
        np.add.at(weeks, (rows, back // WEEK), found["n"].astype(int))
        return weeks

    def _days(self, now: int, days: int) -> Request:
        """The last days of the whole city by building."""
        last = now - now % self._grain_s
        return Request(0, BUILDING, last + 1 - days * DAY, last + 1, last)

    def points(self, request: Request) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of the cases that `reported` counts, where known."""
        request = self._rounded(request)
        window = Window(request.start, min(request.end, request.now + 1))
        found = self._columns(POINTS, self._values(request, window), window)
        known = ~(np.isnan(found["lon"]) | np.isnan(found["lat"]))
        return found["lon"][known], found["lat"][known]

    def met(self, request: Request) -> tuple[Ints, Ints]:
        """Give cells and departments that have a case in common, as `reported` counts it."""
        request = self._rounded(request)
        window = Window(request.start, min(request.end, request.now + 1))
        found = self._columns(MET, self._values(request, window), window)
        return found["cell"].astype(np.int64), found["department"].astype(np.int64)

    def traits(self, request: Request, limit: int) -> pd.DataFrame:
        """Site, matter and category of the cases that `reported` counts, at most `limit`."""
        request = self._rounded(request)
        window = Window(request.start, min(request.end, request.now + 1))
        values = self._values(request, window) | {"limit": limit}
        found = self._columns(TRAITS, values, window)
        return pd.DataFrame({name: column.astype(np.int64) for name, column in found.items()})

    def _listed(
        self, request: Request, limit: int, offset: int, *, sites: tuple[int, int] | None = None
    ) -> pd.DataFrame:
        window = Window(request.start, min(request.end, request.now + 1))
        values = self._values(request, window)
        values |= {"limit": ALWAYS if limit < 0 else limit, "offset": offset}
        if sites is not None:
            values["site_from"], values["site_to"] = sites
        return self._frame(NEWEST_FIRST, values, window)
