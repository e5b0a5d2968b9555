"""One process has the readers loaded; a child forked from it reads each file, as caged as ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import geodata
from geodata.formats import FileRefusedError, Limits, safely, warm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux can fork and watch in this way"
)
ROOT = Path(geodata.__file__).parents[1]
# A parent whose children do `probe` in the place of reading, within the cage.
SERVING = """
import ctypes, os, signal, socket, sys, threading, time
from pathlib import Path
from geodata.formats import parent, reading
from geodata.formats.sheet import FileRefusedError

def probe(path, scratch, **asked):
    libc = ctypes.CDLL(None, use_errno=True)
{probe}

reading.read_raw = probe
{before}
with socket.socket(fileno=int(sys.argv[1])) as line:
    parent.main(line, int(sys.argv[2]))
"""
CAGED = """
tried = {
    "socket": lambda: socket.create_connection(("127.0.0.1", 9)),
    "raw socket": lambda: 1 / (libc.socket(2, 1, 0) + 1),
    "program": lambda: os.system("true"),
    "raw program": lambda: 1 / (libc.execve(b"/bin/true", None, None) + 1),
    "other file": lambda: (path.parent / "other.csv").read_text(),
    "password file": lambda: Path("/etc/passwd").read_text(),
    "the parent's memory": lambda: open(f"/proc/{os.getppid()}/mem", "rb"),
    "writing": lambda: path.write_text("changed"),
    "signal": lambda: os.kill(os.getppid(), 0),
    "raw signal": lambda: 1 / (libc.tgkill(os.getpid(), os.getpid(), 0) + 1),
    "memory": lambda: bytearray(1 << 30),
}
def held(try_it):
    try:
        try_it()
    except (OSError, ZeroDivisionError, MemoryError):
        return True
    return False
assert path.read_text() == "mine" and Path.cwd() == scratch.parent
walls = [name for name, try_it in tried.items() if held(try_it)]
def target(handle):
    try:
        return Path(os.readlink(f"/proc/self/fd/{handle}")).name
    except FileNotFoundError:  # of the listing itself
        return "proj.db"
had = " ".join(target(handle) for handle in os.listdir("/proc/self/fd") if int(handle) > 2)
raise FileRefusedError(reason="probed", detail=had, cure="", choices=tuple(walls))
"""


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., warm.Nursery]]:
    """A parent for one test: that of the readers, or one whose children do something else."""
    made: list[warm.Nursery] = []

    def using(probe: str = "", before: str = "") -> warm.Nursery:
        script = SERVING.format(probe=textwrap.indent(probe.strip(), "    "), before=before)
        made.append(warm.Nursery((sys.executable, "-c", script)) if probe else warm.Nursery())
        monkeypatch.setattr(warm, "NURSERY", made[-1])
        return made[-1]

    yield using
    for nursery in made:
        nursery.end()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "other.csv").write_text("other")
    path = tmp_path / "mine.csv"
    path.write_text("mine")
    return path


def number(nursery: warm.Nursery) -> int:
    assert nursery.parent is not None
    assert nursery.parent.serves
    return nursery.parent.process.pid


def reads(path: Path) -> bool:
    return list(safely.read(path).frame) == ["mine"]


def refusal(path: Path, limits: Limits) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        safely.read(path, limits=limits)
    return refused.value


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def wait_until_gone(*pids: int) -> None:
    until = time.monotonic() + 30
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < until, "still there"
        time.sleep(0.02)


def test_one_parent_serves_file_after_file(path: Path, use: Callable[..., warm.Nursery]) -> None:
    nursery = use()
    assert reads(path)
    first = number(nursery)
    assert reads(path)
    assert number(nursery) == first


def test_it_starts_with_the_first_file(use: Callable[..., warm.Nursery]) -> None:
    assert use().parent is None


def test_the_cage_of_a_forked_child_holds(path: Path, use: Callable[..., warm.Nursery]) -> None:
    use(CAGED)
    found = refusal(path, Limits(memory=1 << 30))
    assert found.reason == "probed"
    assert found.choices == (
        "socket", "raw socket", "program", "raw program", "other file", "password file",
        "the parent's memory", "writing", "signal", "raw signal", "memory",
    )  # fmt: skip
    # Of the parent it holds what a library keeps open for itself, and no line to anyone.
    assert set(found.detail.split()) == {"proj.db"}


def test_a_child_that_breaks_harms_no_other(path: Path, use: Callable[..., warm.Nursery]) -> None:
    nursery = use("if path.stat().st_size == 4: ctypes.string_at(0)\nraise RuntimeError('whole')")
    first = refusal(path, Limits())
    assert (first.reason, "code -11" in first.detail) == ("breaks_reader", True)
    path.write_text("longer")
    assert "RuntimeError: whole" in refusal(path, Limits()).detail
    assert nursery.fit


def test_after_a_broken_child_the_parent_is_another(
    path: Path, use: Callable[..., warm.Nursery]
) -> None:
    fine = "raise FileRefusedError(reason='x', detail='', cure='')"
    nursery = use(f"if path.stat().st_size == 4: os._exit(3)\n{fine}")
    path.write_text("longer")
    refusal(path, Limits())
    first = number(nursery)
    path.write_text("mine")
    refusal(path, Limits())
    wait_until_gone(first)
    path.write_text("longer")
    assert refusal(path, Limits()).reason == "x"
    assert number(nursery) != first


ENV = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
SLEEPS = "(scratch.parent / 'pid').write_text(str(os.getpid()))\ntime.sleep(600)"


def test_a_child_that_is_late_is_dead(
    path: Path, tmp_path: Path, use: Callable[..., warm.Nursery]
) -> None:
    nursery = use(SLEEPS)
    job = {"path": str(path), "folder": str(tmp_path), "encoding": "", "layer": ""}
    with tempfile.TemporaryFile() as said, pytest.raises(TimeoutError):
        nursery.run({**job, "limits": asdict(Limits())}, said, 2.0, ENV)
    assert not alive(int((tmp_path / "pid").read_text()))


def test_a_parent_that_was_killed_is_replaced(path: Path, use: Callable[..., warm.Nursery]) -> None:
    nursery = use()
    assert reads(path)
    first = number(nursery)
    os.kill(first, signal.SIGKILL)
    wait_until_gone(first)
    assert reads(path)
    assert reads(path)
    assert number(nursery) != first


def test_what_has_threads_is_not_forked(path: Path, use: Callable[..., warm.Nursery]) -> None:
    idle = "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
    nursery = use("raise RuntimeError('forked')", idle)
    assert reads(path)
    assert (nursery.fit, nursery.parent) == (False, None)


def test_a_file_that_comes_meanwhile_is_read_anew(
    path: Path, use: Callable[..., warm.Nursery]
) -> None:
    nursery = use("raise RuntimeError('forked')")
    with nursery.taken():
        assert reads(path)
    assert "forked" in refusal(path, Limits()).detail


OWNER = """
import os, signal, sys, threading, time
from pathlib import Path
from geodata.formats import safely, warm
path = Path(sys.argv[1])
if sys.argv[2] == "reading":
    warm.NURSERY = warm.Nursery((sys.executable, "-c", sys.argv[3]))
    threading.Thread(target=safely.read, args=(path,), daemon=True).start()
else:
    safely.read(path)
while not (warm.NURSERY.parent and warm.NURSERY.parent.serves):
    time.sleep(0.02)
pid = warm.NURSERY.parent.process.pid
children = Path(f"/proc/{pid}/task/{pid}/children")
while sys.argv[2] == "reading" and not children.read_text():
    time.sleep(0.02)
if sys.argv[2] == "forked":
    if not os.fork():
        sheet = safely.read(path)
        os._exit(0 if not warm.NURSERY.fit and list(sheet.frame) == ["mine"] else 1)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
print(pid, children.read_text(), flush=True)
if sys.argv[2] != "ends" and sys.argv[2] != "forked":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("how", ["ends", "killed", "reading", "forked"])
def test_parent_and_child_end_with_their_owner(path: Path, how: str) -> None:
    script = SERVING.format(probe="    time.sleep(600)", before="")
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", OWNER, path, how, script],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == (0 if how in {"ends", "forked"} else -signal.SIGKILL)
    pids = [int(pid) for pid in run.stdout.split()]
    assert len(pids) == (2 if how == "reading" else 1)
    wait_until_gone(*pids)
