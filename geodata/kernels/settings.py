"""How every kernel is compiled, and the one mark that says a function is one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, SupportsInt, TypeVar, cast

import numpy as np

numba: Any
try:
    import numba
except ImportError:  # no machine code for this machine: callers take their other path
    numba = None

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")

COMPILED: Final = numba is not None  # without it a kernel is Python: right, and far too slow
LOG: Final = logging.getLogger(__name__)


def kernel(function: F) -> F:
    """Compile on first use, keep the machine code on disk, and let other threads go on."""
    if numba is None:
        return function
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError as error:  # neither the source's folder nor the user's can be written
        LOG.warning("%s is compiled at every start: %s", function, error)
        made = numba.njit(nogil=True)(function)
    return cast("F", made)


@kernel
def whole(value: SupportsInt) -> int:
    """A whole number in 64 bits, which every other kind fits into."""
    return np.int64(value)  # type: ignore[return-value, call-overload, unused-ignore] # both are one
