"""Files handed in at `/import`: received by pieces, worked on by the desk, confirmed or not."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from flask import Response, current_app, jsonify, request

from dashboard.i18n import t
from dashboard.server.answers import language
from geodata.desk import Desk, OutdatedError, naming
from geodata.desk.parts import parts
from geodata.model.errors import BusyError, ImportRefusedError
from geodata.store import arrivals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from geodata.desk import Task

KEY: Final = "yiping-desk"
CHOICES: Final = "choices"
BOARD: Final = "board"
PIECE: Final = 4 << 20  # bytes of a file that come with one request


class Counter:
    """Where files are handed in: the folder of arrivals and the desk that works on them."""

    def __init__(self, data_dir: Path) -> None:
        """Take the data directory."""
        self.data_dir = data_dir
        self.desk = Desk(data_dir)

    def home(self, arrival: str) -> Path:
        """Folder of an arrival.

        Raises:
            ImportRefusedError: there is none of that id.
        """
        return arrivals.folder(self.data_dir, arrival)


def counter() -> Counter:
    """The counter of the running application; needs an application context."""
    return cast("Counter", current_app.extensions[KEY])


def install(server: Flask, data_dir: Path) -> None:
    """Answer what the import screen's script asks."""
    server.extensions[KEY] = Counter(data_dir)
    server.add_url_rule("/import/files", "import-files", _patient(receive), methods=["POST"])
    server.add_url_rule("/import/state", "import-state", state)
    server.add_url_rule("/import/choose", "import-choose", _patient(choose), methods=["POST"])
    server.add_url_rule("/import/act", "import-act", _patient(act), methods=["POST"])


def _patient(view: Callable[[], Response]) -> Callable[[], Response]:
    """Answer that the desk is busy as no error: the script waits for its turn and asks again."""

    def answer() -> Response:
        try:
            return view()
        except BusyError:
            return jsonify(busy=True, error=t("imports.waiting_long", language()))

    return answer


def receive() -> Response:
    """Take a piece of a file; the first piece of the first file opens an arrival."""
    here, name = counter(), arrivals.checked(request.args["name"])
    arrival = request.args.get("a") or arrivals.begin(here.data_dir)
    request.max_content_length = PIECE
    at, size = int(request.args["at"]), int(request.args["size"])
    got = here.desk.receive(here.home(arrival), name, at, size, request.get_data(cache=False))
    return jsonify(a=arrival, received=got)


def state() -> Response:
    """How the work on an arrival goes."""
    here = counter()
    response = jsonify(asdict(here.desk.job(here.home(request.args["a"]))))
    response.headers["Cache-Control"] = "no-store"
    return response


def choose() -> Response:
    """Keep what a person decided about a file: `key` (role, encoding, crs, column …) and value.

    The draft is made anew with it; under another encoding the file has to be read anew.
    """
    here = counter()
    home, key = here.home(request.args["a"]), request.args["key"]
    file, value = request.args.get("file", ""), request.args.get("value", "")

    def keep() -> None:
        choices = arrivals.noted(home, CHOICES) or {}
        choices.setdefault(file, {})[key] = value
        arrivals.note(home, CHOICES, choices)

    here.desk.change(home, keep, "look" if key == "encoding" else "guess")
    return jsonify(kept=True)


def act() -> Response:
    """Look at an arrival, try it, stop, take out a file, throw it away, or publish it."""
    here, do = counter(), request.args["do"]
    home = here.home(request.args["a"])
    if do in {"look", "trial"}:
        here.desk.start(home, cast("Task", do))
    elif do == "confirm":
        _need_name(home)
        return jsonify(snapshot=_confirmed(here, home))
    elif do == "remove":
        here.desk.change(home, partial(_remove, home, request.args["file"]), "look")
    else:
        here.desk.stop(home)
        if do == "discard":
            arrivals.discard(home)
    return jsonify(done=do)


def _confirmed(here: Counter, home: Path) -> str:
    try:
        return here.desk.confirm(home)
    except OutdatedError as error:
        raise ImportRefusedError(t("imports.fault_outdated", language())) from error


def _need_name(home: Path) -> None:
    """Refuse to show a city that nobody has named.

    Raises:
        ImportRefusedError: one of its names is a placeholder.
    """
    board = arrivals.noted(home, BOARD)
    if board and naming.unnamed(board, arrivals.noted(home, CHOICES) or {}):
        raise ImportRefusedError(t("imports.unnamed", language()))


def _remove(home: Path, name: str) -> None:
    """Take out a file with all its parts, and what was decided about it or its layers."""
    for part in parts(name, arrivals.files(home)):
        arrivals.remove(home, part)
    choices = arrivals.noted(home, CHOICES) or {}
    kept = {file: said for file, said in choices.items() if file.partition("#")[0] != name}
    arrivals.note(home, CHOICES, kept)
