"""The list of scenarios, from their files alone: no ground is read for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geodata.model.errors import SnapshotError
from geodata.scenarios.book import LINES
from geodata.scenarios.lines import Lines
from geodata.scenarios.state import DRAFT, WITHDRAWN, writer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Listed:
    """One scenario in the list.

    scope_name: Chinese and English; grids: how many there were and how many it has; fault: why it
    cannot be opened, "" if it can; seal, by: of the last line, and who wrote it; carried: id of the
    one that it continues on the grids of a newer city, "" of a branch and of all others.
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
    seal: str = ""
    by: str = ""
    carried: str = ""


def continuing(key: str, those: Iterable[Listed]) -> list[Listed]:
    """Scenarios that took the changes of one over to newer grids; what was withdrawn does not."""
    return [each for each in those if each.carried == key and each.state != WITHDRAWN]


class Listing:
    """Reads each file once, until it grows."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self._folder = folder
        self._known: dict[str, tuple[tuple[int, int], Listed]] = {}

    def all(self) -> list[Listed]:
        """Every scenario, the last changed one first."""
        paths = self._folder.glob(f"[!.]*/{LINES}")
        found = {path.parent.name: self._read(path) for path in paths}
        self._known = found
        return sorted((each for _, each in found.values()), key=lambda each: -each.changed)

    def one(self, key: str) -> Listed | None:
        """One scenario as its file says; None = there is none."""
        try:
            found = self._known[key] = self._read(self._folder / key / LINES)
        except FileNotFoundError:
            return None
        return found[1]

    def _read(self, path: Path) -> tuple[tuple[int, int], Listed]:
        state = path.stat()
        key, stamp = path.parent.name, (state.st_size, state.st_mtime_ns)
        known = self._known.get(key)
        return known if known and known[0] == stamp else (stamp, _listed(key, path))


def _listed(key: str, path: Path) -> Listed:
    try:
        file = Lines(path)
        return replace(_summed(file.read()), seal=file.seal)
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
        by=writer(lines[-1]), carried=first.get("carried", "") if named is first else "",
    )  # fmt: skip
