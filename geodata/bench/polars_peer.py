"""What Polars needs to read for a screen: counts and quantiles of the same stretches of time.

It judges nothing: no limit, no backlog, no steps, no norm. It does less than a screen.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from geodata.bench.asking import PERIODS
from geodata.engine.files import covering
from geodata.engine.plan import BACKLOG_S, SPARK_DAYS
from geodata.model.periods import DAY, NORM_WEEKS, QUARTER, WEEK

if TYPE_CHECKING:
    from geodata.bench.asking import Screen
    from geodata.store.snapshots import City

INSTALLED: Final = find_spec("polars") is not None
BY: Final = ("unit", "department", "category", "source")
ONE_OF: Final = {"categories": "category", "departments": "department", "sources": "source"}
MOMENTS: Final = ("closed", "due", "arrived", "resolved")


def counted(city: City, screen: Screen, now: int) -> list[Any]:
    """Tables of the period, of the window before, of the last days and of the weeks before."""
    pl: Any = import_module("polars")
    length = PERIODS[screen.period]
    start = now - length
    past = min(start - NORM_WEEKS * WEEK, now - BACKLOG_S)

    def between(low: int, high: int) -> Any:  # noqa: ANN401 - a package that need not be there
        return _rows(pl, city, screen, low, high)

    values, count = _values(pl), pl.len()
    day, quarter = (pl.col("reported") // step for step in (DAY, QUARTER))
    asked = [
        *(between(start, now).group_by(name).agg(values) for name in BY),
        between(start, now).select(values),
        between(start - length, start).select(values),
        between(now - SPARK_DAYS * DAY, now).group_by(day).agg(values),
        *(between(past, now).group_by(name).agg(count) for name in (*BY[:3], quarter)),
    ]
    found: list[Any] = pl.collect_all(asked)
    return found


def _rows(pl: Any, city: City, screen: Screen, low: int, high: int) -> Any:  # noqa: ANN401
    """Cases of the screen's place and filters, reported between two moments."""
    every = city.incident_files()
    files = covering(every, (low, high)) or [str(every[0])]  # the filter leaves nothing of it
    place = city.places.iloc[screen.unit]
    site, reported = pl.col("site"), pl.col("reported")
    rows = pl.scan_parquet(files).filter(
        site.is_between(int(place["site_from"]), int(place["site_to"]) - 1),
        reported >= low,
        reported < high,
        *(pl.col(ONE_OF[name]) == row for name, row in screen.filters.items()),
    )
    units = pl.LazyFrame({name: city.sites[name].to_numpy() for name in ("site", "unit")})
    return rows.join(units, on="site")


def _values(pl: Any) -> list[Any]:  # noqa: ANN401
    """How many there are, how many have reached what, and how long it took."""
    came = pl.col("reported").cast(pl.Int64)
    return [
        pl.len().alias("cases"),
        *(pl.col(name).count().alias(name) for name in MOMENTS),
        *(
            (pl.col(name).cast(pl.Int64) - came).quantile(share).alias(f"{name}_{share}")
            for name in ("arrived", "resolved")
            for share in (0.5, 0.9)
        ),
    ]
