"""The application in a process of its own, asked as a browser asks it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geodata
from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(geodata.__file__).parents[1]
HOST: Final = "127.0.0.1"
START_S: Final = 120.0
ANSWER_S: Final = 60.0
LOOK_EVERY_S: Final = 0.02
PREFIX: Final = "YIPING_"
ACCEPTED: Final = "gzip, deflate, br, zstd"  # as browsers say; nothing is unpacked here
UPDATE: Final = "/_dash-update-component"
KB_A_MB: Final = 1024
OWN: Final = ("RssAnon", "RssShmem")  # what is no page of a file that the system may take back
WATCH_EVERY_S: Final = 0.2
FAILURES: Final = (OSError, http.client.HTTPException)
# What a dead server leaves of a sentence about itself.
SAID: Final = 400


class Server:
    """One application over a data directory; after a kill it starts again at the same address."""

    def __init__(self, data_dir: Path) -> None:
        """Choose an address; nothing runs yet."""
        self._data_dir = data_dir
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: Final[int] = probe.getsockname()[1]
        self.url: Final = f"http://{HOST}:{self.port}"
        self.peak_mb = self.peak_own_mb = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin; whoever asks too early is not answered yet."""
        others = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        own = {"DATA_DIR": str(self._data_dir), "PORT": str(self.port), "FEED": "0", "INBOX": "0"}
        settings = {f"{PREFIX}{key}": value for key, value in own.items()}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env=others | settings,
                stdout=log,
                stderr=log,
            )
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def wait(self) -> None:
        """Wait until it can serve the city.

        Raises:
            RequestError: it ended, or takes too long.
        """
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            if fetched(self.port, "/readyz")[0] == HTTPStatus.OK:
                return
            time.sleep(LOOK_EVERY_S)
        said = self._log.read_text(encoding="utf-8", errors="replace")[-SAID:]
        msg = f"{ROOT / 'app.py'}: does not answer at {self.url}; it said: {said}"
        raise RequestError(msg)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self.peak_mb = max(self.peak_mb, memory_mb(self._process.pid, "VmHWM"))
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Look again and again how much memory it has of its own: the system keeps no peak."""
        while process is self._process and process.poll() is None:
            self.peak_own_mb = max(self.peak_own_mb, memory_mb(process.pid, *OWN))
            time.sleep(WATCH_EVERY_S)

    @property
    def _log(self) -> Path:
        return self._data_dir / "server.log"


@contextmanager
def running(data_dir: Path) -> Iterator[Server]:
    """A server that is ready, and gone afterwards."""
    server = Server(data_dir)
    try:
        server.start()
        server.wait()
        yield server
    finally:
        server.stop()


def memory_mb(process: int, *names: str) -> float:
    """Lines of what the system says of a process's memory, added up; 0 = unknown.

    VmHWM: the most that it ever held, pages of mapped files among it.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    said = (line.split() for line in lines)
    return sum(float(words[1]) for words in said if words[0].rstrip(":") in names) / KB_A_MB


def fetched(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of an address; 0 = no answer."""
    asking = http.client.HTTPConnection(HOST, port, timeout=ANSWER_S)
    try:
        asking.request("GET", path)
        answer = asking.getresponse()
        return answer.status, answer.read()
    except FAILURES:
        return 0, b""
    finally:
        asking.close()


class Visitor:
    """A browser on the overview: the one request that a change of its address makes."""

    def __init__(self, server: Server) -> None:
        """Learn from the application what its page asks for."""
        self._port = server.port
        specs: list[dict[str, Any]] = json.loads(fetched(server.port, "/_dash-dependencies")[1])
        self._spec = next(spec for spec in specs if not spec.get("clientside_function"))
        self._asking: http.client.HTTPConnection | None = None

    def ask(self, query: str) -> int:
        """Ask for the page of an address; gives the bytes of the answer, 0 = there was none."""
        if self._asking is None:
            self._asking = http.client.HTTPConnection(HOST, self._port, timeout=ANSWER_S)
        headers = {"Content-Type": "application/json", "Accept-Encoding": ACCEPTED}
        try:
            self._asking.request("POST", UPDATE, self._body(query), headers)
            answer = self._asking.getresponse()
            size = len(answer.read())
        except FAILURES:
            self.close()
            return 0
        return size if answer.status == HTTPStatus.OK else 0

    def close(self) -> None:
        """Close the connection; it is opened again by the next question."""
        if self._asking is not None:
            self._asking.close()
        self._asking = None

    def _body(self, query: str) -> bytes:
        names = self._spec["output"].strip(".").split("...")
        outputs = [
            dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names
        ]
        inputs = [
            {**each, "value": query if each["property"] == "search" else None}
            for each in self._spec["inputs"]
        ]
        changed = [f"{each['id']}.search" for each in inputs if each["property"] == "search"]
        return json.dumps(
            {
                "output": self._spec["output"],
                "outputs": outputs,
                "inputs": inputs,
                "state": [],
                "changedPropIds": changed,
            }
        ).encode()
