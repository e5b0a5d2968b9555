"""The innermost loops, as machine code: plain arrays in, plain arrays out.

Each module ends with `warm`, which calls its kernels once with tiny arrays of the types they are
given in earnest; its name stands in `MODULES`. What is compiled is kept on disk beside the source.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from geodata.kernels.settings import COMPILED

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES: Final = (
    "boxes",
    "rings",
    "clip",
    "wire",
    "mvt",
    "exact",
    "strips",
    "raster",
    "bins",
    "judge",
    "tally",
    "past",
    "spread",
    "share",
    "alike",
    "near",
    "trees",
    "flips",
    "fewest",
)


def compile_all(progress: Callable[[str, float], None]) -> None:
    """Compile every kernel, or load what an earlier start has compiled; nothing without numba."""
    for done, name in enumerate(MODULES if COMPILED else ()):
        progress("kernels", done / len(MODULES))
        import_module(f"{__name__}.{name}").warm()
