"""Keep one browser on the wall: started, shown, and brought back whatever happens to it.

It needs Python 3.11 and a Chromium, nothing else, and talks to the browser through a pipe of its
own: no port is opened. What happens is printed, one JSON object a line. See docs/wall.md.

    python3 kiosk.py http://server:8050/wall
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--kiosk",
    "--no-first-run",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--password-store=basic",
    "--force-device-scale-factor=1",
)
ALIVE: Final = "window.yiping && yiping.wall && yiping.wall.alive ? yiping.wall.alive() : null"
LOOK_S: Final = 1.0  # between two looks at the page
HUNG_S: Final = 10.0  # without an answer of the page the browser is started anew
BLANK_S: Final = 12.0  # with a page that shows no city it is asked for again
AGAIN_S: Final = (1.0, 2.0, 5.0, 10.0)  # between two starts of a browser that does not stay


def tell(event: str, **more: object) -> None:
    """Say what happened."""
    print(json.dumps({"at": round(time.time(), 3), "event": event, **more}), flush=True)  # noqa: T201


def notify(word: str) -> None:
    """Tell systemd, where it started us."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
            here.sendto(word.encode(), address.replace("@", "\0", 1))


class GoneError(Exception):
    """The browser has ended, or does not answer."""


class Browser:
    """One browser, spoken to through its pipe."""

    def __init__(self, command: list[str]) -> None:
        """Start it; it reads what we say from its descriptor 3 and answers on 4."""
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        line = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(  # noqa: S603 - the command of whoever set up this machine
            ["/bin/sh", "-c", line, *command],
            pass_fds=(theirs_in, theirs_out),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._heard: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._events: list[dict[str, Any]] = []
        self._last = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        rest = b""
        while chunk := os.read(self._in, 1 << 16):
            *whole, rest = (rest + chunk).split(b"\0")
            for message in whole:
                self._heard.put(json.loads(message))
        os.close(self._in)
        self._heard.put(None)

    def say(self, method: str, session: str = "", **params: object) -> None:
        """Call a method of the DevTools protocol; nobody waits for its answer.

        Raises:
            GoneError: the browser has ended.
        """
        self._last += 1
        told: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if session:
            told["sessionId"] = session
        try:
            os.write(self._out, json.dumps(told).encode() + b"\0")
        except OSError as error:
            raise GoneError from error

    def ask(self, method: str, session: str = "", **params: object) -> dict[str, Any]:
        """Call a method and wait for its answer.

        Raises:
            GoneError: there is none within ten seconds.
        """
        self.say(method, session, **params)
        for message in self._messages(HUNG_S):
            if message.get("id") == self._last:
                return dict(message.get("result") or {})
        raise GoneError

    def _messages(self, seconds: float) -> Iterator[dict[str, Any]]:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                message = self._heard.get(timeout=left)
            except queue.Empty:
                return
            if message is None:
                raise GoneError
            if "method" in message:
                self._events.append(message)
            yield message

    def events(self) -> list[str]:
        """Names of what has happened since the last call."""
        while not self._heard.empty():
            message = self._heard.get()
            if message is None:
                raise GoneError
            if "method" in message:
                self._events.append(message)
        found = [str(event["method"]) for event in self._events]
        self._events.clear()
        return found

    def end(self) -> None:
        """End it with all its processes."""
        for word in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, word)
                self.process.wait(3)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.process.wait()
        os.close(self._out)


class Page:
    """The one page of a browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        """Take the first page, and go to the wall."""
        self._browser, self._url = browser, url
        self._shown = False
        self._asked = time.monotonic()
        browser.ask("Target.setDiscoverTargets", discover=True)
        self._session = self._attach()
        self._open()

    def _attach(self) -> str:
        until = time.monotonic() + HUNG_S
        while time.monotonic() < until:
            targets = self._browser.ask("Target.getTargets").get("targetInfos", [])
            pages = [each["targetId"] for each in targets if each["type"] == "page"]
            if pages:
                told = self._browser.ask("Target.attachToTarget", targetId=pages[0], flatten=True)
                return str(told["sessionId"])
            time.sleep(0.1)
        raise GoneError

    def _open(self) -> None:
        """Ask for the wall; a page that died gets a new process that way."""
        self._asked, self._shown = time.monotonic(), False
        self._browser.say("Page.navigate", self._session, url=self._url)

    def look(self) -> None:
        """See whether the city is on the screen, and do what is needed.

        Raises:
            GoneError: the page does not answer.
        """
        if any(name.endswith("argetCrashed") for name in self._browser.events()):
            tell("crashed")
            self._open()
            return
        shown = self._state().get("shown", False)
        if shown and not self._shown:
            tell("shown", after_s=round(time.monotonic() - self._asked, 2))
        if shown:
            self._shown, self._asked = True, time.monotonic()
        elif time.monotonic() - self._asked > BLANK_S:
            tell("blank")
            self._open()

    def _state(self) -> dict[str, Any]:
        told = self._browser.ask(
            "Runtime.evaluate", self._session, expression=ALIVE, returnByValue=True
        )
        return dict(told.get("result", {}).get("value") or {})


def command_of() -> list[str]:
    """How the browser is started: by the environment, see docs/wall.md."""
    own = os.environ.get("YIPING_WALL_BROWSER")
    browser = own or next(filter(None, map(shutil.which, NAMES)), "")
    if not browser:
        sys.exit("no Chromium is installed; name one with YIPING_WALL_BROWSER")
    profile = os.environ.get("YIPING_WALL_PROFILE", str(Path.home() / ".yiping-wall"))
    more = os.environ.get("YIPING_WALL_FLAGS", "").split()
    return [browser, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe", *more,
            "about:blank"]  # fmt: skip


def watch(browser: Browser, url: str) -> None:
    """Look after one browser until it is of no use any more."""
    try:
        page = Page(browser, url)
        while browser.process.poll() is None:
            page.look()
            notify("WATCHDOG=1")
            time.sleep(LOOK_S)
        tell("ended", code=browser.process.returncode)
    except GoneError:
        tell("hung" if browser.process.poll() is None else "ended")


def main(url: str) -> None:
    """Have a browser on the wall until we are told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    command = command_of()
    notify("READY=1")
    tries = 0
    while True:
        began = time.monotonic()
        browser = Browser(command)
        tell("started", pid=browser.process.pid)
        try:
            watch(browser, url)
        finally:
            browser.end()
        tries = 0 if time.monotonic() - began > BLANK_S * 5 else tries + 1
        time.sleep(AGAIN_S[min(tries, len(AGAIN_S) - 1)])


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("YIPING_WALL_URL", "")
    if not asked:
        sys.exit("which wall? kiosk.py http://server:8050/wall, or YIPING_WALL_URL")
    main(asked)
