"""What the desk has beside its strokes: files, imports, proposals, moves, plans as law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.server.planning.files import Files
from dashboard.server.planning.imports import Imports
from dashboard.server.planning.law import Law
from dashboard.server.planning.moves import Moves
from dashboard.server.planning.proposals import Proposals
from geodata.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from dashboard.server.planning.desks import Desks
    from dashboard.server.press import Press


def install(server: Flask, desks: Desks, press: Press, data_dir: Path) -> None:
    """Answer every address of it."""
    Files(desks, press).install(server)
    Imports(desks).install(server)
    Proposals(desks).install(server)
    Moves(desks, data_dir).install(server)
    Law(desks, data_dir, Desk(data_dir)).install(server)
