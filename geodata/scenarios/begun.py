"""How a scenario begins: its first line, and the texts that people give it."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, Final

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.state import Scenario

NAME: Final = 80  # characters
SAID: Final = 2_000


def begun(  # noqa: PLR0913 (what a scenario begins with)
    there: Grounded, name: str, scope: str, actor: str, rules: str, *, carried: str = ""
) -> dict[str, Any]:
    """The first line of a scenario on a ground; carried: id of the one that it continues.

    Raises:
        RequestError: it has no name.
    """
    return {
        "kind": "made", "id": secrets.token_hex(5), "name": checked(name, NAME), "scope": scope,
        "rules": rules, "base": there.snapshot, "parent": "", "author": actor,
        "at": int(time.time()), "grids": len(there.today.living),
        "scope_name": list(there.names.get(scope, ("", ""))), "carried": carried,
    }  # fmt: skip


def remark(of: Scenario, grid: str, text: str, actor: str) -> dict[str, Any]:
    """The line of something said of a grid as it is now; grid: its code, "" = of the whole plan."""
    said = checked(text, SAID)
    return {"kind": "comment", "grid": grid, "head": of.head, "text": said, "author": actor}


def remainder(of: Scenario, came_from: str, left: Sequence[str], actor: str) -> dict[str, Any]:
    """The line that names the grids whose changes did not go over from another scenario."""
    return remark(of, "", came_from, actor) | {"left": list(left)}


def checked(text: str, most: int) -> str:
    """A text without the space around it.

    Raises:
        RequestError: nothing is left, or it is longer than `most` characters.
    """
    if not text.strip() or len(text) > most:
        msg = f"a text of 1 to {most} characters is needed, not {len(text.strip())}"
        raise RequestError(msg)
    return text.strip()
