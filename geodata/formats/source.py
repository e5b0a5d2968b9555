"""A plain file to be read, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.formats.sheet import FileRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats.sheet import Limits


@dataclass(frozen=True)
class Source:
    """A file that is neither packed nor compressed.

    encoding, layer: as the profile says, "" = find out; scratch: a folder of our own.
    """

    path: Path
    kind: str
    encoding: str
    layer: str
    limits: Limits
    scratch: Path

    def content(self) -> bytes:
        """Read it whole."""
        return self.path.read_bytes()

    def choose(self, layers: list[str]) -> str:
        """Pick the layer the profile names, or the only one.

        Raises:
            FileRefusedError: there is none, or several and none is named; the message lists them.
        """
        if self.layer in layers:
            return self.layer
        if not layers:
            detail = "holds no layer with rows"
            raise FileRefusedError(
                reason="no_layer", detail=detail, cure="export it again with its rows"
            )
        if self.layer:
            detail = f"has no layer {self.layer}"
        elif len(layers) == 1:
            return layers[0]
        else:
            detail = "has several layers"
        cure = f"name one of them as `layer` in the profile: {', '.join(layers)}"
        raise FileRefusedError(
            reason="choose_layer", detail=detail, cure=cure, choices=tuple(layers)
        )
