"""What a file of a plan is called: what it holds, of which plan and place, in which encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from dashboard.i18n import t

if TYPE_CHECKING:
    from flask import Response

    from dashboard.server.planning.tables import Taken

STRANGE: Final = re.compile(r"[^\w.()·-]+")  # what not every disk takes, and spaces
LONGEST: Final = 24  # characters of one part, up to four bytes each
BETWEEN: Final = "_"


def called(  # noqa: PLR0913, PLR0917 (what a name is made of)
    response: Response,
    taken: Taken,
    what: str,
    kind: str,
    encoding: str = "",
    how: str = "attachment",
) -> Response:
    """The same answer with the name of its file; old programs read only the plain one."""
    parts = ("yiping", what, encoding, taken.scope.scenario.id, f"{taken.made:%Y%m%d-%H%M}")
    plain = f"{'-'.join(filter(None, parts))}.{kind}"
    extended = quote(f"{full(taken, what, encoding)}.{kind}", safe="")
    response.headers["Content-Disposition"] = (
        f"{how}; filename=\"{plain}\"; filename*=UTF-8''{extended}"
    )
    return response


def full(taken: Taken, what: str, encoding: str = "") -> str:
    """The name without its ending."""
    scope = taken.scope
    parts = (
        t(f"planfile.file_{what}", taken.spoken), scope.name, scope.unit_name(scope.at),
        encoding.upper(), f"{taken.made:%Y%m%d-%H%M}",
    )  # fmt: skip
    return BETWEEN.join(filter(None, map(safe, parts)))


def safe(text: str) -> str:
    """A part of a name with nothing in it that a disk or a shell takes for its own."""
    return STRANGE.sub("-", text).strip("-. ")[:LONGEST]
