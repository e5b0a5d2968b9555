"""A filter of system calls, by which a Linux process gives up the network and other programs.

With them go the calls that change what a file is (its length by name, rights, owner, times,
attributes) and the limits of processes: Landlock knows most of them on no kernel.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from typing import Final

_NO_NEW_PRIVILEGES, _SET_FILTER = 38, 22  # for prctl
_FILTER_MODE: Final = 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the filter
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # refuse: EPERM
_CALL, _PROCESSOR = 0, 4  # where in the data of a call they stand
_X32: Final = 0x40000000  # from here on the same calls have a second set of numbers
# socket, connect, bind, ptrace, execve, process_vm_readv and -writev, execveat, io_uring_setup;
# kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal;
# truncate; (chmod,) fchmod, fchmodat, fchmodat2; (chown, lchown,) fchown, fchownat;
# (utime, utimes, futimesat,) utimensat; setxattr, lsetxattr, fsetxattr, removexattr,
# lremovexattr, fremovexattr, setxattrat, removexattrat, file_setattr; setrlimit, prlimit64.
# Those in brackets are calls of x86 alone.
_CALLS: Final = {
    "x86_64": (
        0xC000003E,
        (
            *(41, 42, 49, 101, 59, 310, 311, 322, 425, 62, 200, 234, 129, 297, 424),
            *(76, 90, 91, 268, 452, 92, 94, 93, 260, 132, 235, 261, 280),
            *(188, 189, 190, 197, 198, 199, 463, 466, 469, 160, 302),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(198, 203, 200, 117, 221, 270, 271, 281, 425, 129, 130, 131, 138, 240, 424),
            *(45, 52, 53, 452, 55, 54, 88),
            *(5, 6, 7, 14, 15, 16, 463, 466, 469, 164, 261),
        ),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def deny() -> bool:
    """Give up the calls above for good; say whether this platform can do that."""
    known = _CALLS.get(platform.machine())
    if known is None or not sys.platform.startswith("linux"):
        return False
    processor, calls = known
    code = ctypes.create_string_buffer(_program(processor, calls))
    program = _Program(len(code) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_SET_FILTER, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0)


def _program(processor: int, calls: tuple[int, ...]) -> bytes:
    """Write the filter: another processor's calls kill, the listed ones are refused."""
    steps = [
        (_LOAD, 0, 0, _PROCESSOR),
        (_IF_EQUAL, 1, 0, processor),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL),
        (_IF_AT_LEAST, len(calls) + 1, 0, _X32),
    ]
    for position, call in enumerate(calls):
        steps.append((_IF_EQUAL, len(calls) - position, 0, call))
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
