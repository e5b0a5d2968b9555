"""The bench of published optima on a made-up state, and its judge, who must find what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geodata.bench import optima
from geodata.bench.figures import Limits
from geodata.bench.verified import verify
from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 4
HALVES = [column // 2 for _ in range(SIDE) for column in range(SIDE)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state of sixteen equal counties in a square, to be cut into two districts."""
    nodes = [{"id": n, "TOTPOP": 100} for n in range(SIDE * SIDE)]
    near: list[list[dict[str, int]]] = [[] for _ in nodes]
    for n in range(SIDE * SIDE):
        east, south = n + 1, n + SIDE
        for other in ([east] if east % SIDE else []) + ([south] if south < SIDE * SIDE else []):
            near[n].append({"id": other})
            near[other].append({"id": n})
    told = json.dumps({"nodes": nodes, "adjacency": near})
    (tmp_path / "county99.json").write_text(told, encoding="utf-8")
    rows = ["state,file,k,opt_cut_edges_contiguous_table13", "XX,county99.json,2,4"]
    rows.append("YY,county98.json,2,9")  # whose graph is not there
    (tmp_path / "published_optimum.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_the_optimum_is_reached_and_timed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optima, "SEEDS", range(2))
    found = optima.run(None, Limits(data=folder))
    known = {"optima_runs": 2, "optima_reached": 2, "optima_xx_links": 4, "optima_xx_published": 4}
    assert {key: found[key] for key in known} == known
    assert 0 < found["optima_xx_s"] <= found["optima_xx_s_max"] <= found["optima_s_max"]


def test_what_is_not_reached_is_said(folder: Path) -> None:
    instance = optima.instances(folder)[0]
    worse = optima.Solved(8, 1.0, tuple(n % SIDE in {0, 3} for n in range(SIDE * SIDE)))
    good = optima.Solved(4, 1.0, tuple(HALVES))
    found = optima.judged(instance, [good, worse])
    assert found["optima_xx_reached"] == 1
    assert found["optima_xx_links"] == 4


def test_the_judge_finds_what_is_wrong(folder: Path) -> None:
    path = folder / "county99.json"
    right = verify(path, 2, HALVES)
    assert (right.links, right.pieces, right.people, right.inside) == (4, 2, (800, 800), True)
    torn = verify(path, 2, [int(n % SIDE in {0, 3}) for n in range(SIDE * SIDE)])
    assert (torn.links, torn.pieces, torn.inside) == (8, 3, False)
    uneven = verify(path, 2, [0] * 4 + [1] * 12)
    assert (uneven.links, uneven.pieces, uneven.inside) == (4, 2, False)
    with pytest.raises(ValueError, match="16 nodes, not 3"):
        verify(path, 2, [0, 1, 1])


def test_a_folder_without_instances_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="--data"):
        optima.run(None, Limits())
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(RequestError, match=r"empty: no published_optimum\.csv"):
        optima.run(None, Limits(data=empty))
    (folder / "county99.json").unlink()
    with pytest.raises(RequestError, match="none of the graphs"):
        optima.run(None, Limits(data=folder))
