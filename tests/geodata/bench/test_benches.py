"""Every bench once, on a small city and in small: that its figures are there, never how fast."""

from __future__ import annotations

import json
import math
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from geodata import __main__ as main
from geodata.bench import duplicates
from geodata.bench.command import NAMES
from geodata.bench.figures import Limits, median, p95
from geodata.bench.server import Server, Visitor, running
from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.bench.figures import Figures
    from geodata.store.snapshots import City

SMALL: Final = Limits(
    requests=8,
    seconds=1,
    rate=200,
    kills=1,
    viewers=3,
    points=20_000,
    atoms=900,
    tiles=3,
    days=10,
    peers=False,
)
PROMISED: Final = {
    "screens": {"screen_cold_p95_ms", "screen_warm_p95_ms", "screen_vs_duckdb", "screen_unequal"},
    "assign": {"assign_mpoints_s", "assign_vs_geopandas", "assign_vs_shapely"},
    "tiles": {"tiles_vs_mapbox_vector_tile", "grid_tile_p95_ms", "building_tile_p95_ms"},
    "ingest": {
        "ingest_events_s", "ingest_query_p95_ms", "ingest_lost", "restart_first_screen_s",
        "peak_rss_mb", "peak_own_mb",
    },
    "kills": {"kills_events", "kills_answers", "kills_s"},
    "heat": {"heat_frame_ms", "heat_playback_ms"},
    "viewers": {"viewers_p95_ms"},
    "duplicates": {"duplicates_learn_s", "duplicates_day_ms", "duplicates_whole_s"},
    "redraw": {
        "grids", "redraw_s", "redraw_max_deviation", "redraw_polsby_popper",
        *(f"redraw_{of}_{name}" for of in ("street", "community") for name in (
            "grids", "s", "max_deviation", "polsby_popper",
        )),
    },
    "rebalance": {
        "rebalance_s", "rebalance_moved", "rebalance_bound", "rebalance_ratio",
        "rebalance_conditional_bound", "grids", "rebalance_street_grids",
    },
    "edits": {"stroke_ms", "stroke_city_ms", "stroke_checked_ms", "grids", "stroke_grids"},
    "clocks": {"deadlines_per_s", "deadlines_dst_per_s", "deadlines_one_by_one_per_s"},
}  # fmt: skip
KNOWN: Final[dict[str, dict[str, float]]] = {
    "screens": {"screen_requests": 8, "screen_unequal": 0, "screen_duckdb_failed": 0},
    "assign": {
        "assign_areas": 8, "assign_points": 20_000, "assign_unlike_geopandas": 0,
        "assign_unlike_shapely": 0,
    },
    "ingest": {
        "ingest_events": 200, "ingest_rejected": 0, "ingest_lost": 0, "ingest_kills": 2,
    },
    "kills": {"kills": 1, "kills_lost": 0, "kills_unequal": 0},
    "viewers": {"viewers": 3, "viewers_failed": 0, "viewers_incidents": 6_000},
    "duplicates": {"duplicates_cases": 6_000},
    "clocks": {"deadlines": 20_000, "deadlines_unequal": 0},
    "redraw": {"redraw_broken": 0, "redraw_street_broken": 0},
    "rebalance": {"rebalance_broken": 0, "rebalance_over_10": 0},
    "edits": {"stroke_broken": 0, "stroke_city_broken": 0},
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_there_and_what_can_be_known_is_right(city: City, name: str) -> None:
    found: Figures = import_module(f"geodata.bench.{name}").run(city, SMALL)
    assert set(found) >= PROMISED[name]
    assert all(math.isfinite(value) for value in found.values())
    assert all(found[key] > 0 for key in PROMISED[name] - set(KNOWN.get(name, {})))
    assert {key: found[key] for key in KNOWN.get(name, {})} == KNOWN.get(name, {})


def test_duplicates_are_judged_by_what_was_planted() -> None:
    assert duplicates.figures(np.array([50.0, 40, 80, 20, 15, 30])) == {
        "duplicates_precision": 0.8,
        "duplicates_recall": 0.5,
        "duplicates_unmarked_precision": 0.75,
        "duplicates_unmarked_recall": 0.5,
    }


def test_the_command_writes_one_flat_object(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "figures.json"
    words = ["bench", "heat", "--data-dir", str(city.data_dir), "--json", str(out)]
    monkeypatch.setattr(sys, "argv", ["geodata", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert not ended.value.code
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert found["incidents"] == city.meta["counts"]["incidents"]
    assert PROMISED["heat"] <= set(found)
    assert all(isinstance(value, float) for value in found.values())
    said = capsys.readouterr().out
    assert all(key in said for key in found)


def test_a_folder_without_a_city_is_refused_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["geodata", "bench", "heat", "--data-dir", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 2
    assert "no city is published here" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "live.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RequestError, match="does not name a snapshot"), running(tmp_path):
        pytest.fail("it runs")


def test_nobody_is_answered_where_nothing_runs(tmp_path: Path) -> None:
    visitor = Visitor.__new__(Visitor)
    visitor.__dict__ |= {
        "_port": Server(tmp_path).port,
        "_asking": None,
        "_spec": {"output": "a.b", "inputs": [{"id": "url", "property": "search"}]},
    }
    assert visitor.ask("?t=7d") == 0


def test_nothing_measured_is_no_figure() -> None:
    assert p95(range(101)) == 95
    assert median([1, 5, 3]) == 3
    with pytest.raises(RequestError, match="nothing was answered"):
        p95([])
