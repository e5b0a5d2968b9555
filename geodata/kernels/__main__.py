"""`python -m geodata.kernels`: compile everything now, so that nobody waits for it later."""

from __future__ import annotations

import sys

from geodata.kernels import compile_all
from geodata.kernels.settings import COMPILED

WIDTH = 30


def show(step: str, share: float) -> None:
    """Draw how far it is, over what was drawn before."""
    done = round(share * WIDTH)
    sys.stderr.write(f"\r{step} {'#' * done}{'.' * (WIDTH - done)} {share:4.0%}")
    sys.stderr.flush()


if __name__ == "__main__":
    compile_all(show)
    show("kernels", 1.0)
    sys.stderr.write("\n" if COMPILED else "\nnumba is missing: slower ways are taken\n")
