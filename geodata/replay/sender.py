"""Lines to a server's `/api/v1/events`, packed, and sent again where it asks to wait."""

from __future__ import annotations

import gzip
import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geodata.model.errors import NotAllowedError, RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from email.message import Message

PATH: Final = "/api/v1/events"
TIMEOUT_S: Final = 30.0
ATTEMPTS: Final = 60
WAIT_S: Final = 2.0  # where the server does not say how long
LONGEST_WAIT_S: Final = 30.0
AGAIN: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
SAID: Final = 200  # characters of an answer that are repeated


@dataclass
class Sent:
    """What became of the lines so far."""

    accepted: int = 0
    repeated: int = 0
    rejected: int = 0
    first: str = ""  # the first reason for which a line was rejected


@dataclass
class Sender:
    """Sends to one server; `sleep` lets tests not wait."""

    url: str
    token: str = ""
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        """Check the address.

        Raises:
            RequestError: it is none of a web server.
        """
        if urlsplit(self.url).scheme not in {"http", "https"} or not urlsplit(self.url).netloc:
            msg = f"{self.url}: is no address of a server; write it like http://127.0.0.1:8050"
            raise RequestError(msg)

    def send(self, lines: Sequence[bytes], sent: Sent) -> None:
        """Send one batch until it is answered, and add up the answer.

        Raises:
            NotAllowedError: the token may not send.
            RequestError: the server cannot be reached, or refuses the batch.
        """
        body = gzip.compress(b"\n".join(lines), compresslevel=1)
        for _ in range(ATTEMPTS):
            status, answer, wait_s = self._post(body)
            if status not in AGAIN and status:
                break
            self.sleep(wait_s)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            msg = f"{self.url}: the token may not send; make one with --right ingest"
            raise NotAllowedError(msg)
        if status not in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY} or not answer:
            why = answer.get("reason") or answer.get("error") or "no answer"
            msg = f"{self.url}: answers {status or 'nothing'} ({str(why)[:SAID]}); look at its log"
            raise RequestError(msg)
        rejected = answer.get("rejected", ())
        sent.accepted += answer.get("accepted", 0)
        sent.repeated += answer.get("repeated", 0)
        sent.rejected += len(rejected)
        if rejected and not sent.first:
            sent.first = f"{rejected[0]['reason']} ({rejected[0]['detail']})"

    def _post(self, body: bytes) -> tuple[int, dict[str, Any], float]:
        """Status, answer, and how long to wait before another try; 0 = nobody answered."""
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        address = self.url.rstrip("/") + PATH
        request = urllib.request.Request(address, body, headers)  # noqa: S310 (checked above)
        try:
            with _opened(request) as response:
                wait_s = 0.0 if response.status == HTTPStatus.OK else _wait_s(response.headers)
                return response.status or 0, _json(response.read()), wait_s
        # The second is an answer that was cut off: its server has died while it wrote.
        except (OSError, http.client.HTTPException):
            return 0, {}, WAIT_S


def _opened(request: urllib.request.Request) -> http.client.HTTPResponse | urllib.error.HTTPError:
    """The answer, also one that refuses."""
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        return error
    return answer


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _wait_s(headers: Message) -> float:
    said = headers.get("Retry-After", "")
    return min(float(said), LONGEST_WAIT_S) if said.isdecimal() else WAIT_S
