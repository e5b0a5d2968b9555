"""Processes that tests kill, forked from one that has loaded everything, so that many cost little.

A test begins one `Nursery`; it asks it for servers of the whole application and for publications,
each a process of its own that can be killed at any moment or, a publication, at a given step.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
STEPS: Final = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"}
PATIENCE_S: Final = 120.0
NEVER: Final = -1


@dataclass
class Forked:
    """One process; said: what it said once it was ready, or at its end."""

    pid: int
    said: str
    nursery: Nursery

    @property
    def url(self) -> str:
        """Address of a server."""
        return f"http://127.0.0.1:{self.said}"

    def kill(self) -> None:
        """End it as a power cut would."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Wait for its end; 0 = by itself, else minus the signal."""
        return self.nursery.ended(self.pid)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of an address of the server."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE_S) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


class Nursery:
    """The process that forks; prefix: of its command, as a limit or a namespace to live in."""

    def __init__(self, *prefix: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [*prefix, sys.executable, "-m", "tests.forked"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            bufsize=1,
        )
        self._known: dict[int, int | None] = {}
        self._lock = threading.Lock()

    def serve(self, data_dir: Path, **settings: object) -> Forked:
        """A server that is ready."""
        return self._forked({"do": "serve", "data_dir": str(data_dir), **settings})

    def publish(self, data_dir: Path, mark: str, step: int = NEVER, *, wait: bool = True) -> Forked:
        """A publication of the tiny city with marked names, killed at a step.

        Of one that comes to its end `said` is the number of steps it took, or its error.
        """
        asked = {"do": "publish", "data_dir": str(data_dir), "mark": mark, "step": step}
        return self._forked({**asked, "wait": wait})

    def call(self, function: str, *given: str) -> str:
        """What a function of a module (`module:name`) gives for some texts, or its error."""
        called = self._forked({"do": "call", "function": function, "given": given})
        called.wait()
        return called.said

    def pids(self) -> list[int]:
        """Every process that lives here."""
        return [self._process.pid, *(pid for pid, code in self._known.items() if code is None)]

    def ended(self, pid: int) -> int:
        known = self._known.get(pid)
        if known is None:
            known = self._known[pid] = int(self._asked({"do": "wait", "pid": pid})["code"])
        return known

    def close(self) -> None:
        """End it with all that it forked."""
        for pid, code in self._known.items():
            if code is None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        self._process.wait(PATIENCE_S)

    def _forked(self, asked: dict[str, Any]) -> Forked:
        said = self._asked(asked)
        self._known[said["pid"]] = None
        return Forked(said["pid"], said["said"], self)

    def _asked(self, what: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(what) + "\n")
            told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def nursery(*prefix: str) -> Iterator[Nursery]:
    made = Nursery(*prefix)
    try:
        yield made
    finally:
        made.close()


def _main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    from dashboard.factory import create_app  # noqa: F401, PLC0415
    from geodata.kernels import compile_all  # noqa: PLC0415
    from tests.browser import tiny  # noqa: F401, PLC0415

    compile_all(lambda _, __: None)
    tempfile.gettempdir()  # found now, as it is looked for by writing
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "wait":
            _, status = os.waitpid(asked["pid"], 0)
            print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), file=answers)
            continue
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _child(asked, os.fdopen(writing, "w", buffering=1))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = pipe.readline().strip() if asked.get("wait", True) else ""
        print(json.dumps({"pid": pid, "said": said}), file=answers)


def _child(asked: dict[str, Any], told: IO[str]) -> NoReturn:
    try:
        {"publish": _publish, "serve": _serve, "call": _call}[asked.pop("do")](asked, told)
    except BaseException as error:  # noqa: BLE001 - told to whoever asked
        with suppress(OSError):  # who does not wait does not listen
            print(f"{type(error).__name__}: {error}", file=told)
        os._exit(1)
    os._exit(0)


def _serve(asked: dict[str, Any], told: IO[str]) -> None:
    import waitress  # noqa: PLC0415

    from dashboard.factory import create_app  # noqa: PLC0415
    from dashboard.settings import Settings  # noqa: PLC0415
    from geodata.journal import sqlite  # noqa: PLC0415

    sqlite.BUSY_S = asked.pop("busy_s", sqlite.BUSY_S)  # type: ignore[misc]
    server = create_app(Settings(**{"feed": False, "inbox": False, **asked})).server
    waiting = waitress.create_server(server, host="127.0.0.1", port=0)
    print(waiting.effective_port, file=told)
    told.close()
    waiting.run()


def _call(asked: dict[str, Any], told: IO[str]) -> None:
    module, _, name = asked["function"].partition(":")
    print(getattr(import_module(module), name)(*asked["given"]), file=told)


def _publish(asked: dict[str, Any], told: IO[str]) -> None:
    from tests.browser.tiny import publish, tiny  # noqa: PLC0415

    data_dir, taken = asked["data_dir"], [0]

    def step() -> None:
        if taken[0] == asked["step"]:
            os.kill(os.getpid(), signal.SIGKILL)
        taken[0] += 1

    def hook(event: str, values: tuple[object, ...]) -> None:
        if event in STEPS and values and str(values[0]).startswith(data_dir):
            step()

    sys.addaudithook(hook)
    publish(tiny(lambda text: text + asked["mark"]), Path(data_dir), lambda *_: step())
    print(taken[0], file=told)


def later(seconds: float, what: Forked) -> threading.Thread:
    """Kill a process in a while, on a thread of its own."""

    def run() -> None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(what.pid, signal.SIGKILL)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


if __name__ == "__main__":
    _main()
