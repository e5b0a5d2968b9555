"""How far a command is, as a bar on the terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.model import draft as drafts

complaints = Console(stderr=True)


@contextmanager
def shown() -> Iterator[drafts.Progress]:
    """Show a bar as long as something goes on; none where nobody looks."""
    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    quiet = not complaints.is_terminal
    with Progress(*columns, console=complaints, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=1.0)

        def tell(step: str, share: float) -> None:
            bar.update(task, description=step, completed=share)

        yield tell
