"""Whether a division of a published instance is what it says: read and reckoned anew.

Nothing of the solver is used here: the file of the graph is read once more, as plain lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """What a division is.

    links: between districts; pieces: in how many connected pieces the districts are in sum;
    people: of each district; inside: whether each is connected and within 0.5 % of the mean.
    """

    links: int
    pieces: int
    people: tuple[int, ...]
    inside: bool


def verify(path: Path, districts: int, district: Sequence[int]) -> Verdict:
    """Judge the district of every node of the graph in a file.

    Raises:
        ValueError: not one district for each node.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    near = [[link["id"] for link in links] for links in told["adjacency"]]
    people = [int(node["TOTPOP"]) for node in told["nodes"]]
    if len(district) != len(near):
        msg = f"{path.name} has {len(near)} nodes, not {len(district)}"
        raise ValueError(msg)
    cut = {
        frozenset((node, other))
        for node, others in enumerate(near)
        for other in others
        if district[node] != district[other]
    }
    held = tuple(
        sum(count for count, of in zip(people, district, strict=True) if of == each)
        for each in range(districts)
    )
    pieces = _pieces(near, district)
    # In whole numbers: 0.995 P / k ≤ held ≤ 1.005 P / k.
    within = all(
        995 * sum(people) <= 1000 * districts * each <= 1005 * sum(people) for each in held
    )
    return Verdict(len(cut), pieces, held, within and pieces == len(set(district)) == districts)


def _pieces(near: Sequence[Sequence[int]], district: Sequence[int]) -> int:
    """In how many connected pieces all districts are together, breadth first."""
    left, pieces = set(range(len(near))), 0
    while left:
        pieces += 1
        waiting = [left.pop()]
        for node in waiting:  # grows while it is walked
            fresh = {n for n in near[node] if n in left and district[n] == district[node]}
            left -= fresh
            waiting.extend(fresh)
    return pieces
