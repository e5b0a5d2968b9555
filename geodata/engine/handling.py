"""What a department does with its cases: open ones, late hours, and signs of evasion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.engine import handled
from geodata.engine.assessed import Assessments, seen
from geodata.engine.plan import BACKLOG_S
from geodata.engine.statement import Statement
from geodata.model.earth import METRES_A_DEGREE
from geodata.model.periods import DAY, HOUR, Window, wall_seconds
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from geodata.engine.answer import Columns
    from geodata.engine.request import Request

CASE: Final = Statement(handled.CASE)
NEAR: Final = Statement(handled.NEAR)
OPEN: Final = Statement(handled.OPEN)
HOURS: Final = Statement(handled.HOURS)
AGAIN: Final = Statement(handled.AGAIN)
WORKLOAD: Final = Statement(handled.WORKLOAD)
NEAR_M, NEAR_S = 200.0, 3 * DAY
AGAIN_S: Final = 15 * DAY
LOOKED_ON_S: Final = 90 * DAY  # after a period, for the same trouble again
WEEKDAYS, HOURS_A_DAY = 7, 24
THURSDAY: Final = 3  # the first day of the epoch, counted from Monday
CALLED: Final = ("id", "department", "whistled", "whistle_arrived")
ON_SITE: Final = ("arrived", "resolved", "verified")  # somebody has come
REACHED: Final = ("reported", "accepted", "dispatched", "taken", "arrived", "resolved", "verified")


@dataclass(frozen=True)
class Handling:
    """How the departments asked for handle their cases, from one consistent read.

    request: as answered, its moments moved back to a whole step.
    open: one row a case reported in the last 90 days and not closed, the earliest deadline first,
        those without one last: id, site, cell, category, matter, department, source, lon,
        lat, reported, due (epoch s, NaN = none), stage (the last one reached), since (epoch s of
        that), whistled, whistle_arrived (epoch s, NaN = not), done (the stage that the deadline
        judges is reached), overdue.
    hours: index (weekday from Monday, local hour) of the report, all 168: due, missed of these.
    evasions: index = department: counts of `counted.EVASIONS`; the period's cases of all
        departments, whichever are asked for.
    """

    request: Request
    open: pd.DataFrame
    hours: pd.DataFrame
    evasions: pd.DataFrame


class Departments(Assessments):
    """Answers what only a department's own screen asks."""

    def handling(self, request: Request) -> Handling:
        """Give how the cases of a request are handled."""
        asked = self._rounded(request)
        with self._arrivals.held():
            return Handling(
                request=asked,
                open=self._waiting(asked),
                hours=self._hours(asked),
                evasions=self.evasions(asked),
            )

    def open_cases(self, request: Request) -> pd.DataFrame:
        """List what is open, whatever the period; see `Handling.open`; key: the source's number."""
        asked = self._rounded(request)
        window = Window(asked.now + 1 - BACKLOG_S, asked.now + 1)
        return staged(self._frame(OPEN, self._values(asked, window), window))

    def _waiting(self, asked: Request) -> pd.DataFrame:
        """The same without the numbers of the sources, which the columns do not have."""
        return self.open_cases(asked).drop(columns="key")

    def called(self, request: Request) -> pd.DataFrame:
        """List open cases of 90 days to which somebody was called and nobody has come.

        Returns:
            id, department, whistled, whistle_arrived (epoch s, NaN = not).
        """
        found = self.open_cases(request)
        waiting = found["whistled"].notna() & found["whistle_arrived"].isna()
        return found.loc[waiting, list(CALLED)].sort_values("id", ignore_index=True)

    def case(self, number: int, now: int) -> pd.DataFrame:
        """One case by its id as it stood at `now`, void or not: a row, or none.

        Returns:
            Columns of the incidents, and `done`: when it reached the stage that ends its time.
        """
        end = now - now % self._grain_s + 1
        for start in (end - BACKLOG_S, 0):  # most that are asked for are young
            window = Window(max(0, start), end)
            values = {"lo": window.start, "hi": end, "asof": end - 1, "id": number}
            values["by_resolved"] = self._city.profile.deadline == "resolved"
            found = self._frame(CASE, values, window)
            if len(found):
                break
        return found

    def near(self, case: pd.Series, now: int) -> pd.DataFrame:
        """Cases of the same category near one in place and time, the newest first.

        Returns:
            Columns of the incidents, and `metres` from it; none where its place is not known.
        """
        lon, lat = float(case["lon"]), float(case["lat"])
        at, end = int(case["reported"]), now - now % self._grain_s
        window = Window(max(0, at - NEAR_S), min(at + NEAR_S, end) + 1)
        high = NEAR_M / METRES_A_DEGREE
        wide = high / math.cos(math.radians(lat)) if math.isfinite(lat) else math.nan
        values = {
            "lo": window.start, "hi": window.end, "asof": end, "id": int(case["id"]),
            "category": int(case["category"]), "west": lon - wide, "east": lon + wide,
            "south": lat - high, "north": lat + high,
        }  # fmt: skip
        found = self._frame(NEAR, values, window)
        east = (found["lon"].astype(float) - lon) / wide
        north = (found["lat"].astype(float) - lat) / high
        metres = np.hypot(east, north) * NEAR_M
        return found.assign(metres=metres)[metres <= NEAR_M].reset_index(drop=True)

    def _hours(self, request: Request) -> pd.DataFrame:
        window = seen(request)
        found = self._columns(HOURS, self._values(request, window), window)
        return by_hour(found, self._zone)

    def funnel(self, request: Request) -> pd.Series:
        """Count all that came in, and of them how many reached each stage of the work.

        Returns:
            came, reached_accepted, reached_dispatched, reached_resolved (without the void and the
            duplicates), voided, duplicates.
        """
        return self._alike(self._rounded(request)).funnel(request.departments)

    def workload(self, request: Request) -> pd.DataFrame:
        """Count cases by cell (−1 = in none) and matter (−1 = none)."""
        request = self._rounded(request)
        window = seen(request)
        found = self._columns(WORKLOAD, self._values(request, window), window)
        table = pd.DataFrame({name: values.astype(np.int64) for name, values in found.items()})
        return table.sort_values(["cell", "matter"], ignore_index=True)

    def routes(self, request: Request) -> pd.DataFrame:
        """Count dispatched cases that are settled, of all departments, by the way they went.

        Returns:
            matter (-1 = none), first_department (-1 = sent back, and not known from where),
            department (that settled them), cases.
        """
        return self._of_all("routes", lambda whole: self._alike(whole).routes(), request)

    def evasions(self, request: Request) -> pd.DataFrame:
        """Count what puts deadlines off or takes cases away, by department; see `Handling`."""
        return self._of_all("evasions", self._evasions, request)

    def _evasions(self, whole: Request) -> pd.DataFrame:
        table = self._alike(whole).evasions(len(self._city.departments))
        again = self._again(whole).reindex(table.index, fill_value=0)
        return table.assign(again=again.astype(np.int64))

    def _again(self, asked: Request) -> pd.Series:
        """Count cases whose trouble was reported again, by department."""
        period, window = looked_on(asked)
        self._cells.known(BUILDING)
        values = self._values(asked, window) | {"again_s": AGAIN_S, "end": period.end}
        found = self._columns(AGAIN, values | {"any_department": True, "departments": []}, window)
        return pd.Series(found["again"], found["department"].astype(np.int64))


def looked_on(request: Request) -> tuple[Window, Window]:
    """The period as far as it is over, and how long cases are looked on for trouble again."""
    period = seen(request)
    return period, Window(period.start, min(period.end + LOOKED_ON_S, request.now + 1))


def by_hour(found: Columns, zone: ZoneInfo) -> pd.DataFrame:
    """Counts of quarters of an hour put together by weekday and hour of the local clock."""
    wall = wall_seconds(found["at"].astype(np.int64), zone)
    place = (wall // DAY + THURSDAY) % WEEKDAYS * HOURS_A_DAY + wall % DAY // HOUR
    index = pd.MultiIndex.from_product(
        [range(WEEKDAYS), range(HOURS_A_DAY)], names=["weekday", "hour"]
    )
    table = {}
    for name in ("due", "missed"):
        table[name] = np.zeros(len(index), np.int64)
        np.add.at(table[name], place, found[name].astype(np.int64))
    return pd.DataFrame(table, index=index)


def staged(cases: pd.DataFrame) -> pd.DataFrame:
    """Each case with the last stage it reached, and since when; a stage left out is no step back.

    Stages may be entered in another order than they should; the latest in the order of the work
    counts.
    """
    moments = cases[list(REACHED)].to_numpy(dtype=np.float64, na_value=np.nan)
    last = len(REACHED) - 1 - np.argmax(np.isfinite(moments[:, ::-1]), axis=1)
    stage = np.array(REACHED, dtype=object)[last]
    since = moments[np.arange(len(cases)), last].astype(np.int64)
    rest = cases.drop(columns=list(REACHED[1:]))
    times = {
        name: rest[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("due", "whistled", "whistle_arrived")
    }
    flags = {name: rest[name].astype(bool) for name in ("done", "overdue")}  # of every engine
    reported = rest["reported"].astype("int64")
    return rest.assign(**times, stage=stage, since=since, reported=reported, **flags)
