"""Every file of a folder looked at: the smallest first, so that none waits behind a slow one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geodata.wizard.faults import Fault
from geodata.wizard.folder import candidates, weight
from geodata.wizard.looks import Look, kind_of, look
from geodata.wizard.purse import BUDGET, Budget, Purse
from geodata.wizard.reading import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from geodata.formats import Limits

MOST_LAYERS: Final = 50  # of one file; each is read on its own
NO_ENCODINGS: Final = MappingProxyType[str, str]({})


def look_folder(
    folder: Path,
    limits: Limits = LIMITS,
    progress: Callable[[str, float], None] = lambda _, __: None,
    encodings: Mapping[str, str] = NO_ENCODINGS,
    budget: Budget = BUDGET,
) -> tuple[Look, ...]:
    """Look at every file of a folder that may belong to a city, every layer on its own.

    encodings: those that a person has chosen, by the name of the look; budget: of all files.
    """
    paths = candidates(folder)
    this = _Round(folder, limits, encodings, Purse(budget))
    found: dict[Path, tuple[Look, ...]] = {}
    for path in sorted(paths, key=weight):
        progress(path.name, len(found) / len(paths))
        found[path] = tuple(this.layers(path))
    return tuple(each for path in paths for each in found[path])


@dataclass(frozen=True)
class _Round:
    """One round of looks: what a person has chosen, and what may still be spent."""

    folder: Path
    limits: Limits
    encodings: Mapping[str, str]
    purse: Purse

    def layers(self, path: Path) -> Iterator[Look]:
        """Look at every layer of a file."""
        first = self._look(path)
        layers = first.layers or (first.layer,)
        for layer in layers[:MOST_LAYERS]:
            if layer == first.layer and not (layer and f"{first.file}#{layer}" in self.encodings):
                yield first
            else:
                yield replace(self._look(path, layer), layers=layers)
        if len(layers) > MOST_LAYERS:
            detail = f"has {len(layers)} layers, of which {MOST_LAYERS} are looked at"
            yield Look(first.file, kind=first.kind, fault=Fault("too_many_layers", detail))

    def _look(self, path: Path, layer: str = "") -> Look:
        name = path.relative_to(self.folder).as_posix()
        if fault := self.purse.spend(weight(path)):
            return Look(name, layer, kind=kind_of(path), fault=fault)
        encoding = self.encodings.get(f"{name}#{layer}" if layer else name, "")
        limits = self.purse.limits(self.limits)
        found = look(path, limits, folder=self.folder, layer=layer, encoding=encoding)
        return replace(found, fault=self.purse.fair(found.fault))
