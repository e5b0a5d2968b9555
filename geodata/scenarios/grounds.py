"""Grounds of published cities: files beside the snapshots, made once and opened by scenarios."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.model.draft import Progress, silent
from geodata.model.errors import NotYetError, SnapshotError, UnknownPlaceError
from geodata.scenarios import parts
from geodata.scenarios.given import codes_of
from geodata.scenarios.grounded import Grounded
from geodata.scenarios.joining import joined, of_street, only
from geodata.scenarios.source import Source
from geodata.store.prune import GROUNDS
from geodata.store.reading import readable
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from geodata.scenarios.parts import Part
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int32]

INDEX: Final = "ground.json"
FORMAT: Final = 1
STEP: Final = "ground"  # the word under which progress is told


def is_ready(city: City) -> bool:
    """Whether the ground of a city is there, so that a scenario can begin on it."""
    return (folder_of(city) / INDEX).exists()


def folder_of(city: City) -> Path:
    """Where the ground of a city lies."""
    return city.data_dir / GROUNDS / city.id


def make(city: City, told: Progress = silent) -> Path:
    """Make the ground of a city, region by region; what is there already stays.

    Raises:
        NoGroundError: it has no grids with borders, or no roads.
    """
    folder = folder_of(city)
    source = Source.of(city)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if is_ready(city):
            return folder
        number = {street: row for row, street in enumerate(source.streets)}
        for done, (region, streets) in enumerate(source.regions.items()):
            told(STEP, done / len(source.regions))
            paths = {street: folder / f"{number[street]:04d}.npz" for street in streets}
            if not all(map(_is_whole, paths.values())):
                _made(source, region, paths)
        write_text(folder / INDEX, json.dumps(_noted(source, number), ensure_ascii=False))
    told(STEP, 1.0)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time makes a ground; the others wait for it."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_whole(path: Path) -> bool:
    """Whether an earlier run has made this part."""
    try:
        return path.exists() and bool(parts.read(path).ground.crs)
    except (OSError, ValueError, KeyError):
        return False


def _made(source: Source, region: int, paths: dict[int, Path]) -> None:
    """Make a region and write its streets, a file each."""
    whole, tree = parts.made(source, region), source.city.tree
    units = [tree.find(code) for code in whole.ground.communities]
    for street, path in paths.items():
        inside = np.array([unit in tree.subtree(street) for unit in units], dtype=np.bool_)
        parts.write(of_street(whole, inside), path)


def _noted(source: Source, number: dict[int, int]) -> dict[str, Any]:
    """What is noted of a ground: its files with their communities, names, what lies above what."""
    tree = source.city.tree
    index = [
        {
            "file": f"{number[street]:04d}.npz",
            "communities": [tree.codes[u] for u in np.unique(tree.parents[grids]).tolist()],
        }
        for street, grids in source.streets.items()
    ]  # fmt: skip
    about = {"format": FORMAT, "snapshot": source.city.id, "crs": source.crs, "parts": index}
    return about | _called(source)


def _called(source: Source) -> dict[str, Any]:
    """Names of every unit that a plan may name, and what lies above each community."""
    tree, places = source.city.tree, source.city.places
    zh, en = places["name_zh"].tolist(), places["name_en"].tolist()
    grids = set(source.grids.tolist())
    communities = sorted({int(tree.parents[grid]) for grid in grids})
    paths = {tree.codes[unit]: _above(tree.parents, unit) for unit in communities}
    units = grids | {unit for path in paths.values() for unit in path}
    return {
        "names": {tree.codes[unit]: (zh[unit], en[unit]) for unit in sorted(units)},
        "paths": {code: [tree.codes[unit] for unit in path] for code, path in paths.items()},
        "codes": sorted(codes_of(source.city)),
    }  # fmt: skip


def _above(parents: Ints, unit: int) -> list[int]:
    path = [unit]
    while parents[path[-1]] >= 0:
        path.append(int(parents[path[-1]]))
    return path[::-1]


def grounded(city: City, told: Progress = silent) -> Grounded:
    """The whole ground of a city; made now where nobody has made it."""
    if not is_ready(city):
        make(city, told)
    return opened(folder_of(city))


def index_of(folder: Path) -> dict[str, Any]:
    """What is noted of a ground: its parts, names and codes.

    Raises:
        NotYetError: nobody has made it.
        SnapshotError: it is damaged, or of another version of this program.
    """
    path = folder / INDEX
    if not path.exists():
        msg = f"{path}: the ground of this city is not made yet; ask again in a minute"
        raise NotYetError(msg)
    noted: dict[str, Any] = readable(path, lambda file: json.loads(file.read_text("utf-8")))
    if noted.get("format") != FORMAT:
        msg = f"{path}: is of another version; remove its folder, and it is made anew"
        raise SnapshotError(msg)
    return noted


def parts_of(noted: dict[str, Any], place: str) -> list[str]:
    """Names of the files that hold a place."""
    return [
        part["file"] for part in noted["parts"]
        if any(place in noted["paths"][code] for code in part["communities"])
    ]  # fmt: skip


def lent(folder: Path, to: Path, place: str) -> None:
    """Keep what a place stands on for a scenario, in a folder of its own: snapshots go, plans stay.

    Raises:
        OSError: it cannot be kept.
    """
    to.mkdir(parents=True)
    noted = index_of(folder)
    files = parts_of(noted, place)
    for name in files:
        shared(folder / name, to / name)
    kept = [part for part in noted["parts"] if part["file"] in files]
    write_text(to / INDEX, json.dumps(noted | {"parts": kept}, ensure_ascii=False))


def shared(source: Path | str, target: Path | str) -> None:
    """Give a file that nobody changes a second name; a copy where the disk knows no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def opened(folder: Path, place: str = "") -> Grounded:
    """The ground in a folder, or what of it lies in a place: only that is read.

    Raises:
        NotYetError: nobody has made it.
        SnapshotError: a file is damaged.
    """
    noted = index_of(folder)
    names = parts_of(noted, place) if place else [part["file"] for part in noted["parts"]]
    if not names:
        msg = f"{place}: no grid of this city lies there; name a community or a street"
        raise UnknownPlaceError(msg)
    whole = joined([readable(folder / name, parts.read) for name in names])
    paths = {code: tuple(path) for code, path in noted["paths"].items()}
    there = _named(whole, noted, paths)
    return _inside(there, place) if place else there


def _named(whole: Part, noted: dict[str, Any], paths: dict[str, tuple[str, ...]]) -> Grounded:
    return Grounded(
        noted["snapshot"], noted["crs"], whole.ground, whole.today, whole.residual,
        whole.buildings, whole.outdoors, whole.lines,
        {code: (zh, en) for code, (zh, en) in noted["names"].items()},
        paths, frozenset(noted["codes"]),
    )  # fmt: skip


def _inside(there: Grounded, place: str) -> Grounded:
    """What lies in the communities of a place alone."""
    ground = there.ground
    return only(there, np.array([place in there.paths[code] for code in ground.communities]))
