"""Others who divide the same ground: METIS, GerryChain's ReCom, spopt's max-p regions.

Each is optional and runs in a process of its own, which is ended when it takes too long. What they
give is a number for each node of a region's graph.
"""

from __future__ import annotations

import multiprocessing
import warnings
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

    import numpy.typing as npt

    from geodata.planner.regions import Region

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

PATIENCE_S: Final = 600.0
SEED: Final = 1
TRIES: Final = 50  # of a cut, before a wider tolerance is allowed
STEPS: Final = 1  # of the chain for each part; more of them were not more even
WIDER: Final = 2.0


@dataclass(frozen=True)
class Piece:
    """A region and where its nodes are, in metres."""

    region: Region
    where: Floats


@dataclass(frozen=True)
class Peer:
    """name: in figures; needs: the package; divide: a piece into parts within a tolerance."""

    name: str
    needs: str
    divide: Callable[[Piece, float], Ints]

    @property
    def is_here(self) -> bool:
        """Whether its package is installed."""
        return find_spec(self.needs) is not None


def asked(peer: Peer, pieces: Sequence[Piece], tolerance: float) -> tuple[float, list[Ints]] | None:
    """Seconds that a peer took and its parts of each piece; None where it did not come to an end.

    Its imports do not count.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    work = context.Process(target=_work, args=(peer, pieces, tolerance, there))
    work.start()
    there.close()
    try:
        ready = here.poll(PATIENCE_S)
        answer: tuple[float, list[Ints]] | None = here.recv() if ready else None
    except EOFError:  # it broke, and has said why on the terminal
        answer = None
    finally:
        work.kill()
        work.join()
    return answer


def _work(peer: Peer, pieces: Sequence[Piece], tolerance: float, there: Connection) -> None:
    warnings.simplefilter("ignore")
    import_module(peer.needs)
    began = perf_counter()
    parts = [peer.divide(piece, tolerance) for piece in pieces]
    there.send((perf_counter() - began, parts))


def metis(piece: Piece, _tolerance: float) -> Ints:
    """METIS, contiguous."""
    pymetis: Any = import_module("pymetis")
    region = piece.region
    count, graph = len(region.grids), region.graph
    if count == 1:
        return region.part
    weights = np.maximum(np.round(graph.weight), 1).astype(np.int64)
    _, part = pymetis.part_graph(
        count, xadj=graph.start, adjncy=graph.other, vweights=weights,
        options=pymetis.Options(contig=1, seed=SEED), recursive=False,
    )  # fmt: skip
    return np.asarray(part, dtype=np.int32)


def recom(piece: Piece, tolerance: float) -> Ints:
    """GerryChain: a seed plan by trees, then a chain of ReCom, of which the most even one counts.

    Where no tree can be cut within the tolerance, a wider one is allowed.
    """
    region = piece.region
    if len(region.grids) == 1:
        return region.part
    tree: Any = import_module("gerrychain.tree")
    wide = tolerance
    while True:
        try:
            return _chain(region, wide)
        except (RuntimeError, tree.BalanceError, tree.PopulationBalanceError):
            wide *= WIDER


def _chain(region: Region, tolerance: float) -> Ints:
    gerrychain: Any = import_module("gerrychain")
    tree: Any = import_module("gerrychain.tree")
    seeds: Any = import_module("gerrychain.partition")
    proposals: Any = import_module("gerrychain.proposals")
    count, mean = len(region.grids), region.load / len(region.grids)
    few = partial(tree.bipartition_tree, max_attempts=TRIES)
    told = {"pop_col": "load", "pop_target": mean, "epsilon": tolerance}
    graph = gerrychain.Graph.from_networkx(_network(region))
    seed = seeds.recursive_seed_part(
        graph=graph, parts=range(count), **told, bipartition_tree_fn=few, rng=SEED
    )
    first = gerrychain.Partition(graph, seed)
    chain = gerrychain.MarkovChain(
        partial(proposals.recom, **told), [], gerrychain.accept.always_accept, first,
        STEPS * count, rng=SEED,
    )  # fmt: skip
    every = (_assigned(plan, len(region.atoms)) for plan in chain)
    return min(every, key=partial(_off, region))


def _network(region: Region) -> Any:  # noqa: ANN401 - a package that need not be there
    networkx: Any = import_module("networkx")
    graph, network = region.graph, networkx.Graph()
    network.add_nodes_from((n, {"load": w}) for n, w in enumerate(graph.weight.tolist()))
    ends = np.repeat(np.arange(len(graph.weight)), np.diff(graph.start))
    network.add_edges_from(zip(ends.tolist(), graph.other.tolist(), strict=True))
    return network


def _assigned(plan: Any, nodes: int) -> Ints:  # noqa: ANN401
    part = np.zeros(nodes, dtype=np.int32)
    for node, of in plan.assignment.items():
        part[node] = of
    return part


def _off(region: Region, part: Ints) -> float:
    load = np.bincount(part, region.graph.weight, len(region.grids))
    return float(np.abs(load * len(region.grids) / region.load - 1).max())


def maxp(piece: Piece, tolerance: float) -> Ints:
    """Max-p regions of spopt: as many as can be that hold no less than the tolerance allows."""
    frames: Any = import_module("geopandas")
    spopt: Any = import_module("spopt.region")
    weights: Any = import_module("libpysal.weights")
    graph, where = piece.region.graph, piece.where
    near = {
        node: graph.other[graph.start[node] : graph.start[node + 1]].tolist()
        for node in range(len(graph.weight))
    }
    table = frames.GeoDataFrame(
        {"x": where[:, 0], "y": where[:, 1], "load": graph.weight},
        geometry=frames.points_from_xy(*where.T),
    )
    least = (1 - tolerance) * piece.region.load / len(piece.region.grids)
    np.random.seed(SEED)  # noqa: NPY002 - the generator that it draws from
    model = spopt.MaxPHeuristic(
        table, weights.W(near, silence_warnings=True), ["x", "y"], "load", least
    )
    model.solve()
    return np.unique(model.labels_, return_inverse=True)[1].astype(np.int32)


METIS: Final = Peer("metis", "pymetis", metis)
RECOM: Final = Peer("recom", "gerrychain", recom)
MAXP: Final = Peer("maxp", "spopt", maxp)
