"""Landlock, by which a Linux process gives up every file but those it names (kernel 5.13)."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, the same on every processor
_BENEATH: Final = 1  # a rule about a path
_NO_NEW_PRIVILEGES: Final = 38  # for prctl
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_EVERYTHING: Final = (1 << 13) - 1  # as of the first version of the interface
_OF_FILES: Final = _READ_FILE | _WRITE_FILE | 1


def restrict(listed: Iterable[str], readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Give up all files but these; say whether the kernel can do that."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    handled = ctypes.create_string_buffer(struct.pack("<Q", _EVERYTHING))
    ruleset = libc.syscall(_CREATE, handled, ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return False
    try:
        for paths, access in (
            (listed, _READ_DIR),
            (readable, _READ_FILE | _READ_DIR),
            (writable, _EVERYTHING & ~1),
        ):
            for path in paths:
                _allow(libc, ruleset, path, access)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        allowed = access if is_folder else access & _OF_FILES
        rule = ctypes.create_string_buffer(struct.pack("<Qi", allowed, opened))
        libc.syscall(_ADD, ruleset, _BENEATH, rule, 0)
    finally:
        os.close(opened)
