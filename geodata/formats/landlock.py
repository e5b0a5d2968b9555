"""Landlock, by which a Linux process gives up every file but those it names (kernel 5.13).

Later kernels know more that can be given up: each version of the interface adds some, and what a
kernel does not know must not be asked of it.
"""

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
_ASK_VERSION: Final = 1
_BENEATH: Final = 1  # a rule about a path
_NO_NEW_PRIVILEGES: Final = 38  # for prctl
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MOVE, _TRUNCATE, _COMMAND = 1 << 13, 1 << 14, 1 << 15  # to another folder; a device
_FIRST: Final = (1 << 13) - 1  # all that the first version knows
# Version of the interface → what it adds about files, about TCP, and about other processes.
_ADDED: Final = {
    1: (_FIRST, 0, 0),
    2: (_MOVE, 0, 0),
    3: (_TRUNCATE, 0, 0),
    4: (0, 3, 0),  # to listen, to connect
    5: (_COMMAND, 0, 0),
    6: (0, 0, 3),  # sockets without a file, signals
}
_SIZES: Final = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16}  # of the request; later it has three numbers
_OF_FILES: Final = _READ_FILE | _WRITE_FILE | _EXECUTE | _TRUNCATE | _COMMAND


def version() -> int:
    """Ask which version of the interface this kernel has; 0 = none."""
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION)))


def restrict(listed: Iterable[str], readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Give up all files but these, and what else the kernel knows; say whether it can do that."""
    known = version()
    if not known:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    given_up = _given_up(known)
    asked = struct.pack("<QQQ", *given_up)[: _SIZES.get(known, 24)]
    ruleset = libc.syscall(
        _CREATE, ctypes.create_string_buffer(asked, len(asked)), ctypes.c_size_t(len(asked)), 0
    )
    if ruleset < 0:
        return False
    try:
        for paths, access in (
            (listed, _READ_DIR),
            (readable, _READ_FILE | _READ_DIR),
            (writable, given_up[0] & ~_EXECUTE),
        ):
            for path in paths:
                _allow(libc, ruleset, path, access)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _given_up(known: int) -> tuple[int, int, int]:
    files, net, others = 0, 0, 0
    for since, (of_files, of_net, of_others) in _ADDED.items():
        if since <= known:
            files, net, others = files | of_files, net | of_net, others | of_others
    return files, net, others


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
