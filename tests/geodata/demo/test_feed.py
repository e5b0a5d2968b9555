from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.demo.feed import Feed, plan_of
from geodata.model.schemas import INCIDENTS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geodata.demo.plan import Plan
    from geodata.model.draft import Arranged

UNTIL = date(2026, 11, 21)


@dataclass
class Published:
    arranged: Arranged
    id: str = "lanting-000000"
    meta: dict[str, Any] = field(
        default_factory=lambda: {
            "notes": {"demo": {"seed": 7, "scale": "district", "until": UNTIL.isoformat()}}
        }
    )

    @property
    def places(self) -> gpd.GeoDataFrame:
        return self.arranged.places

    @property
    def sites(self) -> pd.DataFrame:
        return self.arranged.sites

    @property
    def buildings(self) -> gpd.GeoDataFrame:
        return self.arranged.buildings

    @property
    def estates(self) -> gpd.GeoDataFrame | None:
        return None


def day_frame(city: Published, day: date) -> pd.DataFrame:
    """What the feed should write of one local day."""
    plan = plan_of(city, day)
    return plan.casebook(plan.world.scale).days([day])


@pytest.fixture(scope="module")
def city(arranged: Arranged) -> Published:
    return Published(arranged)


def test_it_fills_every_day_from_until_to_tomorrow_once(
    city: Published, plan: Plan, tmp_path: Path
) -> None:
    feed = Feed(city, tmp_path)
    now = plan.world.midnight(UNTIL + timedelta(2)) + 3600
    written = feed.fill(now)
    assert [path.stem for path in written] == [
        "2026-11-21",
        "2026-11-22",
        "2026-11-23",
        "2026-11-24",
    ]
    assert {path.parent for path in written} == {tmp_path / "feed" / city.id}
    before = written[0].read_bytes()
    assert feed.fill(now) == []
    written[0].unlink()
    assert feed.fill(now) == [written[0]]
    assert written[0].read_bytes() == before
    assert sorted(path.name for path in written[0].parent.iterdir()) == [p.name for p in written]


def test_a_written_day_is_the_day(city: Published, plan: Plan, tmp_path: Path) -> None:
    path = Feed(city, tmp_path).fill(plan.world.midnight(UNTIL))[0]
    frame = pd.read_parquet(path)
    day = day_frame(city, UNTIL)
    assert list(frame) == list(INCIDENTS)
    assert frame["id"].tolist() == day["id"].tolist()
    assert frame["closed"].isna().sum() == day["closed"].isna().sum()


def test_the_feed_goes_on_where_the_history_ends(city: Published, plan: Plan) -> None:
    book = plan.casebook("district")
    history = list(book.months(UNTIL - timedelta(14), UNTIL))
    days = [book.days([UNTIL + timedelta(number)]) for number in range(7)]
    assert history[-1]["reported"].max() < plan.world.midnight(UNTIL) <= days[0]["reported"].min()
    assert day_frame(city, UNTIL)["key"].tolist() == days[0]["key"].tolist()
    before = sum(len(frame) for frame in history) / 14
    after = np.mean([len(day) for day in days])
    assert after == pytest.approx(before, rel=0.12)


def test_other_cities_have_no_feed(arranged: Arranged, tmp_path: Path) -> None:
    other = Published(arranged, meta={"notes": {}})
    assert Feed(other, tmp_path).fill() == []
    with pytest.raises(ValueError, match="not a demo"):
        plan_of(other, UNTIL)


def test_a_late_day_holds_the_cases_of_its_alerts(city: Published) -> None:
    day = UNTIL + timedelta(120)
    plan = plan_of(city, day)
    start, end = plan.world.midnight(day), plan.world.midnight(day + timedelta(1))
    wanted = [alarm.cluster for alarm in plan.alarms if start <= alarm.raised < end]
    planted = sum(((c.moment >= start) & (c.moment < end)).sum() for c in wanted)
    assert planted > 20
    reported = set(day_frame(city, day)["reported"])
    for cluster in wanted:
        mine = cluster.moment[(cluster.moment >= start) & (cluster.moment < end)]
        assert set(mine.tolist()) <= reported


def test_a_day_is_the_same_however_far_the_plan_reaches(city: Published) -> None:
    near, far = (plan_of(city, UNTIL + timedelta(days)) for days in (1, 300))
    assert near.end < far.end
    days = [UNTIL + timedelta(2)]
    pd.testing.assert_frame_equal(
        near.casebook("district").days(days), far.casebook("district").days(days)
    )
