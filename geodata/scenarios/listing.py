"""The list of scenarios, from their files alone: no ground is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geodata.model.errors import SnapshotError
from geodata.scenarios.book import LINES
from geodata.scenarios.lines import Lines
from geodata.scenarios.state import DRAFT

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Listed:
    """One scenario in the list.

    scope_name: Chinese and English; grids: how many there were and how many it has; fault: why it
    cannot be opened, "" if it can.
    """

    id: str
    name: str
    scope: str
    scope_name: tuple[str, str]
    state: str
    author: str
    created: int
    changed: int
    base: str
    parent: str
    grids: tuple[int, int]
    steps: int
    fault: str = ""


class Listing:
    """Reads each file once, until it grows."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self._folder = folder
        self._known: dict[str, tuple[tuple[int, int], Listed]] = {}

    def all(self) -> list[Listed]:
        """Every scenario, the last changed one first."""
        found = {}
        for path in self._folder.glob(f"[!.]*/{LINES}"):
            state = path.stat()
            key, stamp = path.parent.name, (state.st_size, state.st_mtime_ns)
            known = self._known.get(key)
            found[key] = known if known and known[0] == stamp else (stamp, _listed(key, path))
        self._known = found
        return sorted((each for _, each in found.values()), key=lambda each: -each.changed)


def _listed(key: str, path: Path) -> Listed:
    try:
        lines = Lines(path).read()
        return _summed(lines)
    except (SnapshotError, KeyError, IndexError) as error:
        fault = str(error) or f"{path}: is empty"
        return Listed(key, key, "", ("", ""), DRAFT, "", 0, 0, "", "", (0, 0), 0, fault)


def _summed(lines: list[dict[str, Any]]) -> Listed:
    first = lines[0]
    named = [line for line in lines if line["kind"] in {"made", "branch"}][-1]
    state, grids = DRAFT, first["grids"]
    for line in lines:
        state = {"move": line.get("state"), "branch": DRAFT}.get(line["kind"]) or state
        grids = line.get("grids", grids)
    zh, en = first["scope_name"]
    return Listed(
        named["id"], named["name"], first["scope"], (zh, en), state, named["author"],
        int(named["at"]), int(lines[-1]["at"]), first["base"], named["parent"],
        (first["grids"], grids), sum(line["kind"] == "step" for line in lines),
    )  # fmt: skip
