"""A city in the warehouse is there whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from geodata.warehouse import WarehouseError, forget, load, loading
from geodata.warehouse.tables import schema_of
from tests.geodata.engine.city import HandMade, make_city
from tests.geodata.engine.oracle import Case, random_incidents

if TYPE_CHECKING:
    from pathlib import Path

CASE = Case(5, 300, (0, 0, 20), "street", 30.0, 0.0, (), (), (), "", "closed", "Asia/Shanghai")
LAYERS = [("street", np.array([-1, 0, 0, 1], np.int32))]


@pytest.fixture
def city(tmp_path: Path) -> HandMade:
    return make_city(tmp_path, random_incidents(CASE))


def tables(url: str, snapshot: str) -> dict[str, int]:
    """Rows of the tables of a snapshot."""
    engine = sa.create_engine(url)
    with engine.connect() as database:
        names = sa.inspect(database).get_table_names(schema_of(snapshot))
        counted = {
            name: database.exec_driver_sql(
                f'SELECT count(*) FROM "{schema_of(snapshot)}".{name}'  # noqa: S608 - ours
            ).scalar_one()
            for name in names
        }
    engine.dispose()
    return counted


def test_months_and_lookups_are_loaded_once(city: HandMade, warehouse: str) -> None:
    city.id = "whole-0a"
    told: list[float] = []
    assert load(city, LAYERS, warehouse, lambda _, share: told.append(share))
    assert not load(city, LAYERS, warehouse)
    months = [path for path in city.incident_files() if len(path.stem) == 7]
    rows = sum(len(pd.read_parquet(path)) for path in months)
    assert tables(warehouse, city.id) == {"published": rows, "cells": 3}
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_failure_on_the_way_leaves_nothing(
    city: HandMade, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.id = "broken-0a"
    with monkeypatch.context() as patch:
        patch.setattr(loading, "INDEX", ("SELECT 1 / 0",))
        with pytest.raises(WarehouseError, match="division by zero"):
            load(city, LAYERS, warehouse)
    assert tables(warehouse, city.id) == {}
    assert load(city, LAYERS, warehouse)


def test_of_two_who_load_one_does(city: HandMade, warehouse: str) -> None:
    """The second waits for the first, and finds what it was about to write."""
    city.id = "twice-0a"
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: load(city, LAYERS, warehouse), range(2)))
    assert sorted(done) == [False, True]


def test_what_is_gone_from_here_is_removed(city: HandMade, warehouse: str) -> None:
    for name in ("town-0a", "town-0b", "town-east-0c", "other-0d"):
        city.id = name
        load(city, LAYERS, warehouse)
    assert forget(warehouse, "town", ["town-0b"]) == ["town-0a"]
    assert [bool(tables(warehouse, n)) for n in ("town-0a", "town-0b", "town-east-0c")] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "write it like postgresql"),
        ("sqlite:///x", "no PostgreSQL"),
        ("postgresql+psycopg://u:secret@/x?host=/nowhere", "look whether the server runs"),
    ],
)
def test_an_unusable_url_is_told_without_its_password(city: HandMade, url: str, words: str) -> None:
    with pytest.raises(WarehouseError, match=words) as told:
        load(city, LAYERS, url)
    assert "secret" not in str(told.value)
