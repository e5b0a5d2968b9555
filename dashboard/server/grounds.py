"""The thread that has the ground of a newly published city made, so that planning can begin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dashboard.server import keeper
from geodata.model.errors import NoCityError
from geodata.scenarios.grounds import is_ready
from geodata.scenarios.source import NoGroundError, check

if TYPE_CHECKING:
    from dashboard.server.cities import Cities
    from geodata.store.snapshots import City

FIRST_S: Final = 90.0  # after a start, when the first screens have been shown
LOOK_EVERY_S: Final = 30.0
LOCK: Final = ".grounds.lock"
ROOT: Final = Path(__file__).parents[2]  # where `geodata` is found
SAID: Final = 300  # characters of what it says in the end


class Keeper(keeper.Keeper):
    """Looks now and then whether the live city has a ground; a process of its own makes it."""

    name = "grounds"
    hindered = "the ground of the city could not be made; nobody can plan on it yet"
    first_s = FIRST_S

    def __init__(self, data_dir: Path, holder: Cities) -> None:
        """Remember where cities lie; nothing runs yet."""
        super().__init__()
        self._data_dir, self._holder = data_dir, holder
        self._settled = ""  # id of the city that has one, or cannot have one

    def look(self) -> bool:
        """Have it made where it is missing; gives whether it was."""
        try:
            city = self._holder.current().city
        except NoCityError:
            return False
        if city.id == self._settled:
            return False
        made = not is_ready(city) and self._made(city)
        if made or is_ready(city):
            self._settled = city.id
        return made

    def _made(self, city: City) -> bool:
        """Have it made, unless another process does or it cannot be."""
        try:
            check(city)
        except NoGroundError:  # the desk says why
            self._settled = city.id
            return False
        if not self.alone(self._data_dir / LOCK, "making the ground"):
            return False
        make(self._data_dir, city.id)
        return True

    def pause_s(self) -> float:
        """The same after every look: a publication is not urgent here."""
        return LOOK_EVERY_S


def make(data_dir: Path, snapshot: str) -> None:
    """Make the ground of a city in a process of its own, which gives way to everything else.

    Raises:
        RuntimeError: it did not succeed; what it said is in the message.
    """
    command = [sys.executable, "-m", "geodata", "ground", "--data-dir", str(data_dir.absolute())]
    done = subprocess.run(  # noqa: S603 (our own program)
        [*command, "--snapshot", snapshot, "--gently"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()[-SAID:]
        raise RuntimeError(said or str(done.returncode))
