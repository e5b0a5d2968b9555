"""Published optima: the fewest links between districts of four states, and Providence in wards."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.bench.blocks import figures as of_blocks
from geodata.bench.figures import median
from geodata.bench.verified import verify
from geodata.kernels.trees import Graph
from geodata.model.errors import RequestError
from geodata.planner.optima import Limits, Search, fewest_links

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.bench.figures import Figures
    from geodata.bench.figures import Limits as Bounds

SEEDS: Final = range(10)
TABLE: Final = "published_optimum.csv"
BLOCKS: Final = "Providence_blocks.zip"
SLACK: Final = 0.005


@dataclass(frozen=True)
class Instance:
    """A state: the file of its graph, how many districts, the fewest links that were published."""

    state: str
    path: Path
    districts: int
    published: int


@dataclass(frozen=True)
class Solved:
    """What one seed found and when, in seconds, the last time that it was bettered."""

    links: int
    after_s: float
    district: tuple[int, ...]


def run(_city: object, limits: Bounds) -> Figures:
    """Seconds to the published optimum, over ten seeds of each state; no city is needed.

    Raises:
        RequestError: no folder was told, or no instance is in it.
    """
    if limits.data is None:
        msg = "optima needs --data, the folder with published_optimum.csv and its county*.json"
        raise RequestError(msg)
    found: Figures = {}
    every: list[Solved] = []
    reached = 0.0
    for instance in instances(limits.data):
        runs = [solved(instance.path, instance.districts, seed) for seed in SEEDS]
        of_state = judged(instance, runs)
        found |= of_state
        reached += of_state[f"optima_{instance.state.lower()}_reached"]
        every += runs
    found["optima_runs"], found["optima_reached"] = float(len(every)), reached
    found["optima_s_max"] = max(run.after_s for run in every)
    return found | _blocks(limits.data)


def instances(folder: Path) -> list[Instance]:
    """The published instances whose graphs are in a folder or below it.

    Raises:
        RequestError: there is no table of them, or none of their graphs.
    """
    tables = sorted(folder.rglob(TABLE))
    if not tables:
        msg = f"{folder}: no {TABLE} in it; name the folder of the published instances"
        raise RequestError(msg)
    with tables[0].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [
        Instance(row["state"], path, int(row["k"]), int(row["opt_cut_edges_contiguous_table13"]))
        for row in rows
        if (path := tables[0].parent / row["file"]).is_file()
    ]
    if not found:
        msg = f"{tables[0]}: none of the graphs that it names lies beside it"
        raise RequestError(msg)
    return found


def graph_of(path: Path) -> Graph:
    """The counties of a state: linked where they touch, weighed by people."""
    told = json.loads(path.read_text(encoding="utf-8"))
    near = [sorted({int(link["id"]) for link in links}) for links in told["adjacency"]]
    start = np.cumsum([0, *map(len, near)], dtype=np.int32)
    other = np.array([node for each in near for node in each], dtype=np.int32)
    people = np.array([node["TOTPOP"] for node in told["nodes"]], dtype=np.float64)
    return Graph(start, other, np.ones(len(other)), people)


def solved(path: Path, districts: int, seed: int) -> Solved:
    """What the solver makes of a graph; it is told the limits, never what was published.

    Raises:
        RequestError: it found nothing inside the limits.
    """
    graph = graph_of(path)
    mean = float(graph.weight.sum()) / districts
    limits = Limits(districts, math.ceil(mean * (1 - SLACK)), math.floor(mean * (1 + SLACK)))
    began, moments = perf_counter(), [0.0]
    found = fewest_links(
        graph, limits, Search(seed=seed), lambda _: moments.append(perf_counter() - began)
    )
    if found is None:
        msg = f"{path}: no division into {districts} districts was found inside the limits"
        raise RequestError(msg)
    return Solved(found[0], moments[-1], tuple(found[1].tolist()))


def judged(instance: Instance, runs: list[Solved]) -> Figures:
    """How many seeds reached the optimum, by the judgement of who did not search, and how soon."""
    verdicts = [verify(instance.path, instance.districts, run.district) for run in runs]
    good = [
        run.after_s
        for run, verdict in zip(runs, verdicts, strict=True)
        if verdict.inside and verdict.links == run.links <= instance.published
    ]
    name = f"optima_{instance.state.lower()}"
    found = {
        f"{name}_published": float(instance.published),
        f"{name}_links": float(min(verdict.links for verdict in verdicts if verdict.inside)),
        f"{name}_reached": float(len(good)),
    }
    return found | ({f"{name}_s": median(good), f"{name}_s_max": max(good)} if good else {})


def _blocks(folder: Path) -> Figures:
    """Providence, where its blocks are in the folder or in one beside it."""
    paths = [*folder.rglob(BLOCKS), *folder.resolve().parent.glob(f"*/{BLOCKS}")]
    return of_blocks(paths[0]) if paths else {}
