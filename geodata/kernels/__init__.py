"""The innermost loops, as machine code: plain arrays in, plain arrays out.

Each module ends with `warm`, which calls its kernels once with tiny arrays of the types they are
given in earnest; its name stands in `MODULES`. What is compiled is kept on disk beside the source.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from geodata.kernels.settings import COMPILED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


DRAWING: Final = ("trees", "flips")  # what parts of a plan are drawn with


def ready(names: Sequence[str]) -> None:
    """Compile the kernels of some modules, or load them, before anybody waits for one."""
    for name in names if COMPILED else ():
        import_module(f"{__name__}.{name}").warm()


def compile_all(progress: Callable[[str, float], None]) -> None:
    """Compile every kernel, or load what an earlier start has compiled; nothing without numba."""
    for done, name in enumerate(MODULES if COMPILED else ()):
        progress("kernels", done / len(MODULES))
        import_module(f"{__name__}.{name}").warm()
