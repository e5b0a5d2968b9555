from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest

from geodata.bench import polars_peer
from geodata.bench.asking import PERIODS, Screen, screens
from geodata.bench.cities import moment
from geodata.bench.figures import Limits
from geodata.bench.screens import Peer, against, run, same
from geodata.engine import Engine
from geodata.model.periods import HOUR
from tests.postgres import postgres_server, warehouse

if TYPE_CHECKING:
    from geodata.engine import Numbers, Request
    from geodata.store.snapshots import City

__all__ = ["postgres_server", "warehouse"]


def test_answers_that_count_otherwise_are_not_the_same(city: City) -> None:
    request = screens(city, 1)[0].request(moment(city))
    one = Engine(city).screen(replace(request, place=0, start=0))
    assert one.total["reported"] > 0
    assert same(one, Engine(city).screen(replace(request, place=0, start=0)))
    assert not same(one, replace(one, cells=one.cells + (one.cells.columns == "closed")))
    assert not same(one, replace(one, total=one.total + (one.total.index == "due")))


def test_a_ratio_is_of_the_sums_and_of_the_middle_screen() -> None:
    found = against("them", [(1.0, 2.0), (1.0, 3.0), (2.0, 10.0)])
    assert found["screen_vs_them"] == pytest.approx(15 / 4)
    assert found["screen_vs_them_median"] == 3
    assert found["screen_vs_them_least"] == 2


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("filters", [{}, {"categories": 1}, {"departments": 0, "sources": 1}])
def test_polars_reads_the_same_cases(city: City, period: str, filters: dict[str, int]) -> None:
    if not polars_peer.INSTALLED:
        pytest.skip("Polars is not installed")
    now = moment(city)
    for unit in (0, len(city.tree) - 1):
        screen = Screen(unit, "grid", period, filters)
        total = Engine(city, grain_s=1).screen(screen.request(now)).total
        tables = polars_peer.counted(city, screen, now)
        came = int(total[["reported", "voided", "duplicates"]].sum())
        assert [int(table["cases"].sum()) for table in tables[:5]] == [came] * 5


def test_a_peer_without_room_is_told_and_not_counted(city: City) -> None:
    class Full(Engine):
        """An engine for which an hour is all it can answer."""

        def screen(self, request: Request) -> Numbers:
            if request.end - request.start > HOUR:
                message = "no room"
                raise duckdb.OutOfMemoryException(message)
            return super().screen(request)

    request = screens(city, 1)[0].request(moment(city))
    peer = Peer("full", lambda: Full(city))
    peer.ask(city, request, 1.0, Engine(city).screen(request))
    assert (peer.times, peer.failed, peer.unequal) == ([], 1, 0)


def test_a_warehouse_is_asked_where_one_is_named(city: City, warehouse: str) -> None:
    found = run(city, Limits(requests=5, warehouse=warehouse))
    assert found["screen_vs_postgresql"] > 0
    assert (found["screen_unequal"], found["screen_postgresql_failed"]) == (0, 0)
